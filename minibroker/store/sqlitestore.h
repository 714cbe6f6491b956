#pragma once

#include "minibroker/store/store.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>

#include <memory>
#include <string_view>

namespace hiatus::broker {

/// A Store in one SQLite file (and its -wal beside it while it is open).
/// - One transaction per commit, write-ahead log, synchronous NORMAL: a killed process loses nothing that commit() had
///   returned for. After a power failure the newest commits may be missing; the file is whole all the same.
/// - Every row carries a CRC-32. A damaged file, one of another program, one of a newer format, and one that another
///   process has open are refused, each in its own words, and left as they are.
class SqliteStore final : public Store
{
public:
    /// Opens the file, or makes it.
    static tl::expected<std::unique_ptr<SqliteStore>, std::string> open(const std::string &file);
    ~SqliteStore() override;
    SqliteStore(const SqliteStore &) = delete;
    SqliteStore &operator=(const SqliteStore &) = delete;

    tl::expected<v1::BrokerState, std::string> load() override;
    tl::expected<void, std::string> commit(const journal::Entries &entries, Time now) override;

private:
    struct Statements;

    explicit SqliteStore(const std::string &file);
    tl::expected<void, std::string> prepare();
    tl::expected<void, std::string> create();
    std::string problem(const QSqlError &error) const;

    QString m_connection; ///< Qt's name of it
    std::string m_file;
    QSqlDatabase m_database;
    std::unique_ptr<Statements> m_statements;
};

} // namespace hiatus::broker
