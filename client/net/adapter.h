#pragma once

#include "client/net/clientpump.h"
#include "client/store/sessionstore.h"
#include "hiatus/v1/client_control.pb.h"

#include <QObject>
#include <QTemporaryDir>

#include <map>
#include <string>
#include <vector>

namespace hiatus::client {

/// Our client behind client_control.proto: commands in, events out. What drives it, and how bytes come and go, is another's.
class Adapter : public QObject
{
public:
    using Tell = std::function<void(const v1::ClientEvent &)>;

    /// With these deviations and liberties; their names have to be known.
    Adapter(std::vector<std::string> alterations, Tell tell);

    void command(const v1::ClientCommand &command);

private:
    void make();
    void connectTo(const v1::ClientCommand &command);
    void openStore();
    void acknowledge(const v1::ClientCommand &command);
    void restore(const v1::ClientCommand &command);
    void started(std::uint64_t command, tl::expected<Started, std::string> result);
    void answered(std::uint64_t command, tl::expected<Actions, std::string> result);
    void happened(const Action &action);
    void done(std::uint64_t command);
    void fail(std::uint64_t command, const std::string &why);
    void tell(v1::ClientEvent event, std::uint64_t command);

    std::vector<std::string> m_alterations;
    Tell m_tell;
    v1::Setup m_setup;
    QTemporaryDir m_folder; ///< of its store
    std::unique_ptr<SessionStore> m_store;
    std::unique_ptr<ClientPump> m_pump; ///< writes into the store
    std::map<Token, std::uint64_t> m_commands;   ///< token -> the command that it answers
    std::map<std::uint64_t, Token> m_deliveries; ///< number -> token
    std::uint64_t m_lastDelivery = 0;
};

} // namespace hiatus::client
