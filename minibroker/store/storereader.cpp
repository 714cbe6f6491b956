#include "minibroker/store/storereader.h"

#include "minibroker/store/rowcheck.h"

#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <fmt/format.h>

#include <functional>
#include <map>
#include <utility>

namespace hiatus::broker {

namespace {

using Result = tl::expected<void, std::string>;

class Reader
{
public:
    explicit Reader(const QSqlDatabase &database) : m_database(database) {}

    tl::expected<v1::BrokerState, std::string> read();

private:
    /// A row's columns: key parts first, then the value, its check, and whatever follows.
    Result rows(const char *sql, int keys, const std::function<bool(const QSqlQuery &, const std::string &value)> &take);
    Result sessions();
    Result subscriptions();
    Result messages();
    Result received();
    Result retained();
    v1::ServerSession *session(const QSqlQuery &row);

    QSqlDatabase m_database;
    v1::BrokerState m_state;
    std::map<std::string, int> m_index; ///< client id -> place in m_state
};

v1::ServerSession *Reader::session(const QSqlQuery &row)
{
    const auto at = m_index.find(textOf(row.value(0).toByteArray()));
    return at == m_index.end() ? nullptr : m_state.mutable_session(at->second);
}

Result Reader::rows(const char *sql, int keys, const std::function<bool(const QSqlQuery &, const std::string &)> &take)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.exec(QString::fromLatin1(sql)))
        return tl::unexpected(query.lastError().databaseText().toStdString());
    while (query.next()) {
        QByteArray key = query.value(0).toByteArray();
        for (int i = 1; i < keys; ++i)
            key += '\0' + query.value(i).toByteArray();
        const QByteArray value = query.value(keys).toByteArray();
        if (query.value(keys + 1).toLongLong() != rowCheck(key, value) || !take(query, textOf(value)))
            return tl::unexpected(fmt::format("a row of client or topic '{}' is damaged",
                                              textOf(query.value(0).toByteArray())));
    }
    if (query.lastError().isValid())
        return tl::unexpected(query.lastError().databaseText().toStdString());
    return {};
}

Result Reader::sessions()
{
    QSqlQuery stamp(QStringLiteral("SELECT written_at FROM meta"), m_database);
    const qlonglong writtenAt = stamp.next() ? stamp.value(0).toLongLong() : 0;
    return rows("SELECT client_id, state, crc FROM session ORDER BY client_id", 1,
                [&](const QSqlQuery &row, const std::string &value) {
        auto *session = m_state.add_session();
        m_index[textOf(row.value(0).toByteArray())] = m_state.session_size() - 1;
        if (!session->ParseFromString(value))
            return false;
        if (!session->has_disconnected_at())
            session->set_disconnected_at(writtenAt);
        return true;
    });
}

Result Reader::subscriptions()
{
    return rows("SELECT client_id, filter, state, crc FROM subscription ORDER BY client_id, filter", 2,
                [&](const QSqlQuery &row, const std::string &value) {
        auto *owner = session(row);
        return owner && owner->add_subscription()->ParseFromString(value);
    });
}

Result Reader::messages()
{
    return rows("SELECT client_id, sequence, message, crc, packet_id, stage FROM message "
                "ORDER BY client_id, position, sequence", 2,
                [&](const QSqlQuery &row, const std::string &value) {
        auto *owner = session(row);
        if (!owner)
            return false;
        if (row.isNull(4))
            return owner->add_pending()->ParseFromString(value);
        auto *inflight = owner->add_inflight();
        inflight->set_packet_id(row.value(4).toUInt());
        inflight->set_stage(v1::Stage(row.value(5).toInt()));
        return v1::Stage_IsValid(row.value(5).toInt()) && inflight->mutable_message()->ParseFromString(value);
    });
}

Result Reader::received()
{
    return rows("SELECT client_id, packet_id, state, crc FROM received ORDER BY client_id, packet_id", 2,
                [&](const QSqlQuery &row, const std::string &value) {
        auto *owner = session(row);
        return owner && owner->add_received()->ParseFromString(value);
    });
}

Result Reader::retained()
{
    return rows("SELECT topic, message, crc FROM retained ORDER BY topic", 1,
                [&](const QSqlQuery &, const std::string &value) {
        return m_state.add_retained()->ParseFromString(value);
    });
}

tl::expected<v1::BrokerState, std::string> Reader::read()
{
    for (const auto part : {&Reader::sessions, &Reader::subscriptions, &Reader::messages, &Reader::received,
                            &Reader::retained})
        if (const Result result = (this->*part)(); !result)
            return tl::unexpected(result.error());
    return std::move(m_state);
}

} // namespace

tl::expected<v1::BrokerState, std::string> readStore(const QSqlDatabase &database)
{
    return Reader(database).read();
}

} // namespace hiatus::broker
