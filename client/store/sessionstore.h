#pragma once
// A client's half of its session in an SQLite file: what was stored survives kill -9.

#include "hiatus/v1/session.pb.h"

#include <QString>

#include <tl/expected.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

class QSqlDatabase;
class QSqlQuery;

namespace hiatus::client {

/// One file, one session, one process at a time.
/// - write() stores the whole change or nothing; only rows that changed are touched.
/// - A file that is not ours, of a newer format, damaged or in use is refused with its own error and left as it is.
class SessionStore
{
public:
    /// Opens the file, or makes it.
    static tl::expected<std::unique_ptr<SessionStore>, QString> open(const QString &path);
    ~SessionStore();
    SessionStore(const SessionStore &) = delete;
    SessionStore &operator=(const SessionStore &) = delete;

    /// What the file held when it was opened.
    const std::optional<v1::ClientSession> &found() const { return m_found; }

    tl::expected<void, QString> write(const v1::ClientSession &session);
    /// Forgets the session; the file stays.
    tl::expected<void, QString> clear();

private:
    struct Row
    {
        std::int64_t position = 0; ///< orders the rows; grows
        std::string bytes;
    };

    explicit SessionStore(QString connection);
    tl::expected<void, QString> openFile(const QString &path);
    tl::expected<void, QString> prepareFile();
    tl::expected<void, QString> makeTables();
    tl::expected<void, QString> read();
    void writeHead(const v1::ClientSession &session);
    void writeInflight(const v1::ClientSession &session);
    void writePending(const v1::ClientSession &session);
    void run(QSqlQuery &query);
    void emptyTables();

    QString m_connection; ///< name of the QSqlDatabase
    std::optional<v1::ClientSession> m_found;
    std::string m_head;
    std::map<std::uint32_t, Row> m_inflight; ///< by packet identifier
    std::deque<Row> m_pending;
    std::int64_t m_lastPosition = 0;
    QString m_failure; ///< of the transaction under way
    bool m_outOfStep = false; ///< a transaction failed: the next one writes all
};

} // namespace hiatus::client
