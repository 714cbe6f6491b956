#include "sample.h"
#include "scenarios/report/jsonreport.h"

#include <google/protobuf/util/message_differencer.h>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace hiatus::report;
namespace v1 = hiatus::v1;

namespace {

v1::Report sampleReport()
{
    v1::Report report;
    report.set_target("mosquitto");
    report.set_seed(7);
    report.set_started(1.7e12);
    *report.add_result() = sample::owedPubrel();
    *report.add_result() = sample::result("resume/plain[v3]", v1::PASS);
    auto *packet = report.mutable_result(0)->mutable_trace()->mutable_event(2)->mutable_packet();
    packet->mutable_publish()->set_packet_id(12);
    packet->mutable_publish()->set_payload(std::string("\x00\xff", 2));
    return report;
}

QJsonObject parsed(const std::string &json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

} // namespace

class JsonTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fieldsAreNamedAsInTheSchema();
    void everyPacketSaysItselfInOneLine();
    void whatWasWrittenIsReadBack();
    void textThatIsNotUtf8StillMakesValidJson();
    void numbersThatJsonCannotSayAreLeftOut();
    void aFileThatIsNoReportIsRefused_data();
    void aFileThatIsNoReportIsRefused();
    void aMissingFileIsNamed();
    void aFolderThatCannotBeWrittenIsNamed();
};

void JsonTest::fieldsAreNamedAsInTheSchema()
{
    const QJsonObject json = parsed(toJson(sampleReport()));
    const QJsonObject result = json[QStringLiteral("result")].toArray()[0].toObject();
    QCOMPARE(result[QStringLiteral("scenario")].toString(), QStringLiteral("resume/owed_pubrel"));
    QCOMPARE(result[QStringLiteral("variant")].toString(), QStringLiteral("resume/owed_pubrel[v5,rst]"));
    QCOMPARE(result[QStringLiteral("verdict")].toString(), QStringLiteral("FAIL"));
    QCOMPARE(result[QStringLiteral("duration")].toDouble(), 5012.5);
    const QJsonObject finding = result[QStringLiteral("finding")].toArray()[0].toObject();
    QCOMPARE(finding[QStringLiteral("reason")].toString(), QStringLiteral("MISSING"));
    QCOMPARE(finding[QStringLiteral("statement")].toString(), QStringLiteral("MQTT-4.4.0-1#b"));
    QCOMPARE(finding[QStringLiteral("version")].toString(), QStringLiteral("V5"));
    const QJsonObject event =
        result[QStringLiteral("trace")].toObject()[QStringLiteral("event")].toArray()[2].toObject();
    QVERIFY(!event[QStringLiteral("text")].toString().isEmpty());
    const QJsonObject publish = event[QStringLiteral("packet")].toObject()[QStringLiteral("publish")].toObject();
    QCOMPARE(publish[QStringLiteral("packet_id")].toInt(), 12); // not packetId
}

void JsonTest::everyPacketSaysItselfInOneLine()
{
    v1::Report report;
    *report.add_result() = sample::result("a/b[v5,rst]", v1::PASS);
    auto *connack = report.mutable_result(0)->mutable_trace()->add_event()->mutable_packet()->mutable_connack();
    connack->set_session_present(true);
    connack->set_code(0x85);
    const auto read = fromJson(toJson(report), "r");
    QVERIFY(read.has_value());
    const QString text = QString::fromStdString(read->result(0).trace().event(0).text());
    QVERIFY2(text.startsWith(QStringLiteral("CONNACK session_present=1 code=0x85 ")), qPrintable(text));
}

void JsonTest::whatWasWrittenIsReadBack()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("report.json")).toStdString();
    const v1::Report report = sampleReport();
    QVERIFY(writeReport(report, path));
    QVERIFY(writeReport(report, path)); // a second time, over the first
    const auto read = readReport(path);
    QVERIFY2(read.has_value(), read ? "" : read.error().c_str());
    QVERIFY(google::protobuf::util::MessageDifferencer::Equals(*read, report));
}

void JsonTest::textThatIsNotUtf8StillMakesValidJson()
{
    v1::Report report;
    v1::Result &result = *report.add_result();
    result = sample::result("a/b[v3]", v1::FAIL);
    result.add_finding()->set_text("topic \xff\xfe \"quoted\" \x01 line\nfeed");
    result.mutable_trace()->add_event()->mutable_packet()->mutable_publish()->set_topic("\xc0\x80");
    const std::string json = toJson(report);
    QJsonParseError error;
    QJsonDocument::fromJson(QByteArray::fromStdString(json), &error);
    QCOMPARE(error.error, QJsonParseError::NoError);
    const auto read = fromJson(json, "r");
    QVERIFY(read.has_value());
    const QString text = QString::fromStdString(read->result(0).finding(0).text());
    QVERIFY(text.contains(QStringLiteral("\"quoted\"")) && text.endsWith(QStringLiteral("line\nfeed")));
}

void JsonTest::numbersThatJsonCannotSayAreLeftOut()
{
    v1::Report report;
    report.set_started(std::numeric_limits<double>::quiet_NaN());
    report.set_duration(std::numeric_limits<double>::infinity());
    report.add_result()->set_duration(1.5);
    const QJsonObject json = parsed(toJson(report));
    QVERIFY(!json.contains(QStringLiteral("started")) && !json.contains(QStringLiteral("duration")));
    QCOMPARE(json[QStringLiteral("result")].toArray()[0].toObject()[QStringLiteral("duration")].toDouble(), 1.5);
}

void JsonTest::aFileThatIsNoReportIsRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("not JSON") << QByteArray("FAIL everything");
    QTest::newRow("cut off") << QByteArray("{\"result\": [{\"variant\": \"a/b\"");
    QTest::newRow("somebody else's JSON") << QByteArray("{\"suites\": []}");
    QTest::newRow("unknown verdict") << QByteArray("{\"result\": [{\"verdict\": \"MAYBE\"}]}");
    QTest::newRow("a list") << QByteArray("[1, 2]");
}

void JsonTest::aFileThatIsNoReportIsRefused()
{
    QFETCH(QByteArray, content);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("bad.json"));
    QVERIFY(writeFile(path, content));
    const auto read = readReport(path.toStdString());
    QVERIFY(!read);
    QVERIFY2(QString::fromStdString(read.error()).startsWith(path + QStringLiteral(": error: not a report")),
             read.error().c_str());
}

void JsonTest::aMissingFileIsNamed()
{
    const auto read = readReport("/nowhere/report.json");
    QVERIFY(!read);
    QCOMPARE(read.error(), std::string("/nowhere/report.json: error: cannot be opened"));
}

void JsonTest::aFolderThatCannotBeWrittenIsNamed()
{
    const auto written = writeReport({}, "/nowhere/report.json");
    QVERIFY(!written);
    QVERIFY(QString::fromStdString(written.error()).startsWith(QStringLiteral("/nowhere/report.json: error: ")));
}

QTEST_APPLESS_MAIN(JsonTest)
#include "tst_json.moc"
