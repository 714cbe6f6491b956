#include "tests/mutants/sweep/mutation.h"

namespace hiatus::sweep {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const char *word(When when)
{
    return when == When::New ? ", new session" : when == When::Resumed ? ", resumed session" : "";
}

/// The message of the packet's kind, mutable.
Message &bodyOf(v1::Packet &packet, const FieldDescriptor *kind)
{
    return *packet.GetReflection()->MutableMessage(&packet, kind);
}

void alter(Message &body, const FieldDescriptor *field)
{
    const auto *reflection = body.GetReflection();
    switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: reflection->SetBool(&body, field, !reflection->GetBool(body, field)); break;
    case FieldDescriptor::CPPTYPE_UINT32: {
        const auto value = reflection->GetUInt32(body, field);
        const std::uint32_t most = field->name() == "qos" ? 2 : 65535;
        reflection->SetUInt32(&body, field, value < most ? value + 1 : value - 1);
        break;
    }
    case FieldDescriptor::CPPTYPE_STRING: reflection->SetString(&body, field, reflection->GetString(body, field) + "x"); break;
    default: break;
    }
    // An identifier and a QoS belong together on the wire.
    if (auto *publish = google::protobuf::DynamicCastToGenerated<v1::Publish>(&body); publish && field->name() == "qos") {
        if (publish->qos() > 0 && publish->packet_id() == 0)
            publish->set_packet_id(4711);
    }
}

bool isScalar(const FieldDescriptor *field)
{
    return !field->is_repeated() && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE;
}

bool isProperty(const FieldDescriptor *field)
{
    return field->options().GetExtension(v1::since) == v1::V5_ONLY;
}

class Maker
{
public:
    explicit Maker(std::vector<Mutation> &found) : m_found(found) {}

    void kind(const FieldDescriptor *kind, Way way)
    {
        m_kind = kind;
        m_way = way;
        m_since = v1::SINCE_UNSPECIFIED;
        fate("dropped", Fate::Dropped);
        if (way == Way::FromBroker)
            fate("doubled", Fate::Doubled);
        for (int i = 0; i < kind->message_type()->field_count(); ++i)
            field(kind->message_type()->field(i));
    }

private:
    void fate(const char *name, Fate fate)
    {
        add(name, [fate](v1::Packet &) { return fate; });
    }

    void field(const FieldDescriptor *field)
    {
        m_since = field->options().GetExtension(v1::since);
        const auto *kind = m_kind;
        if (field->is_repeated()) {
            add(field->name() + " shortened", [kind, field](v1::Packet &packet) {
                Message &body = bodyOf(packet, kind);
                if (body.GetReflection()->FieldSize(body, field) == 0)
                    return Fate::Untouched;
                body.GetReflection()->RemoveLast(&body, field);
                return Fate::Altered;
            });
            return;
        }
        if (!isScalar(field)) {
            remove(field);
            return;
        }
        add(field->name() + " altered", [kind, field](v1::Packet &packet) {
            Message &body = bodyOf(packet, kind);
            if (isProperty(field) && field->name() != "code" && !body.GetReflection()->HasField(body, field))
                return Fate::Untouched;
            alter(body, field);
            return Fate::Altered;
        });
        if (!isProperty(field) || field->name() == "code")
            return;
        remove(field);
        add(field->name() + " invented", [kind, field](v1::Packet &packet) {
            Message &body = bodyOf(packet, kind);
            if (body.GetReflection()->HasField(body, field))
                return Fate::Untouched;
            alter(body, field);
            return Fate::Altered;
        });
    }

    void remove(const FieldDescriptor *field)
    {
        add(field->name() + " removed", [kind = m_kind, field](v1::Packet &packet) {
            Message &body = bodyOf(packet, kind);
            if (!body.GetReflection()->HasField(body, field))
                return Fate::Untouched;
            body.GetReflection()->ClearField(&body, field);
            return Fate::Altered;
        });
    }

    void add(const std::string &what, std::function<Fate(v1::Packet &)> apply)
    {
        for (const When when : {When::Always, When::New, When::Resumed}) {
            if (when != When::Always && m_way == Way::ToBroker && m_kind->number() == v1::Packet::kConnect)
                continue; // whether a session is resumed is not known yet
            const std::string way = m_way == Way::FromBroker ? "sent " : "received ";
            m_found.push_back({way + m_kind->name() + ": " + what + word(when), m_way, when,
                               static_cast<v1::Packet::KindCase>(m_kind->number()), m_since, apply});
        }
    }

    std::vector<Mutation> &m_found;
    const FieldDescriptor *m_kind = nullptr;
    Way m_way = Way::FromBroker;
    v1::Since m_since = v1::SINCE_UNSPECIFIED;
};

} // namespace

std::vector<Mutation> allMutations()
{
    std::vector<Mutation> found;
    Maker maker(found);
    for (const int number : {2, 3, 4, 5, 6, 7, 9, 11, 13, 14})
        maker.kind(v1::Packet::descriptor()->FindFieldByNumber(number), Way::FromBroker);
    for (const int number : {1, 3, 4, 5, 6, 7, 8, 10, 12, 14})
        maker.kind(v1::Packet::descriptor()->FindFieldByNumber(number), Way::ToBroker);
    return found;
}

bool exists(const Mutation &mutation, v1::Version version)
{
    return mutation.since != (version == v1::V3 ? v1::V5_ONLY : v1::V3_ONLY);
}

} // namespace hiatus::sweep
