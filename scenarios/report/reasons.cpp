#include "scenarios/report/reasons.h"

#include <algorithm>

namespace hiatus::report {

const std::vector<Reason> &reasons()
{
    static const std::vector<Reason> all{
        {"MISSING", "A packet, a delivery or an event that was due did not come within its deadline."},
        {"MISMATCH",
         "The packet that was due came, but one of its fields is not what it has to be; `field` says which."},
        {"SURPLUS",
         "A packet came that nothing had asked for: no step consumed it before the fence, or before the end."},
        {"EARLY", "It came before its time: the spec timer had not run out yet."},
        {"LATE", "It came after its time and the target's grain, but within its late limit: a warning."},
        {"TOO_LATE", "It came after its time, the target's grain and its late limit."},
        {"CLOSED", "The target closed the connection where an answer was due."},
        {"STILL_OPEN", "The target owed a close of the connection and left it open."},
        {"REFUSED", "The target refused the connection: CONNACK with a code other than success."},
        {"NOT_LAWFUL", "Several behaviours are lawful here; what the target did is none of them."},
        {"FORBIDDEN", "A packet came that must never come from that point of the script on."},
        {"DUPLICATE", "A message of a numbered stream came more often than its QoS allows."},
        {"DISORDER", "Messages of a numbered stream came in another order than they were published in."},
        {"NO_DUP", "A message was delivered again without the DUP flag."},
        {"MONITOR_ACK_ORDER", "Acknowledgements were sent in another order than the packets that they answer came in."},
        {"MONITOR_PUBREL_ORDER", "PUBRELs were sent in another order than the PUBRECs that they answer came in."},
        {"TARGET_DIED", "The target's process ended while this variant was at work, and again when it ran alone."},
        {"MALFORMED", "The target sent bytes that are no MQTT packet of this version; the text names offset and rule."},
        {"SHOULD", "The behaviour is lawful, but a SHOULD advises against it: a warning."},
        {"DOWNGRADED", "Set-up got less than it asked for, lawfully (a lower QoS, say, or an answer too late to tell): the variant decides nothing."},
        {"MONITOR_PACKET_ID", "A packet identifier was taken for another message while its exchange was open, or did "
                              "not stay the same when a packet was sent again."},
        {"MONITOR_DUP", "DUP was 0 on a PUBLISH that was sent again, or 1 on one that was never sent before."},
        {"MONITOR_LIVE_RESEND", "5.0: a packet was sent again without a reconnect, or twice on one connection."},
        {"MONITOR_PUBLISH_AFTER_PUBREL", "A QoS 2 PUBLISH was sent again although its PUBREL had been sent."},
        {"MONITOR_RECEIVE_MAXIMUM", "More publishes were unacknowledged than the receiver's Receive Maximum allows."},
        {"MONITOR_ANSWER", "An acknowledgement carries an identifier that nothing open had."},
        {"MONITOR_CONNACK_FIRST", "The target sent something before CONNACK, or a second CONNACK."},
        {"MONITOR_CONNECT_FIRST", "A client sent something before CONNECT."},
        {"MONITOR_LIMITS", "The target went beyond what CONNECT or CONNACK allowed it, answered a request in part, or spoke after its DISCONNECT."},
        {"MONITOR_KEEP_ALIVE", "A client was silent for more than one and a half times the keep alive in force."},
        {"MONITOR_FORWARDED", "A message arrived with a property altered, lost or invented, or at a QoS above its publisher's."},
        {"MONITOR_ORDER",
         "Messages of one publisher, topic and QoS arrived in another order than they were published in."},
        {"HARNESS", "Hiatus itself is at fault; the text says how. Please report it."},
    };
    return all;
}

std::string_view meaningOf(std::string_view reason)
{
    const auto found = std::find_if(reasons().begin(), reasons().end(),
                                    [reason](const Reason &known) { return known.name == reason; });
    return found == reasons().end() ? std::string_view() : found->meaning;
}

bool isAbsence(std::string_view reason)
{
    return reason == "MISSING" || reason == "STILL_OPEN" || reason == "NOT_LAWFUL";
}

} // namespace hiatus::report
