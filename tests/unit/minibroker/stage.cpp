#include "stage.h"

#include "proto/wire/text.h"

#include <google/protobuf/text_format.h>

#include <QTest>

namespace hiatus::broker {

namespace {

v1::Packet parse(const std::string &text)
{
    v1::Packet packet;
    if (!google::protobuf::TextFormat::ParseFromString(text, &packet))
        qFatal("not a packet: %s", text.c_str());
    return packet;
}

} // namespace

Stage::Stage(v1::Version version, BrokerOptions options, Rules rules)
    : m_version(version), m_make([=](const v1::BrokerState &state, Time now) -> tl::expected<MadeBroker, std::string> {
          auto engine = BrokerEngine::create(options, rules, state, now);
          if (!engine)
              return tl::unexpected(engine.error());
          auto *plain = engine->get();
          return MadeBroker{std::move(*engine), plain};
      })
{
    make({});
}

Stage::Stage(v1::Version version, std::vector<std::string> alterations, BrokerOptions options)
    : m_version(version),
      m_make([=](const v1::BrokerState &state, Time now) { return makeBroker(options, alterations, state, now); })
{
    make({});
}

void Stage::make(const v1::BrokerState &state)
{
    auto made = m_make(state, m_now);
    if (!made)
        qFatal("%s", made.error().c_str());
    m_made = std::move(*made);
}

LinkId Stage::open()
{
    const auto link = ++m_links;
    carryOut(m_made.broker->opened(link, m_now));
    return link;
}

LinkId Stage::connect(const Hello &hello)
{
    const auto link = open();
    auto packet = parse("connect { " + hello.more + " }");
    auto &connect = *packet.mutable_connect();
    connect.set_protocol_level(is5() ? 5 : 4);
    connect.set_client_id(hello.id);
    connect.set_clean(hello.clean);
    if (is5() && hello.expiry != 0)
        connect.set_session_expiry_interval(hello.expiry);
    carryOut(m_made.broker->received(link, packet, m_now));
    return link;
}

LinkId Stage::connected(const Hello &hello)
{
    const auto link = connect(hello);
    take(link);
    return link;
}

void Stage::send(LinkId link, const std::string &packet)
{
    carryOut(m_made.broker->received(link, parse(packet), m_now));
}

void Stage::malformed(LinkId link, const wire::Malformed &what)
{
    carryOut(m_made.broker->malformed(link, what, m_now));
}

void Stage::cut(LinkId link)
{
    carryOut(m_made.broker->closed(link, m_now));
}

void Stage::pass(Milliseconds time)
{
    const auto end = m_now + time;
    for (auto due = m_made.broker->nextDeadline(); due && *due <= end; due = m_made.broker->nextDeadline()) {
        m_now = std::max(m_now, *due);
        carryOut(m_made.broker->advanced(m_now));
    }
    m_now = end;
}

void Stage::restart(Milliseconds away)
{
    const auto kept = snapshot();
    m_now += away;
    make(kept);
    carryOut(m_made.broker->advanced(m_now));
}

QStringList Stage::take(LinkId link)
{
    return std::exchange(m_inbox[link], {});
}

void Stage::carryOut(const Actions &actions)
{
    for (const auto &action : actions) {
        if (const auto *send = std::get_if<SendAction>(&action))
            m_inbox[send->link] << QString::fromStdString(wire::text(send->packet, send->version));
        else
            m_inbox[std::get<CloseAction>(action).link] << QStringLiteral("(closed)");
    }
}

void bothVersions()
{
    QTest::addColumn<int>("version");
    QTest::newRow("3.1.1") << int(v1::V3);
    QTest::newRow("5.0") << int(v1::V5);
}

void bothVersionsAndLives()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<bool>("rebuilt");
    QTest::newRow("3.1.1, engine kept") << int(v1::V3) << false;
    QTest::newRow("3.1.1, engine rebuilt") << int(v1::V3) << true;
    QTest::newRow("5.0, engine kept") << int(v1::V5) << false;
    QTest::newRow("5.0, engine rebuilt") << int(v1::V5) << true;
}

} // namespace hiatus::broker
