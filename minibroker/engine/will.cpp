// Wills: due when the connection is gone without a word, after their delay or with the session, whichever is first.

#include "minibroker/engine/state.h"

namespace hiatus::broker {

namespace {

v1::Publish publishOf(const v1::Will &will)
{
    v1::Publish publish;
    publish.set_topic(will.topic());
    publish.set_payload(will.payload());
    publish.set_qos(will.qos());
    publish.set_retain(will.retain());
    if (will.has_message_expiry_interval())
        publish.set_message_expiry_interval(will.message_expiry_interval());
    if (will.has_payload_format_indicator())
        publish.set_payload_format_indicator(will.payload_format_indicator());
    if (will.has_content_type())
        publish.set_content_type(will.content_type());
    if (will.has_response_topic())
        publish.set_response_topic(will.response_topic());
    if (will.has_correlation_data())
        publish.set_correlation_data(will.correlation_data());
    *publish.mutable_user_property() = will.user_property();
    return publish;
}

Deadline willOf(Session &session)
{
    return {.kind = Deadline::Kind::Will, .number = session.number, .session = &session};
}

} // namespace

void scheduleWill(State &state, Session &session)
{
    if (!session.will || !session.disconnectedAt)
        return;
    const auto due = state.rules.willDueAt(session, *session.disconnectedAt);
    scheduleWillAt(state, session, state.rules.publishesWillAt(due));
}

void settleWill(State &state, Session &session)
{
    if (!session.will || !session.disconnectedAt)
        return;
    if (state.rules.willDueAt(session, *session.disconnectedAt) <= state.now)
        publishWill(state, session, WillCause::ConnectionLost);
    else
        dropWill(state, session);
}

void scheduleWillAt(State &state, Session &session, Time due)
{
    state.deadlines.move(session.willDue, willOf(session), due);
}

/// [3.1.1 MQTT-3.1.2-10] [5.0 MQTT-3.1.2-10]
void dropWill(State &state, Session &session)
{
    session.will.reset();
    state.deadlines.move(session.willDue, willOf(session), {});
}

void publishWill(State &state, Session &session, WillCause cause)
{
    if (!session.will)
        return;
    auto publish = publishOf(*session.will);
    const bool due = state.rules.publishesWill(session, cause);
    dropWill(state, session);
    noteSession(state, session);
    if (!due)
        return;
    publish.set_qos(std::min(publish.qos(), state.options.maximumQos));
    const auto publication = std::make_shared<const Publication>(publish, publish.topic(), state.now);
    retain(state, publication);
    route(state, publication, &session);
}

} // namespace hiatus::broker
