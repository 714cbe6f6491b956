#pragma once

#include "minibroker/engine/journal.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <string>
#include <string_view>

namespace hiatus::broker {

/// Journal entries as SQL, one prepared statement per kind. Runs inside somebody's transaction.
class StoreWriter
{
public:
    explicit StoreWriter(QSqlDatabase database);

    /// False: lastError() says why.
    bool write(const journal::Entry &entry);
    bool stamp(Time now);
    const QSqlError &lastError() const { return m_error; }

private:
    bool apply(const journal::Cleared &);
    bool apply(const journal::SessionPut &entry);
    bool apply(const journal::SessionRemoved &entry);
    bool apply(const journal::SubscriptionPut &entry);
    bool apply(const journal::SubscriptionRemoved &entry);
    bool apply(const journal::MessageQueued &entry);
    bool apply(const journal::InflightPut &entry);
    bool apply(const journal::MessageRemoved &entry);
    bool apply(const journal::ReceivedPut &entry);
    bool apply(const journal::ReceivedRemoved &entry);
    bool apply(const journal::RetainedPut &entry);
    bool apply(const journal::RetainedRemoved &entry);

    bool run(QSqlQuery &query, const QVariantList &values);
    QSqlQuery prepared(const char *sql);

    QSqlDatabase m_database;
    QSqlError m_error;
    QSqlQuery m_stamp, m_putSession, m_removeSession, m_putSubscription, m_removeSubscription, m_queueMessage,
        m_putInflight, m_removeMessage, m_putReceived, m_removeReceived, m_putRetained, m_removeRetained;
};

} // namespace hiatus::broker
