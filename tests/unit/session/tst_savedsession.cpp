#include "proto/session/base64url.h"
#include "proto/session/savedsession.h"

#include <QTest>

using namespace hiatus;

class TestSavedSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void survivesAnyStoreOfText();
    void givesBackWhatWasSaved();
    void refusesEachOfItsCuts();
    void refusesEachAlteredCharacter();
    void refusesOtherClients();
    void refusesAfterItsExpiryAndNotBefore();
    void neverExpiresIfToldSo();
    void refusesContradictions();
    void refusesFutureFormats();
    void refusesWhatIsNoSession_data();
    void refusesWhatIsNoSession();
    void checksumIsThatOfZip();
    void base64UrlRefusesWhatItNeverWrites();
};

namespace {

constexpr Time Saved{Milliseconds(1'700'000'000'000)};

v1::ClientSession session()
{
    v1::ClientSession value;
    value.set_client_id("keeper");
    value.set_version(v1::V5);
    value.set_session_expiry_interval(60);
    value.set_disconnected_at(Saved.time_since_epoch().count());
    v1::Inflight &entry = *value.add_inflight();
    entry.set_packet_id(7);
    entry.set_stage(v1::AWAIT_PUBREC);
    entry.mutable_message()->mutable_publish()->set_topic("t\xc3\xbcr");
    entry.mutable_message()->mutable_publish()->set_payload(std::string("\0\xff\x80", 3));
    entry.mutable_message()->mutable_publish()->set_qos(2);
    value.add_received()->set_packet_id(9);
    return value;
}

} // namespace

void TestSavedSession::survivesAnyStoreOfText()
{
    const std::string saved = saveSession(session());
    QCOMPARE(saved.substr(0, 8), std::string("hiatus1:"));
    QVERIFY(saved.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:") == std::string::npos);
    QCOMPARE(QString::fromStdString(saved).toLatin1().toStdString(), saved);
}

void TestSavedSession::givesBackWhatWasSaved()
{
    const auto read = restoreSession(saveSession(session()), "keeper", Saved);
    QVERIFY(read.has_value());
    QCOMPARE(read->SerializeAsString(), session().SerializeAsString());
    QVERIFY(restoreSession(saveSession(session()), "", Saved).has_value());
}

void TestSavedSession::refusesEachOfItsCuts()
{
    const std::string saved = saveSession(session());
    for (std::size_t length = 0; length < saved.size(); ++length) {
        const auto read = readSession(std::string_view(saved).substr(0, length));
        QVERIFY(!read);
        QCOMPARE(read.error().error, length < 8 ? SaveError::NotASession : SaveError::Damaged);
    }
}

void TestSavedSession::refusesEachAlteredCharacter()
{
    const std::string saved = saveSession(session());
    for (std::size_t i = 8; i < saved.size(); ++i) {
        std::string altered = saved;
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        const auto read = readSession(altered);
        QVERIFY2(!read, altered.c_str());
        QVERIFY(!read.error().text.empty());
    }
}

void TestSavedSession::refusesOtherClients()
{
    const auto read = restoreSession(saveSession(session()), "somebody", Saved);
    QVERIFY(!read);
    QCOMPARE(read.error().error, SaveError::OtherClient);
}

void TestSavedSession::refusesAfterItsExpiryAndNotBefore()
{
    const std::string saved = saveSession(session());
    QVERIFY(restoreSession(saved, "keeper", Saved + Milliseconds(59'999)).has_value());
    const auto late = restoreSession(saved, "keeper", Saved + Milliseconds(60'000));
    QVERIFY(!late);
    QCOMPARE(late.error().error, SaveError::Expired);
    v1::ClientSession ended = session();
    ended.set_session_expiry_interval(0);
    QCOMPARE(restoreSession(saveSession(ended), "keeper", Saved).error().error, SaveError::Expired);
}

void TestSavedSession::neverExpiresIfToldSo()
{
    v1::ClientSession value = session();
    value.set_session_expiry_interval(NeverExpires);
    QVERIFY(restoreSession(saveSession(value), "keeper", Saved + std::chrono::hours(1'000'000)).has_value());
    value.set_session_expiry_interval(60);
    value.clear_disconnected_at(); // saved while connected: the interval has not begun
    QVERIFY(restoreSession(saveSession(value), "keeper", Saved + std::chrono::hours(1'000'000)).has_value());
}

void TestSavedSession::refusesContradictions()
{
    v1::ClientSession value = session();
    *value.add_inflight() = value.inflight(0);
    QCOMPARE(readSession(saveSession(value)).error().error, SaveError::Contradictory);
}

void TestSavedSession::refusesFutureFormats()
{
    QCOMPARE(readSession("hiatus2:AAAA").error().error, SaveError::FutureFormat);
    v1::SavedSession wrapping;
    wrapping.set_format(2);
    wrapping.set_state("whatever a later version keeps");
    QCOMPARE(readSession("hiatus1:" + toBase64Url(wrapping.SerializeAsString())).error().error, SaveError::FutureFormat);
}

void TestSavedSession::refusesWhatIsNoSession_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("error");
    QTest::newRow("empty") << QString() << static_cast<int>(SaveError::NotASession);
    QTest::newRow("any text") << QStringLiteral("hello") << static_cast<int>(SaveError::NotASession);
    QTest::newRow("prefix without a number") << QStringLiteral("hiatus:AAAA") << static_cast<int>(SaveError::NotASession);
    QTest::newRow("nothing behind the prefix") << QStringLiteral("hiatus1:") << static_cast<int>(SaveError::Damaged);
    QTest::newRow("characters of no base64url") << QStringLiteral("hiatus1:AA+/") << static_cast<int>(SaveError::Damaged);
}

void TestSavedSession::refusesWhatIsNoSession()
{
    QFETCH(QString, text);
    QFETCH(int, error);
    const auto read = readSession(text.toStdString());
    QVERIFY(!read);
    QCOMPARE(static_cast<int>(read.error().error), error);
}

void TestSavedSession::checksumIsThatOfZip()
{
    QCOMPARE(crc32("123456789"), 0xCBF43926u);
    QCOMPARE(crc32(""), 0u);
}

void TestSavedSession::base64UrlRefusesWhatItNeverWrites()
{
    for (int length = 0; length < 70; ++length) {
        std::string bytes;
        for (int i = 0; i < length; ++i)
            bytes += static_cast<char>(i * 37 + length);
        QCOMPARE(fromBase64Url(toBase64Url(bytes)), std::optional<std::string>(bytes));
    }
    QVERIFY(!fromBase64Url("A"));    // six bits are no byte
    QVERIFY(!fromBase64Url("AB"));   // bits left over
    QVERIFY(!fromBase64Url("AA=="));
}

QTEST_APPLESS_MAIN(TestSavedSession)
#include "tst_savedsession.moc"
