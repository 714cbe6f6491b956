KEPT, REPRODUCED, DIVERGED = 0, 1, 2
REPLY = 3.0  # seconds for a reply
CONNECT, CONNACK, PUBLISH, PUBREL, PINGREQ = 1, 2, 3, 6, 12
ACKS = (4, 5, 6, 7)
CHOSEN = (3, 6, 8, 10)  # whose identifier is the sender's choice; the others answer with the one that they were sent
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


def text(data):
    return data.decode("utf-8", "replace")


def code(value):
    return "0x%02X" % value


# Identifier -> name, and how it is written: B, H, I: numbers; v: a variable byte integer; s: string or binary data; p: a pair.
PROPERTIES = {1: ("payload_format_indicator", "B"), 2: ("message_expiry_interval", "I"), 3: ("content_type", "s"),
              8: ("response_topic", "s"), 9: ("correlation_data", "s"), 11: ("subscription_identifier", "v"),
              17: ("session_expiry_interval", "I"), 18: ("assigned_client_identifier", "s"), 19: ("server_keep_alive", "H"),
              21: ("authentication_method", "s"), 22: ("authentication_data", "s"), 23: ("request_problem_information", "B"),
              24: ("delay_interval", "I"), 25: ("request_response_information", "B"), 26: ("response_information", "s"),
              28: ("server_reference", "s"), 31: ("reason_string", "s"), 33: ("receive_maximum", "H"),
              34: ("topic_alias_maximum", "H"), 35: ("topic_alias", "H"), 36: ("maximum_qos", "B"), 37: ("retain_available", "B"),
              38: ("user_property", "p"), 39: ("maximum_packet_size", "I"), 40: ("wildcard_subscription_available", "B"),
              41: ("subscription_identifiers_available", "B"), 42: ("shared_subscription_available", "B")}


class Body:
    """Reads a packet's body from its begin to its end."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, form):
        value = struct.unpack_from(">" + form, self.data, self.at)[0]
        self.at += struct.calcsize(form)
        return value

    def variable(self):
        value, self.at = varint(self.data, self.at)
        return value

    def string(self):
        size = self.number("H")
        self.at += size
        return self.data[self.at - size:self.at]

    def rest(self):
        left, self.at = self.data[self.at:], len(self.data)
        return left

    def is_over(self):
        return self.at >= len(self.data)

    def properties(self):
        """By name; what may come several times is a list."""
        found, end = {}, self.variable()
        end += self.at
        while self.at < end:
            name, form = PROPERTIES.get(self.variable(), ("", ""))
            if form == "v":
                found.setdefault(name, []).append(str(self.variable()))
            elif form == "p":
                found.setdefault(name, []).append((text(self.string()), text(self.string())))
            elif form:
                found[name] = text(self.string()) if form == "s" else str(self.number(form))
            else:
                raise IndexError("no such property")
        if "subscription_identifier" in found:
            found["subscription_identifier"] = "[%s]" % ", ".join(sorted(found["subscription_identifier"]))
        return found


class Packet:
    """What identifies a packet, and the fields that are compared: as the finding writes them, where it writes a number."""

    def __init__(self, data, is_v5=V5):
        length, at = varint(data, 1)
        self.data, self.kind, self.is_v5 = data[:at + length], data[0] >> 4, is_v5  # a malformed one was recorded with what follows it
        self.name = TYPES.get(self.kind, "packet")
        self.fields, self.properties, self.id, self.id_at = {}, {}, None, at
        try:
            self.parse(Body(data[at:]))
        except (IndexError, struct.error):
            self.name = "malformed"

    def parse(self, body):
        if self.kind == 1:
            self.parse_connect(body)
        elif self.kind == 2:
            self.fields = {"session_present": "true" if body.number("B") & 1 else "false", "code": code(body.number("B"))}
            self.properties = body.properties() if self.is_v5 and not body.is_over() else {}
        elif self.kind == 3:
            self.parse_publish(body)
        elif self.kind in (4, 5, 6, 7):
            self.id = body.number("H")
            self.parse_reason(body)
        elif self.kind in (8, 9, 10, 11):
            self.id = body.number("H")
            self.properties = body.properties() if self.is_v5 else {}
            if self.kind in (9, 11):
                self.properties["code"] = "[%s]" % ", ".join(map(code, body.rest()))
            else:
                self.properties["filter"] = body.rest()
                self.properties["subscription_identifier"] = self.properties.get("subscription_identifier", "").strip("[]") or None
        elif self.kind in (14, 15):
            self.parse_reason(body)

    def parse_connect(self, body):
        self.properties = {"protocol_name": body.string(), "protocol_level": str(body.number("B"))}
        flags = body.number("B")
        self.fields = {"clean": "true" if flags & 2 else "false", "keep_alive": str(body.number("H"))}
        if self.is_v5:
            self.properties.update(body.properties())
        self.client_id_at = self.id_at + body.at
        self.properties["client_id"] = body.string()
        if flags & 4:
            will = body.properties() if self.is_v5 else {}
            self.properties["will"] = (flags & 0x38, will, body.string(), body.string())
        if flags & 0x80:
            self.properties["user_name"] = body.string()

    def parse_publish(self, body):
        flags = self.data[0]
        qos = flags >> 1 & 3
        self.fields = {"topic": text(body.string()), "qos": str(qos), "dup": "true" if flags & 8 else "false", "retain": "true" if flags & 1 else "false"}
        self.id_at += body.at
        self.id = body.number("H") if qos else None
        self.properties = body.properties() if self.is_v5 else {}
        self.fields["payload"] = text(body.rest())

    def parse_reason(self, body):
        self.fields = {"code": code(0 if body.is_over() else body.number("B"))}
        self.properties = body.properties() if self.is_v5 and not body.is_over() else {}

    def value(self, path):
        """Of a field as a finding names it; of "user_property[0].value" the whole list."""
        name = path.split(".")[0].split("[")[0]
        return self.fields.get(name, self.properties.get(name))

    def without_id(self):
        """The bytes, with a lawful identifier blotted out: it may be another one each time."""
        return self.data if not self.id else self.data[:self.id_at] + b"id" + self.data[self.id_at + 2:]

    def is_same(self, other):
        """The same message, or answer, whatever else it says."""
        keys = ("topic", "payload") if self.kind == 3 else ()
        if self.kind == 3 and self.fields.get("payload", "").startswith("fence#"):
            keys = ("topic",)
        return self.kind == other.kind and all(self.fields.get(k) == other.fields.get(k) for k in keys)


