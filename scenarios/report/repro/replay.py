class Replay:
    """Plays the recording again. What differs from it is noted: a target that does what it did then does all of it again."""

    def __init__(self, adapter):
        self.adapter, self.links, self.seen, self.taken = adapter, {}, {}, {}
        self.sessions, self.assigned = {}, {}
        self.unlike, self.missing, self.why, self.pinging = [], [], "", set()
        self.dropped = set()
        self.next_ping = 0.0

    def run(self):
        """The reason code; None if it does not happen again; "DIVERGED"."""
        last = 0.0
        for number, (what, name, at, data) in enumerate(STEPS):
            gap, last = at - last, at
            if what not in ("recv", "event") and gap > 0.25:
                self.wait(self.links.get(name), gap)
            outcome = getattr(self, "do_" + what)(number, name, data, gap)
            if outcome:
                return self.judged(None if outcome == "KEPT" else outcome)
        return self.judged(app_verdict(self.adapter) if FINDING["event"] else self.absence())

    def judged(self, reason):
        """The same reason counts only if the target did the same before."""
        self.why = self.why or next((text for _, _, text in self.unlike if "assigned_client_identifier" in text), "")
        if "assigned_client_identifier" in self.why:  # what connects with it later is another session than it was
            return None
        if reason in (None, "DIVERGED") or not self.missing:
            return reason
        return self.diverged(self.missing[0])

    def diverged(self, why):
        self.why = why
        return "DIVERGED"

    def kept(self, why):
        self.why = self.why or why
        return "KEPT"

    def session(self, name):
        return self.sessions.setdefault(name, self.sessions.setdefault(name.split("#")[0], Session()))

    def wait(self, link, gap):
        deadline = time.monotonic() + gap
        while time.monotonic() < deadline:
            if not (link and link.read(deadline)):
                time.sleep(max(min(deadline - time.monotonic(), 0.05), 0))

    def do_open(self, number, name, data, gap):
        link = accepted(gap + REPLY) if CLIENT else Link(is_v5=is_v5_lane(name))
        if link is None:
            return self.diverged("the client did not connect for " + name)
        self.links[name] = link

    def do_send(self, number, name, data, gap):
        if name not in self.links:
            return
        if data[0] >> 4 == PINGREQ:
            self.pinging.add(name)
        data = with_client_id(data, self.assigned, self.links[name].is_v5)
        if data[0] >> 4 == CONNECT:  # lanes may share a session
            self.sessions[name] = self.sessions.setdefault(Packet(data).properties.get("client_id"), self.session(name))
        self.links[name].send(with_id(with_password(data), self.session(name).ids, self.links[name].is_v5))

    def do_drop(self, number, name, data, gap):
        self.pinging.discard(name)
        self.dropped.add(name)
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
            return self.diverged("nobody is there to do that")

    def do_recv(self, number, name, data, gap):
        wanted, began = Packet(data, is_v5_lane(name)), time.monotonic()
        link, session = self.links.get(name), self.session(name)
        patience = gap + (REPLY if not self.missing else 0.5 if len(self.missing) < 5 else 0.1)
        packet = link.take(wanted, patience, lambda each: not session.difference(wanted, each)) if link else None
        taken = self.taken.setdefault(name.split("#")[0], [])
        if number == FINDING["step"]:
            return self.witnessed(packet, wanted, link, taken, time.monotonic() - began, gap)
        if packet is None:
            return self.not_come(wanted, name, link)
        difference = session.difference(wanted, packet)
        if difference:
            self.unlike.append((name, packet.kind, "%s on %s: %s" % (packet.name, name, difference)))
        packet.link = link
        taken.append(packet)
        session.note(wanted, packet)
        if wanted.kind == CONNACK and "assigned_client_identifier" in packet.properties:
            then, now = (each.properties.get("assigned_client_identifier", "").encode() for each in (wanted, packet))
            self.assigned[then] = now

    def witnessed(self, packet, wanted, link, taken, waited, gap):
        """The packet that was wrong then."""
        session = self.session(STEPS[FINDING["step"]][1])
        if packet is None:
            return self.kept("%s does not come" % wanted.name)
        if "ORDER" in FINDING["reason"]:
            return FINDING["reason"] if is_out_of_order(packet, taken, link.inbox) else "KEPT"
        if FINDING["reason"] == "MONITOR_CONNACK_FIRST":
            return FINDING["reason"] if not link.greeted or packet.serial < link.greeted else "KEPT"
        overtaken = [other for other in taken if other.link is link and other.serial > packet.serial]
        if overtaken and FINDING["reason"].startswith("MONITOR_"):  # those look at what came before
            return self.kept("%s comes before %s" % (packet.name, overtaken[0].name))
        return verdict(packet, wanted, session, waited, gap) or self.kept(session.difference(wanted, packet))

    def not_come(self, wanted, name, link):
        """What came then does not come now. A fault may be why it came: is what was missing, or late, here in its place?"""
        inbox = link.inbox if link else []
        witness = Packet(STEPS[FINDING["step"]][3], link.is_v5) if FINDING["step"] >= 0 and inbox else None
        is_witness = lambda packet: packet.is_same(witness) if witness else name == FINDING["link"] and is_missed(packet)
        if FINDING["reason"] in ("MISSING", "DISORDER", "MONITOR_ORDER") and any(map(is_witness, inbox)):
            return self.kept("what was due comes")
        accused = self.links.get(FINDING["link"]) if FINDING["reason"] == "STILL_OPEN" else None
        while accused and accused.read(time.monotonic()):
            pass
        if accused and accused.ended:
            return self.kept("the target closes the connection")
        self.missing.append("%s did not come on %s" % (wanted.name, name))

    def absence(self):
        """Nothing came then; does it come now?"""
        reason, link = FINDING["reason"], self.links.get(FINDING["link"])
        if CLIENT and not FINDING["link"]:
            return None if accepted(REPLY) else reason  # it did not connect
        if not link:
            return None
        is_here = lambda: any(map(is_missed, link.inbox))
        deadline = time.monotonic() + max(REPLY, FINDING["until"] - STEPS[-1][2] + 1)
        is_done = lambda: reason != "STILL_OPEN" and (is_here() or self.surplus())
        while not (link.ended or is_done()) and time.monotonic() < deadline:
            self.keep_alive()
            if self.adapter:
                self.adapter.read(time.monotonic() + 0.01)
            for each in self.links.values():
                each.read(time.monotonic() + 0.01)
        if reason == "STILL_OPEN":
            return None if link.ended else reason
        if is_here() or (reason == "CLOSED" and not link.ended):
            return None
        if reason != "CLOSED" and link.ended and any("closes the connection" in words for words in missed()):
            return None
        self.why = self.surplus() or self.difference()
        return None if self.why else reason

    def keep_alive(self):
        """Who went on speaking in the recording goes on now."""
        if time.monotonic() < self.next_ping:
            return
        self.next_ping = time.monotonic() + 0.5
        for name in self.pinging:
            self.links[name].send(b"\xc0\0")

    def surplus(self):
        """What did not come then, on a connection that we had not given up."""
        for name, link in self.links.items():
            for packet in link.inbox:
                if name not in self.dropped and packet.name not in ("PINGREQ", "PINGRESP"):
                    return "%s comes on %s" % (packet.name, name)
        if self.adapter and any(len(self.adapter.heard(kind)) > len(recorded(kind)) for kind in (7, 8)):
            return "the application is told more"
        return ""

    def difference(self):
        """Of what was told on the lane in question, or on any where one of several things was lawful; how the target greets us is
        no matter, unless that is what it is about."""
        lane, is_any = FINDING["link"].split("#")[0], FINDING["reason"] == "NOT_LAWFUL"
        for name, kind, text in self.unlike:
            is_here = name.split("#")[0] == lane
            if (is_here or is_any) and (kind != CONNACK or (is_here and is_any)):
                return text
        return ""


def played():
    """Once, from the begin to the end: the outcome, and why it is not the same."""
    global SERVER, STEPS
    STEPS = renamed(RECORDED)
    if not CLIENT:
        clean_up({}, unowned(STEPS))
        replay = Replay(None)
        outcome = replay.run()
        clean_up(replay.assigned, STEPS)
        return outcome, replay.why
    SERVER = socket.create_server(("127.0.0.1", 0))
    adapter = Adapter(sys.argv[1:] or CLIENT, SERVER.getsockname()[1])
    try:
        replay = Replay(adapter)
        return replay.run(), replay.why
    finally:
        adapter.end()
        SERVER.close()


def main():
    global HOST, PORT, RECORDED
    RECORDED = STEPS
    if not CLIENT and len(sys.argv) > 1:
        HOST, _, port = sys.argv[1].rpartition(":")
        PORT = int(port)
    reasons, whys = [], []
    try:
        while len(reasons) < FINDING["tries"] and not (reasons and reasons[-1] not in (None, "DIVERGED")):
            reason, why = played()
            reasons, whys = reasons + [reason], whys + [why]
    except OSError as error:
        print("cannot be run: %s: %s" % (" ".join(sys.argv[1:] or CLIENT) if CLIENT else "%s:%s" % (HOST, PORT), error))
        return DIVERGED
    if reasons[-1] not in (None, "DIVERGED"):
        print("%s %s" % (reasons[-1], FINDING["text"]))
        return REPRODUCED
    is_kept = None in reasons
    why = whys[reasons.index(None) if is_kept else 0] or "the target keeps " + FINDING["statement"]
    print(("not reproduced: " if is_kept else "diverged: ") + why)
    if FINDING["tries"] > 1:
        print("Parties act at once in this scenario, in another order each time: %d tries prove little." % len(reasons))
    if not is_kept or FINDING["tries"] > 1:
        print("To try the whole scenario: " + FINDING["rerun"])
    return KEPT if is_kept else DIVERGED


sys.exit(main())
