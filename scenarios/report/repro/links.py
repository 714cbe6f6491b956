

def connected():
    """A connection to the target, TLS on it if it wants that."""
    plain = socket.create_connection((HOST, PORT), 10)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not TLS:
        return plain
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # its certificate is not what is in question
    if CERTIFICATE:
        context.load_cert_chain(CERTIFICATE, KEY or None)
    if ALPN:
        context.set_alpn_protocols(ALPN)
    return context.wrap_socket(plain, server_hostname=HOST)


class WebSocket:
    """The client's side of RFC 6455, as far as MQTT needs it."""

    def __init__(self, stream):
        self.stream, self.buffer, self.ended = stream, b"", False
        key = base64.b64encode(os.urandom(16)).decode()
        stream.sendall(("GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n" % (WS_PATH, HOST, PORT, key)).encode())
        while b"\r\n\r\n" not in self.buffer:
            data = stream.recv(4096)
            if not data:
                raise OSError("it closes instead of speaking WebSocket")
            self.buffer += data
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise OSError("no WebSocket: " + head.split(b"\r\n")[0].decode("latin-1"))

    def framed(self, opcode, data):
        size = len(data)
        head = bytes([0x80 | opcode]) + (bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size) if size < 65536 else b"\xff" + struct.pack(">Q", size))
        mask = os.urandom(4)
        return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))

    def opened(self, data):
        """The payload of what has come."""
        self.buffer += data
        payload = b""
        while len(self.buffer) >= 2:
            opcode, size, at = self.buffer[0] & 15, self.buffer[1] & 127, 2
            if size > 125:
                wide = ">H" if size == 126 else ">Q"
                at += struct.calcsize(wide)
                if len(self.buffer) < at:
                    break
                size = struct.unpack(wide, self.buffer[2:at])[0]
            if len(self.buffer) < at + size:
                break
            content, self.buffer = self.buffer[at:at + size], self.buffer[at + size:]
            if opcode == 9:
                self.stream.sendall(self.framed(10, content))
            elif opcode == 8:
                self.ended = True
            elif opcode in (0, 1, 2):
                payload += content
        return payload


ARRIVALS = itertools.count(1)  # over all connections


class Link:
    """A connection: to the broker under test, or one that the client under test has opened."""

    def __init__(self, accepted=None, is_v5=V5):
        self.is_v5 = is_v5
        self.socket = accepted or connected()
        self.frames = None if accepted or not WS_PATH else WebSocket(self.socket)
        self.buffer, self.inbox, self.ended, self.greeted = b"", [], False, None
        if self.frames:
            self.took(b"")

    def took(self, data):
        self.buffer += self.frames.opened(data) if self.frames else data
        while len(self.buffer) >= 2:
            try:
                length, at = varint(self.buffer, 1)
            except IndexError:
                break
            if len(self.buffer) < at + length:
                break
            self.inbox.append(Packet(self.buffer[:at + length], self.is_v5))
            self.inbox[-1].serial = next(ARRIVALS)
            if self.inbox[-1].kind == CONNACK:
                self.greeted = self.greeted or self.inbox[-1].serial
            self.buffer = self.buffer[at + length:]

    def read(self, deadline):
        """Takes in what comes until the deadline; True as soon as there was something."""
        if self.ended:
            return False
        self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            data = self.socket.recv(65536)
            self.took(data)
        except (socket.timeout, ssl.SSLWantReadError):
            return False
        except OSError:
            data = b""
        self.ended = not data or bool(self.frames and self.frames.ended)
        return True

    def take(self, wanted, patience, is_equal=None):
        """The packet that is the same as the recorded one, one that is equal in all before others; None if it does not come."""
        deadline = time.monotonic() + patience
        while True:
            same = [at for at, packet in enumerate(self.inbox) if packet.is_same(wanted)]
            equal = [at for at in same if is_equal is None or is_equal(self.inbox[at])]
            if equal or (same and wanted.kind not in ACKS):
                return self.inbox.pop((equal or same)[0])
            if same:  # an acknowledgement of another message; the one that is meant may follow
                deadline = min(deadline, time.monotonic() + 0.3)
            if self.ended or time.monotonic() >= deadline:
                return self.inbox.pop(same[0]) if same else None
            self.read(deadline)

    def send(self, data):
        try:
            self.socket.sendall(self.frames.framed(2, data) if self.frames else data)
        except OSError:
            self.ended = True

    def drop(self, how):
        if how == "RST" and self.socket.fileno() >= 0:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.socket.close()
            self.ended = True
        elif how in ("FIN", "DISCONNECT", "DISCONNECT_WITH_WILL"):
            try:
                socket.socket.shutdown(self.socket, socket.SHUT_WR)  # of TCP: nothing of TLS or WebSocket is said before
            except OSError:
                pass
