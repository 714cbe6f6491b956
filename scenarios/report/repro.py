KEPT, REPRODUCED, DIVERGED = 0, 1, 2
REPLY = 3.0  # seconds for a reply
TYPES = {1: "CONNECT", 2: "CONNACK", 3: "PUBLISH", 4: "PUBACK", 5: "PUBREC", 6: "PUBREL", 7: "PUBCOMP", 8: "SUBSCRIBE",
         9: "SUBACK", 10: "UNSUBSCRIBE", 11: "UNSUBACK", 12: "PINGREQ", 13: "PINGRESP", 14: "DISCONNECT", 15: "AUTH"}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def encoded(value):
    out = bytearray()
    while True:
        out.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


class Packet:
    """What identifies a packet, and the fields that are compared."""

    def __init__(self, data, is_v5=False):
        self.data, self.kind, self.is_v5 = data, data[0] >> 4, is_v5
        self.name = TYPES.get(self.kind, "packet")
        length, at = varint(data, 1)
        self.body = data[at:at + length]
        self.fields = {}
        self.id = None
        try:
            self.parse()
        except (IndexError, struct.error):
            self.name = "malformed"

    def parse(self):
        body, at = self.body, 0
        if self.kind == 2:
            self.fields = {"session_present": "true" if body[0] & 1 else "false", "code": str(body[1])}
        elif self.kind == 3:
            flags = self.data[0]
            size = struct.unpack_from(">H", body)[0]
            at = 2 + size
            qos = flags >> 1 & 3
            self.fields = {"topic": body[2:at].decode("utf-8", "replace"), "qos": str(qos),
                           "dup": "true" if flags & 8 else "false", "retain": "true" if flags & 1 else "false"}
            if qos:
                self.id = struct.unpack_from(">H", body, at)[0]
                at += 2
            if self.is_v5:
                length, at = varint(body, at)
                at += length
            self.fields["payload"] = body[at:].decode("utf-8", "replace")
        elif self.kind in (4, 5, 6, 7, 8, 9, 10, 11):
            self.id = struct.unpack_from(">H", body)[0]
            self.fields = {"code": str(body[2] if len(body) > 2 and self.kind < 8 else 0)}

    def is_same(self, other):
        keys = ("topic", "payload") if self.kind == 3 else ()
        if self.kind == 3 and self.fields.get("payload", "").startswith("fence#"):
            keys = ("topic",)
        return self.kind == other.kind and all(self.fields.get(k) == other.fields.get(k) for k in keys)


class Link:
    def __init__(self, is_v5=False):
        self.is_v5 = is_v5
        self.socket = socket.create_connection((HOST, PORT), 10)
        if TLS:
            context = ssl.create_default_context()
            if not VERIFY:
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket, server_hostname=HOST)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer, self.inbox, self.ended = b"", [], False

    def read(self, deadline):
        """Takes in what comes until the deadline; True as soon as there was something."""
        if self.ended:
            return False
        self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            data = self.socket.recv(65536)
        except (socket.timeout, ssl.SSLWantReadError):
            return False
        except OSError:
            data = b""
        self.ended = not data
        self.buffer += data
        while len(self.buffer) >= 2:
            try:
                length, at = varint(self.buffer, 1)
            except IndexError:
                break
            if len(self.buffer) < at + length:
                break
            self.inbox.append(Packet(self.buffer[:at + length], self.is_v5))
            self.buffer = self.buffer[at + length:]
        return True

    def take(self, wanted, patience):
        """The first packet that is the same as the recorded one; None if it does not come."""
        deadline = time.monotonic() + patience
        while True:
            for packet in self.inbox:
                if packet.is_same(wanted):
                    self.inbox.remove(packet)
                    return packet
            if self.ended or time.monotonic() >= deadline:
                return None
            self.read(deadline)

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            self.ended = True

    def drop(self, how):
        if how == "RST":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.socket.close()
            self.ended = True
        elif how in ("FIN", "DISCONNECT", "DISCONNECT_WITH_WILL"):
            try:
                socket.socket.shutdown(self.socket, socket.SHUT_WR)
            except OSError:
                pass


def with_password(data):
    """The recorded CONNECT has *** for the password; the real one comes from HIATUS_PASSWORD."""
    hidden, password = b"\x00\x03***", os.environ.get("HIATUS_PASSWORD")
    if data[0] >> 4 != 1 or password is None or not data.endswith(hidden):
        return data
    _, at = varint(data, 1)
    body = data[at:-len(hidden)] + struct.pack(">H", len(password.encode())) + password.encode()
    return data[:1] + encoded(len(body)) + body


def with_id(data, ids):
    """Our acknowledgement carries the identifier that the broker took this time."""
    packet = Packet(data)
    if packet.kind not in (4, 5, 7) or packet.id not in ids:
        return data
    _, at = varint(data, 1)
    return data[:at] + struct.pack(">H", ids[packet.id]) + data[at + 2:]


def clean_up():
    """Ends the sessions of the recording, those of an earlier run of this script too."""
    for data in {step[3] for step in STEPS if step[0] == "send" and step[3][0] >> 4 == 1}:
        _, at = varint(data, 1)
        flags = at + 7
        link = Link()
        link.send(with_password(data[:flags] + bytes([data[flags] & 0xC0 | 2 | data[flags] & 0x3C]) + data[flags + 1:]))
        link.take(Packet(bytes([0x20, 2, 0, 0])), REPLY)
        link.send(bytes([0xE0, 0]))
        link.drop("FIN")
        link.socket.close()


def verdict(packet, link, ids):
    """The reason code, if what is seen now is what was found then."""
    reason, field = FINDING["reason"], FINDING["field"]
    if reason == "MISMATCH":
        if field == "packet_id":
            known = ids.get(int(FINDING["expected"])) if FINDING["expected"].isdigit() else None
            return reason if known is not None and packet.id != known else None
        actual = packet.fields.get(field)
        return reason if actual is not None and actual != FINDING["expected"] else None
    return reason if packet is not None else None


def absence(links):
    """Nothing came then; does it come now?"""
    reason, link = FINDING["reason"], links.get(FINDING["link"])
    word = FINDING["expected"].split(" ")[0]
    deadline = time.monotonic() + REPLY
    while link and not link.ended and time.monotonic() < deadline:
        link.read(deadline)
    if reason == "CLOSED":
        return reason if link and link.ended else None
    if reason == "STILL_OPEN":
        return reason if link and not link.ended else None
    left = [p for p in link.inbox if p.name == word and p.name != "PINGRESP"] if link else []
    return reason if not left else None


def replay():
    links, ids, last = {}, {}, 0.0
    for number, (what, name, at, data) in enumerate(STEPS):
        lane = name.split("#")[0]
        gap, last = at - last, at
        link = links.get(name)
        if what != "recv" and gap > 0.25:
            deadline = time.monotonic() + gap
            while time.monotonic() < deadline:
                if not (link and link.read(deadline)):
                    time.sleep(max(min(deadline - time.monotonic(), 0.05), 0))
        if what == "open":
            links[name] = Link(V5 != (lane in OTHER))
        elif link is None:
            continue
        elif what == "send":
            link.send(with_id(with_password(data), ids.setdefault(lane, {})))
        elif what == "drop":
            link.drop(data)
        elif what == "closed":
            deadline = time.monotonic() + REPLY
            while not link.ended and time.monotonic() < deadline:
                link.read(deadline)
        elif what == "recv":
            wanted = Packet(data, link.is_v5)
            packet = link.take(wanted, gap + REPLY)
            if number == FINDING["step"]:
                return verdict(packet, link, ids.get(lane, {}))
            if packet is None:
                print("diverged: %s did not come on %s" % (wanted.name, name))
                return "DIVERGED"
            if wanted.id is not None:
                ids.setdefault(lane, {})[wanted.id] = packet.id
    return absence(links)


def main():
    global HOST, PORT
    if len(sys.argv) > 1:
        HOST, _, port = sys.argv[1].rpartition(":")
        PORT = int(port)
    try:
        clean_up()
        reason = replay()
        clean_up()
    except OSError as error:
        print("cannot be run: %s:%s: %s" % (HOST, PORT, error))
        return DIVERGED
    if reason == "DIVERGED":
        return DIVERGED
    print("%s %s" % (reason, FINDING["text"]) if reason else "not reproduced: the target keeps " + FINDING["statement"])
    return REPRODUCED if reason else KEPT


sys.exit(main())
