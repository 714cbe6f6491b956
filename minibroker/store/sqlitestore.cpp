#include "minibroker/store/sqlitestore.h"

#include "minibroker/store/storereader.h"
#include "minibroker/store/storewriter.h"

#include <QFile>
#include <QSqlError>
#include <QUuid>
#include <QVariant>

#include <fmt/format.h>

#include <utility>

namespace hiatus::broker {

namespace {

constexpr int ApplicationId = 0x48494142; ///< "HIAB"
constexpr int Format = 1;

constexpr const char *Schema[] = {
    "CREATE TABLE meta (written_at INTEGER NOT NULL)",
    "INSERT INTO meta VALUES (0)",
    "CREATE TABLE session (client_id BLOB PRIMARY KEY, state BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE subscription (client_id BLOB, filter BLOB, state BLOB NOT NULL, crc INTEGER NOT NULL, "
    "PRIMARY KEY (client_id, filter)) WITHOUT ROWID",
    "CREATE TABLE message (client_id BLOB, sequence INTEGER, message BLOB NOT NULL, crc INTEGER NOT NULL, "
    "position INTEGER, packet_id INTEGER, stage INTEGER, PRIMARY KEY (client_id, sequence)) WITHOUT ROWID",
    "CREATE TABLE received (client_id BLOB, packet_id INTEGER, state BLOB NOT NULL, crc INTEGER NOT NULL, "
    "PRIMARY KEY (client_id, packet_id)) WITHOUT ROWID",
    "CREATE TABLE retained (topic BLOB PRIMARY KEY, message BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID",
};

} // namespace

struct SqliteStore::Statements
{
    explicit Statements(const QSqlDatabase &database) : writer(database) {}
    StoreWriter writer;
};

SqliteStore::SqliteStore(const std::string &file)
    : m_connection(QUuid::createUuid().toString()), m_file(file),
      m_database(QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection))
{
    m_database.setDatabaseName(QFile::decodeName(file.c_str()));
    m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=500"));
}

SqliteStore::~SqliteStore()
{
    m_statements.reset();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_connection);
}

tl::expected<std::unique_ptr<SqliteStore>, std::string> SqliteStore::open(const std::string &file)
{
    std::unique_ptr<SqliteStore> store(new SqliteStore(file));
    if (auto ready = store->prepare(); !ready)
        return tl::unexpected(ready.error());
    return store;
}

std::string SqliteStore::problem(const QSqlError &error) const
{
    const int code = error.nativeErrorCode().toInt() & 0xff; // the primary one: SQLITE_BUSY and so on
    if (code == 5 || code == 6)
        return fmt::format("store {} is in use by another process", m_file);
    if (code == 26)
        return fmt::format("store {} is no SQLite file; it was left as it is", m_file);
    if (code == 11)
        return fmt::format("store {} is damaged; it was left as it is", m_file);
    return fmt::format("store {}: {}", m_file, error.text().trimmed().toStdString());
}

tl::expected<void, std::string> SqliteStore::prepare()
{
    if (!m_database.isValid())
        return tl::unexpected(std::string("Qt's SQLite driver is missing (Debian: libqt6sql6-sqlite)"));
    if (!m_database.open())
        return tl::unexpected(problem(m_database.lastError()));
    QSqlQuery query(m_database);
    const auto number = [&query](const char *sql) { // nothing is written by asking
        return query.exec(QString::fromLatin1(sql)) && query.next() ? query.value(0).toInt() : -1;
    };
    const int tables = number("SELECT count(*) FROM sqlite_master");
    if (tables < 0)
        return tl::unexpected(problem(query.lastError()));
    const int application = number("PRAGMA application_id");
    const int format = number("PRAGMA user_version");
    if ((tables > 0 || application != 0) && application != ApplicationId)
        return tl::unexpected(fmt::format("store {} belongs to another program; it was left as it is", m_file));
    if (tables > 0 && format != Format)
        return tl::unexpected(fmt::format("store {} has format {}, this program writes {}; it was left as it is",
                                          m_file, format, Format));
    for (const char *sql : {"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL",
                            "BEGIN EXCLUSIVE", "COMMIT"})
        if (!query.exec(QString::fromLatin1(sql)))
            return tl::unexpected(problem(query.lastError()));
    if (tables == 0)
        if (auto made = create(); !made)
            return made;
    m_statements = std::make_unique<Statements>(m_database);
    const QSqlError &error = m_statements->writer.lastError();
    return error.isValid() ? tl::expected<void, std::string>(tl::unexpected(problem(error)))
                           : tl::expected<void, std::string>();
}

tl::expected<void, std::string> SqliteStore::create()
{
    QSqlQuery query(m_database);
    if (!m_database.transaction())
        return tl::unexpected(problem(m_database.lastError()));
    for (const char *sql : Schema)
        if (!query.exec(QString::fromLatin1(sql)))
            return tl::unexpected(problem(query.lastError()));
    const bool isMarked = query.exec(QStringLiteral("PRAGMA application_id = %1").arg(ApplicationId))
                          && query.exec(QStringLiteral("PRAGMA user_version = %1").arg(Format));
    if (!isMarked || !m_database.commit())
        return tl::unexpected(problem(isMarked ? m_database.lastError() : query.lastError()));
    return {};
}

tl::expected<v1::BrokerState, std::string> SqliteStore::load()
{
    QSqlQuery query(m_database);
    if (!query.exec(QStringLiteral("PRAGMA quick_check(1)")) || !query.next())
        return tl::unexpected(problem(query.lastError()));
    if (query.value(0).toString() != QStringLiteral("ok"))
        return tl::unexpected(fmt::format("store {} is damaged ({}); it was left as it is", m_file,
                                          query.value(0).toString().simplified().toStdString()));
    query.finish();
    auto state = readStore(m_database);
    if (!state)
        return tl::unexpected(fmt::format("store {} is damaged: {}; it was left as it is", m_file, state.error()));
    return state;
}

tl::expected<void, std::string> SqliteStore::commit(const journal::Entries &entries, Time now)
{
    if (!m_database.transaction())
        return tl::unexpected(problem(m_database.lastError()));
    StoreWriter &writer = m_statements->writer;
    bool isWritten = true;
    for (const auto &entry : entries)
        isWritten = isWritten && writer.write(entry);
    isWritten = isWritten && writer.stamp(now);
    if (isWritten && m_database.commit())
        return {};
    const std::string why = problem(isWritten ? m_database.lastError() : writer.lastError());
    m_database.rollback();
    return tl::unexpected(why);
}

} // namespace hiatus::broker
