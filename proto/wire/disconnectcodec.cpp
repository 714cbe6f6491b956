#include "proto/wire/codec.h"
#include "proto/wire/propertyreader.h"
#include "proto/wire/propertywriter.h"
#include "proto/wire/reasoncode.h"

namespace hiatus::wire {

namespace {

std::uint8_t readCode(Reader &reader, const Body &body, const Fault &unlisted)
{
    const std::size_t offset = reader.offset();
    const std::uint8_t code = reader.byte("reason code");
    if (reader.ok() && !isListedCode(body.kind, body.version, body.direction, code))
        reader.fail(unlisted, offset);
    return code;
}

} // namespace

void readDisconnect(Reader &reader, const Body &body, v1::Disconnect &disconnect)
{
    if (body.version != v1::V5)
        return;
    // Both reason code and property length may be left out, the latter alone too.
    disconnect.set_code(reader.left() > 0 ? readCode(reader, body, fault::DisconnectCode) : 0u);
    if (reader.left() > 0)
        readProperties(reader, place::Disconnect, body.direction, disconnect);
}

void readAuth(Reader &reader, const Body &body, v1::Auth &auth)
{
    auth.set_code(0);
    if (reader.left() == 0) // success without properties: the one AUTH that may lack its method
        return;
    auth.set_code(readCode(reader, body, fault::AuthCode));
    const PropertyBlock block = readProperties(reader, place::Auth, body.direction, auth);
    if (!block.has(PropertyId::authentication_method))
        reader.fail(fault::AuthMethodMissing, block.lengthOffset);
}

void writeDisconnect(Writer &writer, v1::Version version, const v1::Disconnect &disconnect)
{
    if (version != v1::V5)
        return;
    const std::size_t properties = propertySize(disconnect);
    if (disconnect.code() == 0 && properties == 0)
        return;
    writer.byte(disconnect.code());
    if (properties != 0)
        writeProperties(writer, disconnect);
}

void writeAuth(Writer &writer, const v1::Auth &auth)
{
    const std::size_t properties = propertySize(auth);
    if (auth.code() == 0 && properties == 0)
        return;
    writer.byte(auth.code());
    writeProperties(writer, auth);
}

} // namespace hiatus::wire
