

def fields(data):
    """A protobuf message as {number: [value]}; what is nested stays bytes."""
    found, at = {}, 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        else:
            size, at = varint(data, at) if tag & 7 == 2 else ({1: 8, 5: 4}[tag & 7], at)
            value, at = data[at:at + size], at + size
        found.setdefault(tag >> 3, []).append(value)
    return found


def nested(number, data):
    return encoded(number << 3 | 2) + encoded(len(data)) + data


def told(data, kind):
    """What an event of this kind says that can be compared; None: it is of another kind."""
    content = fields(data).get(kind)
    if content is None:
        return None
    inner = fields(content[0])
    if kind == 7:  # a delivery
        publish = fields(inner.get(2, [b""])[0])
        return b" ".join([publish.get(1, [b""])[0], publish.get(2, [b""])[0]])
    if kind == 8:  # a completion
        return b"given up" if 2 in inner else b"completed"
    return content[0] if kind == 5 else b""


class Adapter:
    """The client under test, behind its adapter process: length-delimited ClientCommand in, ClientEvent out."""

    def __init__(self, arguments, port):
        self.folder = tempfile.TemporaryDirectory(prefix="hiatus-")  # it is killed, and cannot tidy up itself
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env={**os.environ, "TMPDIR": self.folder.name})
        self.buffer, self.events, self.saved = b"", [], b""
        self.command(nested(2, SETUP + b"\x18" + encoded(port)))  # the port is of this run

    def command(self, data):
        restore = fields(data).get(10)
        if restore is not None:  # the session that was saved in this run, not the recorded one
            data = b"\x08" + encoded(fields(data).get(1, [0])[0]) + nested(10, nested(1, self.saved))
        try:
            self.process.stdin.write(encoded(len(data)) + data)
            self.process.stdin.flush()
        except OSError:
            raise OSError("the adapter has ended")

    def read(self, deadline):
        """Takes in what comes until the deadline; True as soon as there was something."""
        ready, _, _ = select.select([self.process.stdout], [], [], max(deadline - time.monotonic(), 0.001))
        if not ready:
            return False
        data = os.read(self.process.stdout.fileno(), 65536)
        if not data:
            raise OSError("the adapter has ended")
        self.buffer += data
        while self.buffer:
            try:
                size, at = varint(self.buffer, 0)
            except IndexError:
                break
            if len(self.buffer) < at + size:
                break
            event, self.buffer = self.buffer[at:at + size], self.buffer[at + size:]
            self.events.append(event)
            saved = fields(event).get(9)
            self.saved = fields(saved[0]).get(1, [b""])[0] if saved else self.saved
        return True

    def await_like(self, recorded, seen, patience):
        """Until as many events of the recorded one's kind have come as in the recording by then."""
        kind = max(fields(recorded))
        seen[kind] = seen.get(kind, 0) + 1
        deadline = time.monotonic() + patience
        while sum(kind in fields(event) for event in self.events) < seen[kind] and time.monotonic() < deadline:
            self.read(deadline)

    def heard(self, kind):
        """What the application was told of this kind."""
        return [said for said in (told(event, kind) for event in self.events) if said is not None]

    def end(self):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


def accepted(patience):
    SERVER.settimeout(patience)
    try:
        return Link(SERVER.accept()[0])
    except socket.timeout:
        return None


def app_verdict(adapter):
    """The application saw then what a conformant client would not have shown it; does it see the same now?"""
    deadline = time.monotonic() + REPLY
    while time.monotonic() < deadline:
        adapter.read(deadline)
    return FINDING["reason"] if adapter.heard(FINDING["event"]) == recorded(FINDING["event"]) else None


def recorded(kind):
    return [said for said in (told(data, kind) for what, _, _, data in STEPS if what == "event") if said is not None]
