#include "client/net/leave.h"

#include "proto/session/values.h"

#include <QCoreApplication>
#include <QSslSocket>
#include <QTcpSocket>
#include <QTimer>

#include <sys/socket.h>

namespace hiatus::client {

namespace {

constexpr Milliseconds Patience{5'000};

void finish(QTcpSocket *socket)
{
    if (socket->bytesToWrite() == 0)
        ::shutdown(static_cast<int>(socket->socketDescriptor()), SHUT_WR);
}

} // namespace

void leave(QTcpSocket *socket)
{
    socket->setParent(QCoreApplication::instance());
    QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    QObject::connect(socket, &QTcpSocket::errorOccurred, socket, &QObject::deleteLater);
    if (socket->state() != QAbstractSocket::ConnectedState) {
        socket->abort();
        socket->deleteLater();
        return;
    }
    QTimer::singleShot(Patience, socket, [socket] {
        socket->abort();
        socket->deleteLater();
    });
    QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket] { socket->readAll(); });
    if (qobject_cast<QSslSocket *>(socket)) {
        socket->disconnectFromHost(); // TLS says its own farewell
        return;
    }
    QObject::connect(socket, &QTcpSocket::bytesWritten, socket, [socket] { finish(socket); });
    socket->flush();
    finish(socket);
}

} // namespace hiatus::client
