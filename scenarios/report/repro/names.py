

def with_password(data):
    """The recorded CONNECT has *** for the password; the real one comes from HIATUS_PASSWORD."""
    hidden, password = b"\x00\x03***", os.environ.get("HIATUS_PASSWORD")
    if data[0] >> 4 != CONNECT or password is None or not data.endswith(hidden):
        return data
    return resized(data, len(data) - len(hidden), hidden, struct.pack(">H", len(password.encode())) + password.encode())


def resized(data, where, old, new):
    """A packet with a piece of its body replaced."""
    _, at = varint(data, 1)
    body = data[at:where] + new + data[where + len(old):]
    return data[:1] + encoded(len(body)) + body


def with_id(data, ids, is_v5):
    """Our answer carries the identifier that the target took this time."""
    packet = Packet(data, is_v5)
    if packet.kind not in (4, 5, 7, 9, 11) or packet.id not in ids:
        return data
    return data[:packet.id_at] + struct.pack(">H", ids[packet.id]) + data[packet.id_at + 2:]


def with_client_id(data, assigned, is_v5):
    """Where the target gave us a client identifier, it is the one that it gave this time."""
    packet = Packet(data, is_v5)
    then = packet.properties.get("client_id") if packet.kind == CONNECT else None
    if then not in assigned:
        return data
    old, new = (struct.pack(">H", len(name)) + name for name in (then, assigned[then]))
    return resized(data, packet.client_id_at, old, new)


def is_v5_lane(name):
    return V5 != (name.split("#")[0] in OTHER)


def renamed(steps):
    """Client identifiers and topics of this run's own: what an earlier run left with the target is out of the way."""
    tokens = {text[:12] for what, _, _, data in steps if what == "send" and data[0] >> 4 == CONNECT
              for text in [Packet(data).properties.get("client_id", b"")] if re.match(b"h[0-9a-z]{11}", text)}
    if CLIENT or len(tokens) != 1:
        return steps
    old, new = tokens.pop(), b"h" + "".join(random.choices("0123456789abcdefghijklmnopqrstuvwxyz", k=11)).encode()
    return [(what, name, at, data if isinstance(data, str) else data.replace(old, new)) for what, name, at, data in steps]


def unowned(steps):
    """CONNECTs with names that were not this run's own then, and so are not now: an earlier run may have left them a session."""
    return [step for step in steps if step[0] == "send" and step[3][0] >> 4 == CONNECT
            and not re.match(b"(h[0-9a-z]{11}|$)", Packet(step[3], is_v5_lane(step[1])).properties.get("client_id", b""))]


def retained(packet):
    """The topics under which the target keeps something after this packet."""
    if packet.kind == PUBLISH and packet.fields.get("retain") == "true":
        return [packet.fields["topic"].encode()]
    will = packet.properties.get("will") if packet.kind == CONNECT else None
    return [will[2]] if will and will[0] & 0x20 else []


def clean_up(assigned, steps):
    """Ends the sessions of these steps, and takes their retained messages away."""
    sent = [Packet(data, is_v5_lane(name)) for what, name, _, data in steps if what == "send"]
    topics = {topic for packet in sent for topic in retained(packet)}
    for data in {with_client_id(packet.data, assigned, packet.is_v5) for packet in sent if packet.kind == CONNECT}:
        _, at = varint(data, 1)
        flags = at + 7
        link = Link(is_v5=data[at + 6] == 5)
        link.send(with_password(data[:flags] + bytes([data[flags] & 0xFC | 2]) + data[flags + 1:]))
        link.take(Packet(bytes([0x20, 2, 0, 0])), REPLY)
        for topic in topics:
            body = struct.pack(">H", len(topic)) + topic + (b"\0" if link.is_v5 else b"")
            link.send(b"\x31" + encoded(len(body)) + body)
        topics = ()
        # In 5.0 the session would outlive this connection.
        link.send(bytes([0xE0, 7, 0, 5, 0x11, 0, 0, 0, 0]) if link.is_v5 else bytes([0xE0, 0]))
        link.drop("FIN")
        link.socket.close()
