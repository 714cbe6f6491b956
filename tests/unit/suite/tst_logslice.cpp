// The part of a target's log that belongs to a variant.

#include "scenarios/suite/logslice.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using hiatus::suite::LogSlice;

class TestLogSlice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { std::ofstream file(path()); }
    void whatCameSinceTheMark();
    void ofMuchTheLastPart();
    void rotatedLogIsReadFromItsBeginning();
    void secretIsHidden();
    void noLogIsNothing();

private:
    std::string path() const { return m_folder.filePath(QStringLiteral("log")).toStdString(); }
    void append(const std::string &text) const { std::ofstream(path(), std::ios::app) << text; }

    QTemporaryDir m_folder;
};

void TestLogSlice::whatCameSinceTheMark()
{
    const LogSlice log(path(), {});
    append("before\n");
    const auto mark = log.mark();
    QCOMPARE(log.since(mark), std::string());
    append("meanwhile\n");
    QCOMPARE(log.since(mark), std::string("meanwhile\n"));
}

void TestLogSlice::ofMuchTheLastPart()
{
    const LogSlice log(path(), {});
    for (int i = 0; i < 5'000; ++i)
        append("line " + std::to_string(i) + "\n");
    const std::string slice = log.since(0);
    QVERIFY(slice.size() <= 16 * 1024 && slice.size() > 15 * 1024);
    QVERIFY(slice.starts_with("line ") && slice.ends_with("line 4999\n"));
}

void TestLogSlice::rotatedLogIsReadFromItsBeginning()
{
    const LogSlice log(path(), {});
    append("a long log before it is rotated away\n");
    const auto mark = log.mark();
    std::ofstream(path(), std::ios::trunc) << "anew\n";
    QCOMPARE(log.since(mark), std::string("anew\n"));
}

void TestLogSlice::secretIsHidden()
{
    const LogSlice log(path(), "hush");
    append("user me hush, and hush again\n");
    QCOMPARE(log.since(0), std::string("user me ***, and *** again\n"));
}

void TestLogSlice::noLogIsNothing()
{
    QCOMPARE(LogSlice({}, {}).since(LogSlice({}, {}).mark()), std::string());
    const LogSlice absent("/no/such/log", {});
    QCOMPARE(absent.since(absent.mark()), std::string());
}

QTEST_GUILESS_MAIN(TestLogSlice)
#include "tst_logslice.moc"
