// The client's store on disk.

#include "client/store/sessionstore.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace hiatus;
using namespace hiatus::client;

class TestSessionStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesBackWhatWasWritten();
    void keepsOrderOverEveryKindOfChange();
    void losesNothingToKill9();
    void refusesDamagedFilesAndLeavesThem();
    void refusesNewerFormats();
    void forgetsWhenCleared();

private:
    QTemporaryDir m_dir;
    QString path(const char *name) const { return m_dir.filePath(QString::fromLatin1(name)); }
};

namespace {

v1::StoredMessage message(const std::string &payload, std::uint32_t qos)
{
    v1::StoredMessage stored;
    stored.mutable_publish()->set_topic("door");
    stored.mutable_publish()->set_payload(payload);
    stored.mutable_publish()->set_qos(qos);
    return stored;
}

void addInflight(v1::ClientSession &session, std::uint32_t id)
{
    v1::Inflight &entry = *session.add_inflight();
    entry.set_packet_id(id);
    entry.set_stage(v1::AWAIT_PUBACK);
    *entry.mutable_message() = message(std::to_string(id), 1);
}

v1::ClientSession sessionOf(std::initializer_list<std::uint32_t> inflight, std::initializer_list<const char *> pending = {})
{
    v1::ClientSession session;
    session.set_client_id("keeper");
    session.set_version(v1::V5);
    session.set_session_expiry_interval(300);
    for (const std::uint32_t id : inflight)
        addInflight(session, id);
    for (const char *payload : pending)
        *session.add_pending() = message(payload, 2);
    return session;
}

QString difference(const QString &path, const v1::ClientSession &expected)
{
    const auto store = SessionStore::open(path);
    if (!store)
        return store.error();
    if (!(*store)->found())
        return QStringLiteral("nothing there");
    return QString::fromStdString((*store)->found()->ShortDebugString() == expected.ShortDebugString()
                                      ? std::string()
                                      : (*store)->found()->ShortDebugString());
}

} // namespace

void TestSessionStore::givesBackWhatWasWritten()
{
    v1::ClientSession session = sessionOf({3, 1, 2}, {"a", "b"});
    session.add_received()->set_packet_id(9);
    {
        const auto store = SessionStore::open(path("plain"));
        QVERIFY2(store.has_value(), qPrintable(store ? QString() : store.error()));
        QVERIFY(!(*store)->found());
        QVERIFY((*store)->write(session));
    }
    QCOMPARE(difference(path("plain"), session), QString());
}

void TestSessionStore::keepsOrderOverEveryKindOfChange()
{
    const v1::ClientSession steps[] = {
        sessionOf({}, {"a", "b", "c"}),    sessionOf({1}, {"b", "c"}),       sessionOf({1, 2, 3}),
        sessionOf({1, 3, 2}),              sessionOf({3, 2, 4}, {"x", "x"}), sessionOf({3, 2, 4}, {"x", "x", "x"}),
        sessionOf({2, 4, 1}, {"x", "y"}),  sessionOf({5}, {"z", "x", "y"}),  sessionOf({}),
    };
    int n = 0;
    QString file = path("order");
    for (const v1::ClientSession &step : steps) {
        {
            const auto store = SessionStore::open(file);
            QVERIFY(store.has_value());
            QVERIFY((*store)->write(step));
        }
        QVERIFY2(difference(file, step).isEmpty(), qPrintable(QStringLiteral("step %1: %2").arg(n).arg(difference(file, step))));
        ++n;
    }
    const auto store = SessionStore::open(path("one life")); // and without reopening in between
    for (const v1::ClientSession &step : steps)
        QVERIFY((*store)->write(step));
}

void TestSessionStore::losesNothingToKill9()
{
    const QString file = path("killed");
    for (int round = 0; round < 10; ++round) {
        int progress[2];
        QCOMPARE(pipe(progress), 0);
        const pid_t child = fork();
        if (child == 0) {
            const auto store = SessionStore::open(file);
            for (std::uint32_t id = 1; store && id <= 60'000; ++id) {
                if (!(*store)->write(sessionOf({id, id + 1, id + 2})) || write(progress[1], &id, sizeof id) < 0)
                    break;
            }
            _exit(1);
        }
        close(progress[1]);
        std::uint32_t last = 0;
        for (int i = 0; i < 20 + round * 13; ++i)
            QVERIFY(read(progress[0], &last, sizeof last) == sizeof last);
        kill(child, SIGKILL);
        while (read(progress[0], &last, sizeof last) == sizeof last) { } // what it had told before it died
        waitpid(child, nullptr, 0);
        close(progress[0]);
        const auto store = SessionStore::open(file);
        QVERIFY2(store.has_value(), qPrintable(store ? QString() : store.error()));
        const std::uint32_t found = (*store)->found()->inflight(0).packet_id();
        QVERIFY2(found == last || found == last + 1, qPrintable(QStringLiteral("%1, told %2").arg(found).arg(last)));
        QCOMPARE((*store)->found()->inflight_size(), 3);
    }
}

void TestSessionStore::refusesDamagedFilesAndLeavesThem()
{
    {
        const auto store = SessionStore::open(path("torn"));
        v1::ClientSession session = sessionOf({1, 2, 3});
        for (int i = 0; i < 200; ++i)
            *session.add_pending() = message(std::string(200, 'p'), 1);
        QVERIFY((*store)->write(session));
    }
    QFile file(path("torn"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    const qint64 size = file.size();
    QVERIFY(size > 16'384);
    QVERIFY(file.seek(4096) && file.write(QByteArray(static_cast<int>(size) - 8192, 'X')) > 0);
    file.close();
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray before = file.readAll();
    file.close();
    const auto store = SessionStore::open(path("torn"));
    QVERIFY(!store);
    QVERIFY2(store.error().contains(QStringLiteral("damaged")), qPrintable(store.error()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll() == before);
}

void TestSessionStore::refusesNewerFormats()
{
    {
        const auto store = SessionStore::open(path("newer"));
        QVERIFY(store.has_value());
    }
    QFile file(path("newer"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(60) && file.write(QByteArray::fromHex("00000009")) == 4); // user_version in the SQLite header
    file.close();
    const auto store = SessionStore::open(path("newer"));
    QVERIFY(!store);
    QVERIFY2(store.error().contains(QStringLiteral("newer")), qPrintable(store.error()));
}

void TestSessionStore::forgetsWhenCleared()
{
    {
        const auto store = SessionStore::open(path("cleared"));
        QVERIFY((*store)->write(sessionOf({1}, {"a"})));
        QVERIFY((*store)->clear());
    }
    {
        const auto store = SessionStore::open(path("cleared"));
        QVERIFY(!(*store)->found());
        QVERIFY((*store)->write(sessionOf({7})));
    }
    QCOMPARE(difference(path("cleared"), sessionOf({7})), QString());
}

QTEST_APPLESS_MAIN(TestSessionStore)
#include "tst_sessionstore.moc"
