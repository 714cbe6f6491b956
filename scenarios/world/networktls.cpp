#include "scenarios/world/networktls.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

#include <fmt/format.h>

namespace hiatus::world {

namespace {

tl::expected<QList<QSslCertificate>, std::string> certificates(const char *field, const std::string &path)
{
    const auto found = QSslCertificate::fromPath(QString::fromStdString(path));
    if (found.isEmpty())
        return tl::unexpected(fmt::format("{}: {} holds no certificate in PEM", field, path));
    return found;
}

QSslKey keyIn(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    const QByteArray pem = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    for (const auto algorithm : {QSsl::Rsa, QSsl::Ec}) {
        const QSslKey key(pem, algorithm);
        if (!key.isNull())
            return key;
    }
    return {};
}

} // namespace

tl::expected<QSslConfiguration, std::string> tlsConfiguration(const TlsFiles &files)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setPeerVerifyMode(files.isInsecure ? QSslSocket::VerifyNone : QSslSocket::VerifyPeer);
    if (!files.ca.empty()) {
        const auto found = certificates("ca_file", files.ca);
        if (!found)
            return tl::unexpected(found.error());
        tls.setCaCertificates(*found);
    }
    if (files.certificate.empty() != files.key.empty())
        return tl::unexpected(std::string("certificate_file and key_file go together"));
    if (!files.certificate.empty()) {
        const auto chain = certificates("certificate_file", files.certificate);
        if (!chain)
            return tl::unexpected(chain.error());
        const QSslKey key = keyIn(files.key);
        if (key.isNull())
            return tl::unexpected(fmt::format("key_file: {} holds no private key in PEM", files.key));
        tls.setLocalCertificateChain(*chain);
        tls.setPrivateKey(key);
    }
    QList<QByteArray> alpn;
    for (const auto &protocol : files.alpn)
        alpn.push_back(QByteArray::fromStdString(protocol));
    tls.setAllowedNextProtocols(alpn);
    return tls;
}

} // namespace hiatus::world
