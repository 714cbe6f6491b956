#include "client/store/sessionstore.h"

#include "proto/session/checks.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>
#include <QVariant>

#include <algorithm>
#include <utility>

namespace hiatus::client {

namespace {

using Done = tl::expected<void, QString>;

constexpr int ApplicationId = 0x48696174; // "Hiat"
constexpr int Format = 1;

QByteArray bytesOf(const std::string &text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

/// The session without its messages in order: those have rows of their own.
std::string headOf(const v1::ClientSession &session)
{
    v1::ClientSession head = session;
    head.clear_inflight();
    head.clear_pending();
    return head.SerializeAsString();
}

/// How many old rows are gone from the front, so that the rest begins the new list; all if nothing fits.
std::size_t goneFromFront(const std::deque<std::string> &now, const std::deque<std::string> &before)
{
    for (std::size_t gone = 0; gone < before.size(); ++gone) {
        const auto first = before.begin() + static_cast<std::ptrdiff_t>(gone);
        const std::size_t rest = before.size() - gone;
        if (rest <= now.size() && std::equal(first, before.end(), now.begin()))
            return gone;
    }
    return before.size();
}

QString unreadable(const QSqlQuery &query)
{
    const bool isBusy = query.lastError().nativeErrorCode() == QStringLiteral("5"); // SQLITE_BUSY
    return isBusy ? QStringLiteral("the store is in use by another client")
                  : QStringLiteral("the store is damaged, or no store at all");
}

int pragma(QSqlQuery &query, const QString &name)
{
    return query.exec(QStringLiteral("PRAGMA %1").arg(name)) && query.next() ? query.value(0).toInt() : -1;
}

} // namespace

SessionStore::SessionStore(QString connection) : m_connection(std::move(connection)) {}

SessionStore::~SessionStore()
{
    {
        QSqlDatabase database = QSqlDatabase::database(m_connection, false);
        database.close();
    }
    QSqlDatabase::removeDatabase(m_connection);
}

tl::expected<std::unique_ptr<SessionStore>, QString> SessionStore::open(const QString &path)
{
    const QString connection = QStringLiteral("hiatus-client-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
    std::unique_ptr<SessionStore> store(new SessionStore(connection));
    const Done opened = store->openFile(path).and_then([&] { return store->prepareFile(); }).and_then([&] { return store->read(); });
    if (!opened)
        return tl::unexpected(QStringLiteral("%1: %2").arg(path, opened.error()));
    return store;
}

Done SessionStore::openFile(const QString &path)
{
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    database.setDatabaseName(path);
    database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=0"));
    if (database.open())
        return {};
    return tl::unexpected(QStringLiteral("cannot be opened: %1").arg(database.lastError().databaseText()));
}

Done SessionStore::prepareFile()
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    for (const QString &name : {QStringLiteral("locking_mode=EXCLUSIVE"), QStringLiteral("synchronous=NORMAL"),
                                QStringLiteral("schema_version")}) {
        if (!query.exec(QStringLiteral("PRAGMA ") + name))
            return tl::unexpected(unreadable(query));
    }
    if (!query.next())
        return tl::unexpected(unreadable(query));
    const bool isNew = query.value(0).toInt() == 0;
    query.finish();
    if (isNew)
        return makeTables();
    if (pragma(query, QStringLiteral("application_id")) != ApplicationId)
        return tl::unexpected(QStringLiteral("this is no store of a Hiatus client"));
    if (pragma(query, QStringLiteral("user_version")) > Format)
        return tl::unexpected(QStringLiteral("the store was written by a newer version"));
    query.finish();
    if (!query.exec(QStringLiteral("PRAGMA quick_check")) || !query.next() || query.value(0).toString() != QStringLiteral("ok"))
        return tl::unexpected(QStringLiteral("the store is damaged"));
    return {};
}

Done SessionStore::makeTables()
{
    const QString statements[] = {
        // Write-ahead log: a commit survives the end of the process, however it ends.
        QStringLiteral("PRAGMA journal_mode=WAL"),
        QStringLiteral("BEGIN IMMEDIATE"),
        QStringLiteral("CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), state BLOB NOT NULL)"),
        QStringLiteral("CREATE TABLE inflight (id INTEGER PRIMARY KEY, position INTEGER, entry BLOB NOT NULL)"),
        QStringLiteral("CREATE TABLE pending (position INTEGER PRIMARY KEY, message BLOB NOT NULL)"),
        QStringLiteral("PRAGMA application_id=%1").arg(ApplicationId),
        QStringLiteral("PRAGMA user_version=%1").arg(Format),
        QStringLiteral("COMMIT"),
    };
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    for (const QString &statement : statements) {
        if (!query.exec(statement))
            return tl::unexpected(QStringLiteral("can't be written: %1").arg(query.lastError().databaseText()));
    }
    return {};
}

Done SessionStore::read()
{
    const auto damaged = tl::unexpected(QStringLiteral("the store is damaged"));
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    if (!query.exec(QStringLiteral("SELECT state FROM head")))
        return damaged;
    if (!query.next())
        return {};
    m_head = query.value(0).toByteArray().toStdString();
    v1::ClientSession session;
    if (!session.ParseFromString(m_head))
        return damaged;
    if (!query.exec(QStringLiteral("SELECT id, position, entry FROM inflight ORDER BY position")))
        return damaged;
    while (query.next()) {
        Row row{query.value(1).toLongLong(), query.value(2).toByteArray().toStdString()};
        if (!session.add_inflight()->ParseFromString(row.bytes))
            return damaged;
        m_lastPosition = std::max(m_lastPosition, row.position);
        m_inflight[query.value(0).toUInt()] = std::move(row);
    }
    if (!query.exec(QStringLiteral("SELECT position, message FROM pending ORDER BY position")))
        return damaged;
    while (query.next()) {
        Row row{query.value(0).toLongLong(), query.value(1).toByteArray().toStdString()};
        if (!session.add_pending()->ParseFromString(row.bytes))
            return damaged;
        m_lastPosition = std::max(m_lastPosition, row.position);
        m_pending.push_back(std::move(row));
    }
    if (const auto checked = checkClientSession(session); !checked)
        return tl::unexpected(QStringLiteral("the store contradicts itself: %1").arg(QString::fromStdString(checked.error())));
    m_found = std::move(session);
    return {};
}

Done SessionStore::write(const v1::ClientSession &session)
{
    m_failure.clear();
    QSqlDatabase database = QSqlDatabase::database(m_connection, false);
    if (!database.transaction())
        return tl::unexpected(database.lastError().databaseText());
    if (m_outOfStep)
        emptyTables();
    writeHead(session);
    writeInflight(session);
    writePending(session);
    if (m_failure.isEmpty() && database.commit())
        return {};
    const QString failure = m_failure.isEmpty() ? database.lastError().databaseText() : m_failure;
    database.rollback();
    m_outOfStep = true; // what we hold in memory ran ahead of the file
    return tl::unexpected(failure);
}

Done SessionStore::clear()
{
    m_failure.clear();
    emptyTables();
    m_found.reset();
    return m_failure.isEmpty() ? Done{} : tl::unexpected(m_failure);
}

void SessionStore::emptyTables()
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    for (const char *table : {"head", "inflight", "pending"}) {
        query.prepare(QStringLiteral("DELETE FROM %1").arg(QLatin1String(table)));
        run(query);
    }
    m_head.clear();
    m_inflight.clear();
    m_pending.clear();
    m_outOfStep = false;
}

void SessionStore::writeHead(const v1::ClientSession &session)
{
    std::string head = headOf(session);
    if (head == m_head)
        return;
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    query.prepare(QStringLiteral("INSERT OR REPLACE INTO head (one, state) VALUES (1, ?)"));
    query.addBindValue(bytesOf(head));
    run(query);
    m_head = std::move(head);
}

void SessionStore::writeInflight(const v1::ClientSession &session)
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    std::map<std::uint32_t, Row> rows;
    std::int64_t last = 0;
    for (const v1::Inflight &entry : session.inflight()) {
        const auto old = m_inflight.find(entry.packet_id());
        Row row{old == m_inflight.end() ? 0 : old->second.position, entry.SerializeAsString()};
        const bool inOrder = row.position > last;
        if (!inOrder)
            row.position = ++m_lastPosition;
        last = row.position;
        if (!inOrder || old->second.bytes != row.bytes) {
            query.prepare(QStringLiteral("INSERT OR REPLACE INTO inflight (id, position, entry) VALUES (?, ?, ?)"));
            query.addBindValue(entry.packet_id());
            query.addBindValue(static_cast<qlonglong>(row.position));
            query.addBindValue(bytesOf(row.bytes));
            run(query);
        }
        rows[entry.packet_id()] = std::move(row);
    }
    for (const auto &[id, row] : m_inflight) {
        if (rows.count(id) > 0)
            continue;
        query.prepare(QStringLiteral("DELETE FROM inflight WHERE id = ?"));
        query.addBindValue(id);
        run(query);
    }
    m_inflight = std::move(rows);
}

void SessionStore::writePending(const v1::ClientSession &session)
{
    std::deque<std::string> now;
    for (const v1::StoredMessage &message : session.pending())
        now.push_back(message.SerializeAsString());
    std::deque<std::string> before;
    for (const Row &row : m_pending)
        before.push_back(row.bytes);
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    for (std::size_t gone = goneFromFront(now, before); gone > 0; --gone) {
        query.prepare(QStringLiteral("DELETE FROM pending WHERE position = ?"));
        query.addBindValue(static_cast<qlonglong>(m_pending.front().position));
        run(query);
        m_pending.pop_front();
    }
    for (std::size_t i = m_pending.size(); i < now.size(); ++i) {
        m_pending.push_back({++m_lastPosition, now[i]});
        query.prepare(QStringLiteral("INSERT INTO pending (position, message) VALUES (?, ?)"));
        query.addBindValue(static_cast<qlonglong>(m_lastPosition));
        query.addBindValue(bytesOf(now[i]));
        run(query);
    }
}

void SessionStore::run(QSqlQuery &query)
{
    if (m_failure.isEmpty() && !query.exec())
        m_failure = query.lastError().databaseText();
}

} // namespace hiatus::client
