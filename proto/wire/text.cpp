#include "proto/wire/text.h"

#include "proto/wire/printer.h"

#include <string>

namespace hiatus::wire {

namespace {

using v1::Packet;

void print(Printer &out, const v1::Will &will)
{
    out.raw(" will=[");
    if (will.has_qos())
        out.word("q", will.qos());
    out.flag("RETAIN", will.retain());
    if (will.has_topic())
        out.name(will.topic());
    if (will.has_payload())
        out.data(will.payload());
    printProperties(out, will);
    out.raw("]");
}

void print(Printer &out, const v1::Connect &connect)
{
    if (connect.has_client_id())
        out.id("client_id", connect.client_id());
    if (connect.has_clean())
        out.number("clean", connect.clean() ? 1 : 0);
    if (connect.has_keep_alive())
        out.number("keep_alive", connect.keep_alive());
    if (connect.has_protocol_name() && connect.protocol_name() != "MQTT")
        out.text("protocol", connect.protocol_name());
    if (connect.has_protocol_level())
        out.number("level", connect.protocol_level());
    if (connect.has_user_name())
        out.text("user_name", connect.user_name());
    if (connect.has_password())
        out.binary("password", connect.password());
    if (connect.has_will())
        print(out, connect.will());
    printProperties(out, connect);
}

void print(Printer &out, const v1::Connack &connack)
{
    if (connack.has_session_present())
        out.number("session_present", connack.session_present() ? 1 : 0);
    if (connack.has_code())
        out.code(connack.code());
    printProperties(out, connack);
}

void print(Printer &out, const v1::Publish &publish)
{
    if (publish.has_qos())
        out.word("q", publish.qos());
    out.flag("DUP", publish.dup());
    out.flag("RETAIN", publish.retain());
    if (publish.has_packet_id())
        out.number("id", publish.packet_id());
    if (publish.has_topic())
        out.name(publish.topic());
    if (publish.has_payload())
        out.data(publish.payload());
    printProperties(out, publish);
}

void print(Printer &out, const v1::Ack &ack)
{
    if (ack.has_packet_id())
        out.number("id", ack.packet_id());
    if (ack.has_code())
        out.code(ack.code());
    printProperties(out, ack);
}

void print(Printer &out, const v1::Filter &filter)
{
    out.name(filter.filter());
    if (filter.has_qos())
        out.word("q", filter.qos());
    out.flag("no_local", filter.no_local());
    out.flag("retain_as_published", filter.retain_as_published());
    if (filter.retain_handling() != 0)
        out.number("retain_handling", filter.retain_handling());
}

void print(Printer &out, const v1::Subscribe &subscribe)
{
    if (subscribe.has_packet_id())
        out.number("id", subscribe.packet_id());
    for (int i = 0; i < subscribe.filter_size(); ++i) {
        if (i > 0)
            out.raw(",");
        print(out, subscribe.filter(i));
    }
    printProperties(out, subscribe);
}

void print(Printer &out, const v1::Unsubscribe &unsubscribe)
{
    if (unsubscribe.has_packet_id())
        out.number("id", unsubscribe.packet_id());
    for (int i = 0; i < unsubscribe.filter_size(); ++i) {
        if (i > 0)
            out.raw(",");
        out.name(unsubscribe.filter(i));
    }
    printProperties(out, unsubscribe);
}

void print(Printer &out, const v1::Suback &suback)
{
    if (suback.has_packet_id())
        out.number("id", suback.packet_id());
    for (int i = 0; i < suback.code_size(); ++i) {
        if (i > 0)
            out.raw(",");
        out.code(suback.code(i));
    }
    printProperties(out, suback);
}

void print(Printer &out, const v1::Disconnect &disconnect)
{
    if (disconnect.has_code())
        out.code(disconnect.code());
    printProperties(out, disconnect);
}

void print(Printer &out, const v1::Auth &auth)
{
    if (auth.has_code())
        out.code(auth.code());
    printProperties(out, auth);
}

void print(Printer &out, const v1::Wire &wire)
{
    out.raw(" wire=[");
    if (wire.has_flags())
        out.number("flags", wire.flags());
    if (wire.has_remaining_length())
        out.number("remaining_length", wire.remaining_length());
    if (wire.has_length_bytes())
        out.number("length_bytes", wire.length_bytes());
    if (wire.has_append_hex())
        out.text("append_hex", wire.append_hex());
    if (wire.has_truncate_to())
        out.number("truncate_to", wire.truncate_to());
    if (wire.has_hex())
        out.text("hex", wire.hex());
    out.raw("]");
}

void printBody(Printer &out, const Packet &packet)
{
    switch (packet.kind_case()) {
    case Packet::kConnect:
        return print(out, packet.connect());
    case Packet::kConnack:
        return print(out, packet.connack());
    case Packet::kPublish:
        return print(out, packet.publish());
    case Packet::kPuback:
        return print(out, packet.puback());
    case Packet::kPubrec:
        return print(out, packet.pubrec());
    case Packet::kPubrel:
        return print(out, packet.pubrel());
    case Packet::kPubcomp:
        return print(out, packet.pubcomp());
    case Packet::kSubscribe:
        return print(out, packet.subscribe());
    case Packet::kSuback:
        return print(out, packet.suback());
    case Packet::kUnsubscribe:
        return print(out, packet.unsubscribe());
    case Packet::kUnsuback:
        return print(out, packet.unsuback());
    case Packet::kDisconnect:
        return print(out, packet.disconnect());
    case Packet::kAuth:
        return print(out, packet.auth());
    case Packet::kPingreq:
    case Packet::kPingresp:
    case Packet::KIND_NOT_SET:
        return;
    }
}

} // namespace

std::string_view kindName(Packet::KindCase kind)
{
    switch (kind) {
    case Packet::kConnect:
        return "CONNECT";
    case Packet::kConnack:
        return "CONNACK";
    case Packet::kPublish:
        return "PUBLISH";
    case Packet::kPuback:
        return "PUBACK";
    case Packet::kPubrec:
        return "PUBREC";
    case Packet::kPubrel:
        return "PUBREL";
    case Packet::kPubcomp:
        return "PUBCOMP";
    case Packet::kSubscribe:
        return "SUBSCRIBE";
    case Packet::kSuback:
        return "SUBACK";
    case Packet::kUnsubscribe:
        return "UNSUBSCRIBE";
    case Packet::kUnsuback:
        return "UNSUBACK";
    case Packet::kPingreq:
        return "PINGREQ";
    case Packet::kPingresp:
        return "PINGRESP";
    case Packet::kDisconnect:
        return "DISCONNECT";
    case Packet::kAuth:
        return "AUTH";
    case Packet::KIND_NOT_SET:
        break;
    }
    return "?";
}

std::string text(const Packet &packet, v1::Version version)
{
    Printer out(packet.kind_case(), version);
    out.raw(kindName(packet.kind_case()));
    printBody(out, packet);
    if (packet.has_wire())
        print(out, packet.wire());
    return out.take();
}

} // namespace hiatus::wire
