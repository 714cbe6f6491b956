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

    def __init__(self, data, is_v5=V5):
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
        if self.kind == 1:
            at = 2 + struct.unpack_from(">H", body)[0]
            self.fields = {"clean": "true" if body[at + 1] & 2 else "false", "keep_alive": str(struct.unpack_from(">H", body, at + 2)[0])}
        elif self.kind == 2:
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


def with_password(data):
    """The recorded CONNECT has *** for the password; the real one comes from HIATUS_PASSWORD."""
    hidden, password = b"\x00\x03***", os.environ.get("HIATUS_PASSWORD")
    if data[0] >> 4 != 1 or password is None or not data.endswith(hidden):
        return data
    _, at = varint(data, 1)
    body = data[at:-len(hidden)] + struct.pack(">H", len(password.encode())) + password.encode()
    return data[:1] + encoded(len(body)) + body


def with_id(data, ids):
    """Our answer carries the identifier that the target took this time."""
    packet = Packet(data)
    if packet.kind not in (4, 5, 7, 9, 11) or packet.id not in ids:
        return data
    _, at = varint(data, 1)
    return data[:at] + struct.pack(">H", ids[packet.id]) + data[at + 2:]
