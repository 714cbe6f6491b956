#include "minibroker/net/users.h"

#include <QCryptographicHash>
#include <QFile>
#include <QPasswordDigestor>
#include <QRandomGenerator>

#include <fmt/format.h>

#include <map>
#include <optional>

namespace hiatus::minibroker {

namespace {

constexpr int Iterations = 10'000; // some milliseconds
constexpr int SaltBytes = 16;
constexpr quint64 KeyBytes = 32;
constexpr char Scheme[] = "pbkdf2-sha256";

struct Hash
{
    int iterations = 0;
    QByteArray salt;
    QByteArray key;
};

QByteArray derive(std::string_view password, const QByteArray &salt, int iterations)
{
    return QPasswordDigestor::deriveKeyPbkdf2(QCryptographicHash::Sha256,
                                              QByteArray(password.data(), qsizetype(password.size())), salt, iterations,
                                              KeyBytes);
}

std::optional<Hash> parseHash(const QByteArray &text)
{
    const auto parts = text.split('$');
    if (parts.size() != 4 || parts[0] != Scheme)
        return std::nullopt;
    bool isNumber = false;
    Hash hash{parts[1].toInt(&isNumber), QByteArray::fromBase64(parts[2]), QByteArray::fromBase64(parts[3])};
    if (!isNumber || hash.iterations < 1 || hash.salt.isEmpty() || quint64(hash.key.size()) != KeyBytes)
        return std::nullopt;
    return hash;
}

bool isSame(const QByteArray &a, const QByteArray &b)
{
    int difference = a.size() == b.size() ? 0 : 1; // in constant time
    for (qsizetype i = 0; i < std::min(a.size(), b.size()); ++i)
        difference |= a[i] ^ b[i];
    return difference == 0;
}

} // namespace

std::string hashPassword(std::string_view password)
{
    QByteArray salt(SaltBytes, '\0');
    for (char &byte : salt)
        byte = char(QRandomGenerator::system()->bounded(256));
    const QByteArray key = derive(password, salt, Iterations);
    return fmt::format("{}${}${}${}", Scheme, Iterations, salt.toBase64().toStdString(), key.toBase64().toStdString());
}

tl::expected<broker::Authenticator, std::string> readUsers(const std::string &name)
{
    QFile file(QFile::decodeName(name.c_str()));
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(fmt::format("cannot read users file {}: {}", name, file.errorString().toStdString()));
    std::map<std::string, Hash, std::less<>> users;
    for (int number = 1; !file.atEnd(); ++number) {
        const QByteArray line = file.readLine().trimmed();
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        const qsizetype colon = line.lastIndexOf(':');
        const auto hash = parseHash(line.mid(colon + 1));
        if (colon < 1 || !hash)
            return tl::unexpected(fmt::format("{}:{}: want USER:HASH, with a hash as `minibroker --hash-password` prints it",
                                              name, number));
        users[line.left(colon).toStdString()] = *hash;
    }
    return [users](std::string_view user, std::string_view password) {
        const auto at = users.find(user);
        return at != users.end() && isSame(derive(password, at->second.salt, at->second.iterations), at->second.key);
    };
}

} // namespace hiatus::minibroker
