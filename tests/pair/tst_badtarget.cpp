// Targets that are no broker: a clear sentence, exit status 69, never a hang.

#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

class TestBadTarget : public QObject
{
    Q_OBJECT

private:
    struct Outcome
    {
        int status = -1;
        QString text;
    };

    /// Runs one scenario against the port; the event loop goes on, so that peers in this process can answer.
    static Outcome runAgainst(quint16 port)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        QEventLoop loop;
        QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
        process.start(QStringLiteral(HIATUS_PROGRAM), {QStringLiteral("run"), QStringLiteral("session_present/table"),
                                                       QStringLiteral("--target"), QStringLiteral("mqtt://127.0.0.1:%1").arg(port)});
        loop.exec();
        return {process.exitCode(), QString::fromUtf8(process.readAll())};
    }

private Q_SLOTS:
    void refusedConnectionIsStatus69()
    {
        quint16 port = 0;
        {
            QTcpServer server;
            QVERIFY(server.listen(QHostAddress::LocalHost));
            port = server.serverPort();
        }
        const Outcome outcome = runAgainst(port);
        QCOMPARE(outcome.status, 69);
        QVERIFY2(outcome.text.contains(QStringLiteral("refused"), Qt::CaseInsensitive), qPrintable(outcome.text));
    }

    void portThatNeverAnswersIsStatus69()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const Outcome outcome = runAgainst(server.serverPort());
        QCOMPARE(outcome.status, 69);
        QVERIFY2(!outcome.text.isEmpty(), "nothing said");
    }

    void portThatClosesAtOnceIsStatus69()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, this, [&] { server.nextPendingConnection()->close(); });
        const Outcome outcome = runAgainst(server.serverPort());
        QCOMPARE(outcome.status, 69);
        // Closed or reset: whether our bytes were read before, decides.
        const bool isSaid = outcome.text.contains(QStringLiteral("closes")) || outcome.text.contains(QStringLiteral("ends the connection"));
        QVERIFY2(isSaid, qPrintable(outcome.text));
    }

    void portThatSpeaksHttpIsStatus69()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket *socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket] {
                socket->write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
                socket->disconnectFromHost();
            });
        });
        const Outcome outcome = runAgainst(server.serverPort());
        QCOMPARE(outcome.status, 69);
        QVERIFY2(outcome.text.contains(QStringLiteral("HTTP")), qPrintable(outcome.text));
    }
};

QTEST_GUILESS_MAIN(TestBadTarget)
#include "tst_badtarget.moc"
