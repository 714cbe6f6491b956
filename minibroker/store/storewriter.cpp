#include "minibroker/store/storewriter.h"

#include "minibroker/store/rowcheck.h"

#include <QVariant>

namespace hiatus::broker {

namespace {

QByteArray serialised(const google::protobuf::Message &message)
{
    return bytesOf(message.SerializeAsString());
}

QByteArray keyOf(const std::string &clientId, std::uint64_t number)
{
    return bytesOf(clientId) + '\0' + QByteArray::number(qulonglong(number));
}

} // namespace

StoreWriter::StoreWriter(QSqlDatabase database)
    : m_database(std::move(database)),
      m_stamp(prepared("UPDATE meta SET written_at = ?")),
      m_putSession(prepared("INSERT INTO session VALUES (?, ?, ?) ON CONFLICT (client_id) DO UPDATE SET state = "
                            "excluded.state, crc = excluded.crc")),
      m_removeSession(prepared("DELETE FROM session WHERE client_id = ?")),
      m_putSubscription(prepared("INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?)")),
      m_removeSubscription(prepared("DELETE FROM subscription WHERE client_id = ? AND filter = ?")),
      m_queueMessage(prepared("INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, NULL, NULL, NULL)")),
      m_putInflight(prepared("UPDATE message SET position = ?, packet_id = ?, stage = ? WHERE client_id = ? AND "
                             "sequence = ?")),
      m_removeMessage(prepared("DELETE FROM message WHERE client_id = ? AND sequence = ?")),
      m_putReceived(prepared("INSERT OR REPLACE INTO received VALUES (?, ?, ?, ?)")),
      m_removeReceived(prepared("DELETE FROM received WHERE client_id = ? AND packet_id = ?")),
      m_putRetained(prepared("INSERT OR REPLACE INTO retained VALUES (?, ?, ?)")),
      m_removeRetained(prepared("DELETE FROM retained WHERE topic = ?"))
{
}

QSqlQuery StoreWriter::prepared(const char *sql)
{
    QSqlQuery query(m_database);
    if (!query.prepare(QString::fromLatin1(sql)))
        m_error = query.lastError();
    return query;
}

bool StoreWriter::run(QSqlQuery &query, const QVariantList &values)
{
    for (qsizetype i = 0; i < values.size(); ++i)
        query.bindValue(int(i), values[i]);
    if (query.exec())
        return true;
    m_error = query.lastError();
    return false;
}

bool StoreWriter::write(const journal::Entry &entry)
{
    return std::visit([this](const auto &one) { return apply(one); }, entry);
}

bool StoreWriter::stamp(Time now)
{
    return run(m_stamp, {qlonglong(now.time_since_epoch().count())});
}

bool StoreWriter::apply(const journal::Cleared &)
{
    for (const char *table : {"session", "subscription", "message", "received", "retained"}) {
        QSqlQuery query(m_database);
        if (!query.exec(QStringLiteral("DELETE FROM ") + QString::fromLatin1(table))) {
            m_error = query.lastError();
            return false;
        }
    }
    return true;
}

bool StoreWriter::apply(const journal::SessionPut &entry)
{
    const QByteArray key = bytesOf(entry.session.client_id());
    const QByteArray value = serialised(entry.session);
    return run(m_putSession, {key, value, rowCheck(key, value)});
}

bool StoreWriter::apply(const journal::SessionRemoved &entry)
{
    const QByteArray key = bytesOf(entry.clientId);
    for (const char *table : {"subscription", "message", "received"}) {
        QSqlQuery query(m_database);
        query.prepare(QStringLiteral("DELETE FROM %1 WHERE client_id = ?").arg(QString::fromLatin1(table)));
        if (!run(query, {key}))
            return false;
    }
    return run(m_removeSession, {key});
}

bool StoreWriter::apply(const journal::SubscriptionPut &entry)
{
    const QByteArray client = bytesOf(entry.clientId);
    const QByteArray filter = bytesOf(entry.subscription.filter().filter());
    const QByteArray value = serialised(entry.subscription);
    return run(m_putSubscription, {client, filter, value, rowCheck(client + '\0' + filter, value)});
}

bool StoreWriter::apply(const journal::SubscriptionRemoved &entry)
{
    return run(m_removeSubscription, {bytesOf(entry.clientId), bytesOf(entry.filter)});
}

bool StoreWriter::apply(const journal::MessageQueued &entry)
{
    const QByteArray value = serialised(entry.message);
    return run(m_queueMessage, {bytesOf(entry.clientId), qlonglong(entry.sequence), value,
                                rowCheck(keyOf(entry.clientId, entry.sequence), value)});
}

bool StoreWriter::apply(const journal::InflightPut &entry)
{
    return run(m_putInflight, {qlonglong(entry.order), int(entry.packetId), int(entry.stage), bytesOf(entry.clientId),
                               qlonglong(entry.sequence)});
}

bool StoreWriter::apply(const journal::MessageRemoved &entry)
{
    return run(m_removeMessage, {bytesOf(entry.clientId), qlonglong(entry.sequence)});
}

bool StoreWriter::apply(const journal::ReceivedPut &entry)
{
    const QByteArray value = serialised(entry.received);
    return run(m_putReceived, {bytesOf(entry.clientId), entry.received.packet_id(), value,
                               rowCheck(keyOf(entry.clientId, entry.received.packet_id()), value)});
}

bool StoreWriter::apply(const journal::ReceivedRemoved &entry)
{
    return run(m_removeReceived, {bytesOf(entry.clientId), int(entry.packetId)});
}

bool StoreWriter::apply(const journal::RetainedPut &entry)
{
    const QByteArray key = bytesOf(entry.message.publish().topic());
    const QByteArray value = serialised(entry.message);
    return run(m_putRetained, {key, value, rowCheck(key, value)});
}

bool StoreWriter::apply(const journal::RetainedRemoved &entry)
{
    return run(m_removeRetained, {bytesOf(entry.topic)});
}

} // namespace hiatus::broker
