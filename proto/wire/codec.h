#pragma once
// The bodies of the packets, one file per group. Readers leave faults in the reader; writers write or count.

#include "proto/wire/reader.h"
#include "proto/wire/writer.h"

namespace hiatus::wire {

/// What a body cannot say of itself.
struct Body
{
    Direction direction;
    v1::Version version; ///< of the connection; set by CONNECT if it was unknown
    v1::Packet::KindCase kind;
    std::uint8_t flags;         ///< low nibble of the first byte
    std::size_t longLength = 0; ///< offset at which the remaining length proved non-minimal, 0 if it did not
};

// connectcodec.cpp
void readConnect(Reader &reader, Body &body, v1::Connect &connect);
void readConnack(Reader &reader, const Body &body, v1::Connack &connack);
void writeConnect(Writer &writer, v1::Version version, const v1::Connect &connect);
void writeConnack(Writer &writer, v1::Version version, const v1::Connack &connack);

// publishcodec.cpp
void readPublish(Reader &reader, const Body &body, v1::Publish &publish);
void readAck(Reader &reader, const Body &body, v1::Ack &ack);
void writePublish(Writer &writer, v1::Version version, const v1::Publish &publish);
void writeAck(Writer &writer, v1::Version version, const v1::Ack &ack);

// subscribecodec.cpp
void readSubscribe(Reader &reader, const Body &body, v1::Subscribe &subscribe);
void readUnsubscribe(Reader &reader, const Body &body, v1::Unsubscribe &unsubscribe);
void readSuback(Reader &reader, const Body &body, v1::Suback &suback);
void writeSubscribe(Writer &writer, v1::Version version, const v1::Subscribe &subscribe);
void writeUnsubscribe(Writer &writer, v1::Version version, const v1::Unsubscribe &unsubscribe);
/// SUBACK, and UNSUBACK, which has no codes in 3.1.1.
void writeSuback(Writer &writer, v1::Version version, v1::Packet::KindCase kind, const v1::Suback &suback);

// disconnectcodec.cpp
void readDisconnect(Reader &reader, const Body &body, v1::Disconnect &disconnect);
void readAuth(Reader &reader, const Body &body, v1::Auth &auth);
void writeDisconnect(Writer &writer, v1::Version version, const v1::Disconnect &disconnect);
void writeAuth(Writer &writer, const v1::Auth &auth);

} // namespace hiatus::wire
