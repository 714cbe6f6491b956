#pragma once

#include "proto/session/savedsession.h"

#include <QByteArray>

#include <cstdint>
#include <string_view>

namespace hiatus::broker {

inline QByteArray bytesOf(std::string_view text)
{
    return {text.data(), qsizetype(text.size())};
}

inline std::string textOf(const QByteArray &bytes)
{
    return bytes.toStdString();
}

/// Guards a row: its key and its value.
inline qint64 rowCheck(const QByteArray &key, const QByteArray &value)
{
    const QByteArray row = key + '\0' + value;
    return crc32({row.constData(), std::size_t(row.size())});
}

} // namespace hiatus::broker
