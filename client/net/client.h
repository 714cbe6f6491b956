#pragma once
// hiatus::Client: an MQTT 3.1.1 and 5.0 client whose session outlives its connections, and, saved as a string or in a
// store, its process.

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QSslConfiguration>
#include <QString>
#include <QUrl>

#include <memory>

namespace hiatus {

namespace v1 {
class Connect;
class Publish;
class Subscribe;
} // namespace v1

/// A message from the server. The MQTT 5.0 properties are in Client::delivered().
struct Message
{
    qint64 delivery = 0; ///< for acknowledge()
    QString topic;
    QByteArray payload;
    int qos = 0;
    bool retained = false;
    bool duplicate = false;
};

/// A client of an MQTT server.
/// - Messages of QoS 1 and 2 are kept until they are complete, over any number of lost connections; published while
///   offline, they wait.
/// - With `cleanSession` off the session is resumed: on session present 1 unfinished exchanges go on under their old
///   identifiers; on 0 they are given up, with sessionLost() and publishFailed() for each.
/// - Setters of properties marked "before connecting" return false and warn once connecting has begun.
class Client : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString clientId READ clientId WRITE setClientId)
    Q_PROPERTY(bool cleanSession READ cleanSession WRITE setCleanSession)
    Q_PROPERTY(quint32 sessionExpiryInterval READ sessionExpiryInterval WRITE setSessionExpiryInterval)
    Q_PROPERTY(bool sessionPresent READ sessionPresent)
    Q_PROPERTY(quint16 keepAlive READ keepAlive WRITE setKeepAlive)
    Q_PROPERTY(QString userName READ userName WRITE setUserName)
    Q_PROPERTY(Version version READ version WRITE setVersion)
    Q_PROPERTY(bool automaticReconnect READ automaticReconnect WRITE setAutomaticReconnect)
    Q_PROPERTY(bool manualAcknowledge READ manualAcknowledge WRITE setManualAcknowledge)
    Q_PROPERTY(State state READ state NOTIFY stateChanged)

public:
    enum class Version { Mqtt311, Mqtt5 };
    Q_ENUM(Version)
    enum class State {
        Disconnected,
        Connecting,
        Connected,
        Waiting, ///< for the next attempt to reconnect
    };
    Q_ENUM(State)

    explicit Client(QObject *parent = nullptr);
    ~Client() override;

    // Before connecting.
    QString clientId() const; ///< the one that the server assigned, once it has
    bool setClientId(const QString &clientId);
    bool cleanSession() const; ///< default true: the server begins anew, and our half with it
    bool setCleanSession(bool clean);
    /// Seconds that the session outlives its connection; 5.0 only. Default 0; 0xFFFFFFFF: for ever.
    quint32 sessionExpiryInterval() const;
    bool setSessionExpiryInterval(quint32 seconds);
    quint16 keepAlive() const; ///< seconds; default 60; 0: off
    bool setKeepAlive(quint16 seconds);
    QString userName() const;
    bool setUserName(const QString &name);
    bool setPassword(const QByteArray &password);
    bool setWill(const QString &topic, const QByteArray &payload, int qos = 0, bool retain = false);
    bool clearWill();
    /// All of CONNECT at once, 5.0 properties too.
    bool setConnectFields(const v1::Connect &connect);

    // Before first use: connecting, publishing, restoring.
    Version version() const; ///< default Mqtt5
    bool setVersion(Version version);
    bool automaticReconnect() const; ///< default false
    bool setAutomaticReconnect(bool on);
    bool manualAcknowledge() const; ///< default false
    bool setManualAcknowledge(bool on);
    /// Subscribe again by itself when the server has lost the session. Default false.
    bool setResubscribe(bool on);
    /// Publish anew what was unfinished when the server has lost the session: it may arrive twice. Default false.
    bool setRepublish(bool on);
    /// Take PUBACK for a QoS 2 message as its end: for servers that lower QoS 2 to 1 without a word (RabbitMQ before 3.13).
    /// The message is then delivered at least once. Default false: it is a protocol violation, and the client leaves.
    bool setPubackEndsQos2(bool on);
    /// Keeps the session in this file (SQLite), safe against kill -9. What the file holds is restored; an expired session
    /// is forgotten, but not messages that were never sent. The last thing to set. False, with errorString(), for a file
    /// that is damaged, in use or another client's.
    bool setStore(const QString &path);

    /// connected() or disconnected() follows. False, with errorString(), if the CONNECT would be none.
    bool connectToHost(const QString &host, quint16 port = 1883);
    bool connectToHostEncrypted(const QString &host, quint16 port = 8883,
                                const QSslConfiguration &configuration = QSslConfiguration::defaultConfiguration());
    /// By URL: mqtt://user:password@host:port, mqtts://, ws://host:port/path (without one: /mqtt), wss://. A user and
    /// password in it replace those set before. `configuration` is for mqtts:// and wss://.
    bool connectToUrl(const QUrl &url, const QSslConfiguration &configuration = QSslConfiguration::defaultConfiguration());
    void disconnectFromHost();
    /// 5.0: and let the session end in so many seconds; 0: now.
    void disconnectFromHost(quint32 sessionExpiryInterval);

    /// The message's number in published() or publishFailed(); -1, with errorString(), if it is refused: QoS 0 offline, a
    /// topic that is none, too many messages waiting. QoS 0 is published once it is written.
    qint64 publish(const QString &topic, const QByteArray &payload, int qos = 0, bool retain = false);
    qint64 publish(const v1::Publish &publish);
    /// The request's number in subscribed() or subscribeFailed(); -1 while not connected or for a filter that is none.
    qint64 subscribe(const QString &filter, int qos = 0);
    qint64 subscribe(const v1::Subscribe &subscribe);
    qint64 unsubscribe(const QString &filter);
    /// With manualAcknowledge: the application is done with this delivery. Acknowledgements leave in order of arrival.
    bool acknowledge(qint64 delivery);

    /// The session as a short text of letters, digits, '-', '_' and ':'; empty, with errorString(), if there is none that
    /// outlives its connection. Best taken after disconnected(): from then on the expiry interval counts.
    QString saveSession() const;
    /// Takes a saved session back and turns cleanSession off. False, with errorString(), for one that is damaged, expired,
    /// of a newer format, or of another client; then nothing has changed. A client without id takes the session's.
    bool restoreSession(const QString &saved);

    State state() const;
    bool sessionPresent() const; ///< of the latest CONNACK
    QString errorString() const; ///< why the latest call or connection failed

Q_SIGNALS:
    void stateChanged(hiatus::Client::State state);
    void connected(bool sessionPresent);
    void disconnected(const QString &why);
    /// The server had lost the session: what it cost. publishFailed() follows for each publish.
    void sessionLost(int discardedPublishes, int discardedReceipts);
    void messageReceived(const hiatus::Message &message);
    /// The same message with its 5.0 properties.
    void delivered(qint64 delivery, const hiatus::v1::Publish &publish);
    /// Complete; from 0x80 on the code is the server's refusal.
    void published(qint64 id, int code);
    void publishFailed(qint64 id, const QString &error);
    /// Also the answer to unsubscribe() (without codes in 3.1.1). Number 0: subscribed again by itself.
    void subscribed(qint64 id, const QList<int> &codes);
    void subscribeFailed(qint64 id, const QString &error);
    void errorOccurred(const QString &error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hiatus

Q_DECLARE_METATYPE(hiatus::Message)
