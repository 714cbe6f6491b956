

def clean_up():
    """Ends the sessions of the recording, those of an earlier run of this script too."""
    for data in {step[3] for step in STEPS if step[0] == "send" and step[3][0] >> 4 == 1}:
        _, at = varint(data, 1)
        flags = at + 7
        link = Link()
        link.send(with_password(data[:flags] + bytes([data[flags] & 0xC0 | 2 | data[flags] & 0x3C]) + data[flags + 1:]))
        link.take(Packet(bytes([0x20, 2, 0, 0])), REPLY)
        # In 5.0 the session would outlive this connection, and be resumed by the recording's first CONNECT.
        link.send(bytes([0xE0, 7, 0, 5, 0x11, 0, 0, 0, 0]) if data[at + 6] == 5 else bytes([0xE0, 0]))
        link.drop("FIN")
        link.socket.close()


def is_met(now, then):
    """Does the field hold what was expected? Texts and lists are what they were in the recording, or they are right."""
    expected = FINDING["expected"]
    allowed = expected.removesuffix(", or absent")
    if now is None:
        return allowed != expected or expected in ("absent", "[]")
    if expected == "absent":
        return False
    if allowed.startswith("one of "):
        return now in allowed[7:].split(", ")
    least, most = re.search("at least ([0-9]+)", allowed), re.search("at most ([0-9]+)", allowed)
    if least or most:
        return (not least or int(now) >= int(least[1])) and (not most or int(now) <= int(most[1]))
    is_told = re.fullmatch(r"[0-9]+|0x[0-9A-F]+|true|false|\[[0-9].*", allowed)
    return now == allowed if is_told else now != then


def is_out_of_order(packet, before):
    """All that came before it in the recording came before it now too; rightly one of them would have waited."""
    return all(other.serial < packet.serial for other in before if other.kind == packet.kind)


def verdict(packet, wanted, ids, waited, gap):
    """The reason code, if what is seen now is what was found then."""
    reason, field = FINDING["reason"], FINDING["field"]
    if packet is None:
        return None
    if reason == "MISMATCH":
        if field == "packet_id":
            known = ids.get(int(FINDING["expected"])) if FINDING["expected"].isdigit() else None
            return reason if known is not None and packet.id != known else None
        return None if is_met(packet.value(field), wanted.value(field)) else reason
    if reason == "EARLY":
        return reason if waited < gap + 0.5 else None
    if reason in ("LATE", "TOO_LATE"):
        return reason if waited > gap - 0.5 else None
    if wanted.id in ids and packet.id != ids[wanted.id]:
        return None
    differing = {k for k in wanted.fields if packet.fields.get(k) != wanted.fields[k]}
    return None if differing - {"payload"} else reason  # a payload that differs is a fence's


def missed():
    """What did not come then, in words; where one of several things was lawful, each of them."""
    return re.findall("expected (.+?), got", FINDING["text"]) if FINDING["reason"] == "NOT_LAWFUL" else [FINDING["expected"]]


def is_like(packet, words):
    """The payload stands at the end of the words, where it can be read."""
    payload = re.search('"([ !#-\\[\\]-~]*)"$', words)
    return packet.name == words.split(" ")[0] and (packet.kind != 3 or not payload or packet.fields.get("payload") == payload[1])


def is_missed(packet):
    return any(is_like(packet, words) for words in missed())


def absence(links):
    """Nothing came then; does it come now?"""
    reason, link = FINDING["reason"], links.get(FINDING["link"])
    if CLIENT and not FINDING["link"]:
        return None if accepted(REPLY) else reason  # it did not connect
    came = lambda: reason != "STILL_OPEN" and any(map(is_missed, link.inbox))
    deadline = time.monotonic() + REPLY
    while link and not link.ended and not came() and time.monotonic() < deadline:
        link.read(deadline)
    if reason == "CLOSED":
        return reason if link and link.ended and not came() else None
    if reason == "STILL_OPEN":
        return reason if link and not link.ended else None
    is_closed = link and link.ended and any("closes the connection" in words for words in missed())
    return None if link and (came() or is_closed) else reason


class Replay:
    def __init__(self, adapter):
        self.adapter, self.links, self.ids, self.seen, self.taken = adapter, {}, {}, {}, {}

    def run(self):
        """The reason code; None if the target does right; "DIVERGED"."""
        last = 0.0
        for number, (what, name, at, data) in enumerate(STEPS):
            gap, last = at - last, at
            if what not in ("recv", "event") and gap > 0.25:
                self.wait(self.links.get(name), gap)
            outcome = getattr(self, "do_" + what)(number, name, data, gap)
            if outcome:
                return None if outcome == "KEPT" else outcome
        return app_verdict(self.adapter) if FINDING["event"] else absence(self.links)

    def wait(self, link, gap):
        deadline = time.monotonic() + gap
        while time.monotonic() < deadline:
            if not (link and link.read(deadline)):
                time.sleep(max(min(deadline - time.monotonic(), 0.05), 0))

    def do_open(self, number, name, data, gap):
        link = accepted(gap + REPLY) if CLIENT else Link(is_v5=V5 != (name.split("#")[0] in OTHER))
        if link is None:
            print("diverged: the client did not connect for " + name)
            return "DIVERGED"
        self.links[name] = link

    def do_send(self, number, name, data, gap):
        if name in self.links:
            self.links[name].send(with_id(with_password(data), self.ids.setdefault(name.split("#")[0], {})))

    def do_drop(self, number, name, data, gap):
        if name in self.links:
            self.links[name].drop(data)

    def do_closed(self, number, name, data, gap):
        deadline, link = time.monotonic() + REPLY, self.links.get(name)
        while link and not link.ended and time.monotonic() < deadline:
            link.read(deadline)

    def do_app(self, number, name, data, gap):
        self.adapter.command(data)

    def do_event(self, number, name, data, gap):
        self.adapter.await_like(data, self.seen, gap + REPLY)

    def do_target(self, number, name, data, gap):
        try:
            input("The target is %s now; do it, then press Enter. " % data)
        except EOFError:
            print("diverged: nobody is there to do that")
            return "DIVERGED"

    def do_recv(self, number, name, data, gap):
        wanted, began = Packet(data, V5 != (name.split("#")[0] in OTHER)), time.monotonic()
        link, ids = self.links.get(name), self.ids.setdefault(name.split("#")[0], {})
        packet = link.take(wanted, gap + REPLY) if link else None
        taken = self.taken.setdefault(name.split("#")[0], [])
        if number == FINDING["step"]:
            if packet and "ORDER" in FINDING["reason"]:
                return FINDING["reason"] if is_out_of_order(packet, taken) else "KEPT"
            return verdict(packet, wanted, ids, time.monotonic() - began, gap) or "KEPT"
        if packet is None:
            return self.diverged(wanted, name)
        taken.append(packet)
        if wanted.id is not None and wanted.kind in (3, 6, 8, 10):  # what begins an exchange; answers have our own
            ids[wanted.id] = packet.id

    def diverged(self, wanted, name):
        """What came then does not come now. A fault may be why it came: is what was missing, or late, here in its place?"""
        inbox = self.links[name].inbox if name in self.links else []
        witness = Packet(STEPS[FINDING["step"]][3], self.links[name].is_v5) if FINDING["step"] >= 0 and inbox else None
        is_witness = lambda packet: packet.is_same(witness) if witness else name == FINDING["link"] and is_missed(packet)
        if FINDING["reason"] in ("MISSING", "DISORDER", "MONITOR_ORDER") and any(map(is_witness, inbox)):
            return "KEPT"
        print("diverged: %s did not come on %s" % (wanted.name, name))
        return "DIVERGED"


def main():
    global HOST, PORT, SERVER
    adapter = None
    try:
        if CLIENT:
            SERVER = socket.create_server(("127.0.0.1", 0))
            adapter = Adapter(sys.argv[1:] or CLIENT, SERVER.getsockname()[1])
            reason = Replay(adapter).run()
        else:
            if len(sys.argv) > 1:
                HOST, _, port = sys.argv[1].rpartition(":")
                PORT = int(port)
            clean_up()
            reason = Replay(None).run()
            clean_up()
    except OSError as error:
        print("cannot be run: %s: %s" % (" ".join(sys.argv[1:] or CLIENT) if CLIENT else "%s:%s" % (HOST, PORT), error))
        return DIVERGED
    finally:
        if adapter:
            adapter.end()
    if reason == "DIVERGED":
        return DIVERGED
    print("%s %s" % (reason, FINDING["text"]) if reason else "not reproduced: the target keeps " + FINDING["statement"])
    return REPRODUCED if reason else KEPT


sys.exit(main())
