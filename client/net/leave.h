#pragma once

class QTcpSocket;

namespace hiatus::client {

/// Ends a connection so that the peer gets all that was written: writes it out, says FIN, reads on to the peer's close
/// (closing with unread bytes would be a reset, and a reset takes our last bytes with it), aborts a peer that never
/// closes. The socket looks after itself, and deletes itself.
void leave(QTcpSocket *socket);

} // namespace hiatus::client
