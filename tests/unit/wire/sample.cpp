#include "sample.h"

#include "proto/wire/reasoncode.h"

#include <google/protobuf/text_format.h>

#include <vector>

namespace hiatus::wire::test {

namespace {

using v1::Packet;

void setProperty(google::protobuf::Message &message, const char *name, const PropertyRow &row, const Choice &choice)
{
    const auto *field = message.GetDescriptor()->FindFieldByName(name);
    const auto *reflection = message.GetReflection();
    if (isNumber(row.type)) {
        const std::uint32_t value = choice.number(row.least, row.most);
        if (field->is_repeated())
            reflection->AddUInt32(&message, field, value);
        else
            reflection->SetUInt32(&message, field, value);
    } else if (row.type == PropertyType::Pair) {
        auto *pair = static_cast<v1::UserProperty *>(reflection->AddMessage(&message, field));
        pair->set_key(choice.text());
        pair->set_value(choice.text());
    } else {
        const bool topic = row.id == PropertyId::response_topic;
        const bool binary = row.type == PropertyType::Binary;
        reflection->SetString(&message, field, topic ? choice.topic() : binary ? choice.binary() : choice.text());
    }
}

/// By reflection, so that the table is held against the schema and not against itself.
void setProperties(google::protobuf::Message &message, Places place, Direction direction, const Choice &choice)
{
    const auto put = [&](std::uint32_t id, const char *name) {
        const PropertyRow &row = *propertyRow(id);
        const bool up = direction == Direction::ToServer;
        if ((row.places & place) == 0 || (id == PropertyId::subscription_identifier && place == place::Publish && up) ||
            (id == PropertyId::session_expiry_interval && place == place::Disconnect && !up))
            return;
        const int times = (row.repeats & place) != 0 ? 3 : 1;
        for (int i = 0; i < times && choice.present(); ++i)
            setProperty(message, name, row, choice);
    };
#define HIATUS_TEST_PUT(id, type, field, name, word, places, repeats, least, most) put(id, #field);
    HIATUS_WIRE_PROPERTIES(HIATUS_TEST_PUT)
#undef HIATUS_TEST_PUT
}

std::uint32_t listedCode(const Choice &choice, Packet::KindCase kind, v1::Version version, Direction direction)
{
    std::vector<std::uint32_t> codes;
    for (std::uint32_t code = 0; code < 256; ++code) {
        if (isListedCode(kind, version, direction, code))
            codes.push_back(code);
    }
    return codes.at(choice.number(0, static_cast<std::uint32_t>(codes.size() - 1)));
}

void fill(v1::Connect &connect, const Choice &choice, v1::Version version)
{
    connect.set_protocol_name("MQTT");
    connect.set_protocol_level(version == v1::V5 ? 5 : 4);
    connect.set_client_id(choice.text());
    connect.set_clean(choice.present());
    connect.set_keep_alive(choice.number(0, 65535));
    if (version == v1::V5)
        setProperties(connect, place::Connect, Direction::ToServer, choice);
    if (!connect.has_authentication_method())
        connect.clear_authentication_data();
    if (choice.present()) {
        v1::Will &will = *connect.mutable_will();
        will.set_topic(choice.topic());
        will.set_payload(choice.binary());
        will.set_qos(choice.number(0, 2));
        will.set_retain(choice.present());
        if (version == v1::V5)
            setProperties(will, place::Will, Direction::ToServer, choice);
    }
    if (choice.present())
        connect.set_user_name(choice.text());
    if (choice.present() && (version == v1::V5 || connect.has_user_name()))
        connect.set_password(choice.binary());
}

void fill(v1::Connack &connack, const Choice &choice, v1::Version version)
{
    connack.set_code(listedCode(choice, Packet::kConnack, version, Direction::ToClient));
    connack.set_session_present(connack.code() == 0 && choice.present());
    if (version == v1::V5)
        setProperties(connack, place::Connack, Direction::ToClient, choice);
}

void fill(v1::Publish &publish, const Choice &choice, v1::Version version, Direction direction)
{
    publish.set_qos(choice.number(0, 2));
    publish.set_dup(publish.qos() != 0 && choice.present());
    publish.set_retain(choice.present());
    if (publish.qos() != 0)
        publish.set_packet_id(choice.number(1, 65535));
    if (version == v1::V5)
        setProperties(publish, place::Publish, direction, choice);
    publish.set_topic(publish.has_topic_alias() && choice.present() ? std::string() : choice.topic());
    publish.set_payload(choice.binary());
}

void fill(v1::Ack &ack, const Choice &choice, Packet::KindCase kind, v1::Version version, Direction direction)
{
    ack.set_packet_id(choice.number(1, 65535));
    if (version != v1::V5)
        return;
    ack.set_code(listedCode(choice, kind, version, direction));
    setProperties(ack, 1u << kind, direction, choice);
}

void fill(v1::Subscribe &subscribe, const Choice &choice, v1::Version version)
{
    subscribe.set_packet_id(choice.number(1, 65535));
    if (version == v1::V5)
        setProperties(subscribe, place::Subscribe, Direction::ToServer, choice);
    for (std::uint32_t i = choice.number(1, 5); i > 0; --i) {
        v1::Filter &filter = *subscribe.add_filter();
        filter.set_filter(choice.filter());
        filter.set_qos(choice.number(0, 2));
        if (version != v1::V5)
            continue;
        filter.set_no_local(filter.filter().front() != '$' && choice.present());
        filter.set_retain_as_published(choice.present());
        filter.set_retain_handling(choice.number(0, 2));
    }
}

void fill(v1::Unsubscribe &unsubscribe, const Choice &choice, v1::Version version)
{
    unsubscribe.set_packet_id(choice.number(1, 65535));
    if (version == v1::V5)
        setProperties(unsubscribe, 1u << Packet::kUnsubscribe, Direction::ToServer, choice);
    for (std::uint32_t i = choice.number(1, 5); i > 0; --i)
        unsubscribe.add_filter(choice.filter());
}

void fill(v1::Suback &suback, const Choice &choice, Packet::KindCase kind, v1::Version version)
{
    suback.set_packet_id(choice.number(1, 65535));
    if (version == v1::V5)
        setProperties(suback, 1u << kind, Direction::ToClient, choice);
    else if (kind == Packet::kUnsuback)
        return;
    for (std::uint32_t i = choice.number(1, 5); i > 0; --i)
        suback.add_code(listedCode(choice, kind, version, Direction::ToClient));
}

void fill(v1::Disconnect &disconnect, const Choice &choice, v1::Version version, Direction direction)
{
    if (version != v1::V5)
        return;
    disconnect.set_code(listedCode(choice, Packet::kDisconnect, version, direction));
    setProperties(disconnect, place::Disconnect, direction, choice);
}

void fill(v1::Auth &auth, const Choice &choice, Direction direction)
{
    auth.set_code(listedCode(choice, Packet::kAuth, v1::V5, direction));
    setProperties(auth, place::Auth, direction, choice);
    if (!auth.has_authentication_method())
        auth.set_authentication_method(choice.text());
}

Packet packetToServer(const Choice &choice, Packet::KindCase kind, v1::Version version)
{
    Packet packet;
    if (kind == Packet::kConnect)
        fill(*packet.mutable_connect(), choice, version);
    else if (kind == Packet::kSubscribe)
        fill(*packet.mutable_subscribe(), choice, version);
    else if (kind == Packet::kUnsubscribe)
        fill(*packet.mutable_unsubscribe(), choice, version);
    else if (kind == Packet::kPingreq)
        packet.mutable_pingreq();
    return packet;
}

Packet packetToClient(const Choice &choice, Packet::KindCase kind, v1::Version version)
{
    Packet packet;
    if (kind == Packet::kConnack)
        fill(*packet.mutable_connack(), choice, version);
    else if (kind == Packet::kSuback)
        fill(*packet.mutable_suback(), choice, kind, version);
    else if (kind == Packet::kUnsuback)
        fill(*packet.mutable_unsuback(), choice, kind, version);
    else if (kind == Packet::kPingresp)
        packet.mutable_pingresp();
    return packet;
}

} // namespace

v1::Packet packetOf(std::string_view textproto)
{
    v1::Packet packet;
    if (!google::protobuf::TextFormat::ParseFromString(std::string(textproto), &packet))
        packet.Clear();
    return packet;
}

Choice everything()
{
    Choice choice;
    choice.present = [] { return true; };
    choice.number = [](std::uint32_t least, std::uint32_t) { return least; };
    choice.text = [] { return "täxt"; };
    choice.topic = [] { return "a/b"; };
    choice.filter = [] { return "a/+/#"; };
    choice.binary = [] { return std::string("\0\xFF", 2); };
    return choice;
}

v1::Packet lawfulPacket(const Choice &choice, Packet::KindCase kind, v1::Version version, Direction direction)
{
    const bool up = direction == Direction::ToServer;
    Packet packet;
    switch (kind) {
    case Packet::kPublish:
        fill(*packet.mutable_publish(), choice, version, direction);
        break;
    case Packet::kPuback:
        fill(*packet.mutable_puback(), choice, kind, version, direction);
        break;
    case Packet::kPubrec:
        fill(*packet.mutable_pubrec(), choice, kind, version, direction);
        break;
    case Packet::kPubrel:
        fill(*packet.mutable_pubrel(), choice, kind, version, direction);
        break;
    case Packet::kPubcomp:
        fill(*packet.mutable_pubcomp(), choice, kind, version, direction);
        break;
    case Packet::kDisconnect:
        if (up || version == v1::V5)
            fill(*packet.mutable_disconnect(), choice, version, direction);
        break;
    case Packet::kAuth:
        if (version == v1::V5)
            fill(*packet.mutable_auth(), choice, direction);
        break;
    default:
        return up ? packetToServer(choice, kind, version) : packetToClient(choice, kind, version);
    }
    return packet;
}

} // namespace hiatus::wire::test
