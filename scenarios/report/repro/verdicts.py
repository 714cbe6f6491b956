

VOLATILE = {"message_expiry_interval", "assigned_client_identifier", "reason_string"}  # another one each time, lawfully


class Session:
    """What the parties of a session, or of a lane, have told each other: identifiers then and now."""

    def __init__(self):
        self.ids, self.messages = {}, {}

    def note(self, wanted, packet):
        if wanted.id is not None and wanted.kind in CHOSEN:
            self.ids[wanted.id] = packet.id
        if wanted.kind == PUBLISH and wanted.id is not None:
            self.messages[self.key(wanted)] = (wanted.id, packet.id)

    @staticmethod
    def key(packet):
        return packet.fields.get("topic"), packet.fields.get("payload")

    def is_other_id(self, wanted, packet):
        """Is the identifier another one than it was then? Only what it was before, and what we chose, can be compared."""
        if not wanted.id or not packet.id:  # there is none, or the unlawful 0
            return wanted.id != packet.id
        if wanted.kind not in CHOSEN:
            return wanted.id != packet.id
        if wanted.kind == PUBLISH:
            then, now = self.messages.get(self.key(wanted), (None, None))
            return then is not None and (wanted.id == then) != (packet.id == now)
        if wanted.id in self.ids:
            return packet.id != self.ids[wanted.id]
        return wanted.kind == PUBREL and packet.id in self.ids.values()

    def difference(self, wanted, packet, careless=()):
        """In words; None if they say the same, but for the fields that are `careless`."""
        if "malformed" in (wanted.name, packet.name):
            return None if wanted.without_id() == packet.without_id() else "it is written in another way"
        if wanted.data[0] != packet.data[0] and wanted.kind != PUBLISH:
            return "other flags"
        then, now = ({**of.fields, **of.properties} for of in (wanted, packet))
        if str(then.get("payload")).startswith("fence#"):
            del then["payload"], now["payload"]
        for name in sorted(then.keys() | now.keys()):
            if name in careless or (name in VOLATILE and name in then and name in now):
                continue
            if then.get(name) != now.get(name):
                return "%s is %s, and was %s" % (name, now.get(name, "absent"), then.get(name, "absent"))
        return "the packet identifier is %s, and was %s" % (packet.id, wanted.id) if self.is_other_id(wanted, packet) else None


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


def is_out_of_order(packet, before, left):
    """What came before it in the recording, and no more, came before it now too; rightly one of them would have waited, or gone first."""
    is_earlier = lambda other: other.kind == packet.kind and other.serial < packet.serial
    return all(map(is_earlier, (other for other in before if other.kind == packet.kind))) and not any(map(is_earlier, left))


def is_out_of_order(packet, before, left):
    """What came before it in the recording, and no more, came before it now too; rightly one of them would have waited, or gone first."""
    is_earlier = lambda other: other.kind == packet.kind and other.serial < packet.serial
    return all(map(is_earlier, (other for other in before if other.kind == packet.kind))) and not any(map(is_earlier, left))


def verdict(packet, wanted, session, waited, gap):
    """The reason code, if what is seen now is what was found then."""
    reason, field = FINDING["reason"], FINDING["field"]
    if reason == "MISMATCH":
        if field == "packet_id":
            known = int(FINDING["expected"]) if FINDING["expected"].isdigit() else None
            if wanted.kind in CHOSEN:  # which identifier that is now
                known = session.ids.get(known)
            return reason if known is not None and packet.id != known else None
        return None if is_met(packet.value(field), wanted.value(field)) else reason
    if reason == "EARLY":
        return reason if waited < gap + 0.5 else None
    if reason in ("LATE", "TOO_LATE"):
        return reason if waited > gap - 0.5 else None
    if reason == "MALFORMED":
        return reason if packet.without_id() == wanted.without_id() else None
    if "still in use" in FINDING["text"] and wanted.id in session.ids:
        return reason if packet.id == session.ids[wanted.id] else None
    # Whether a message that nobody had asked for was sent once before, on a connection that is gone, is a race.
    return None if session.difference(wanted, packet, ("dup",) if reason in ("SURPLUS", "FORBIDDEN") else ()) else reason


def missed():
    """What did not come then, in words; where one of several things was lawful, each of them."""
    return re.findall("expected (.+?), got", FINDING["text"]) if FINDING["reason"] == "NOT_LAWFUL" else [FINDING["expected"]]


def is_like(packet, words):
    """The payload stands at the end of the words, where it can be read."""
    payload = re.search('"([ !#-\\[\\]-~]*)"$', words)
    return packet.name == words.split(" ")[0] and (packet.kind != PUBLISH or not payload or packet.fields.get("payload") == payload[1])


def is_missed(packet):
    return any(is_like(packet, words) for words in missed())
