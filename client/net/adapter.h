#pragma once

#include "client/engine/control.h"
#include "client/net/clientpump.h"
#include "client/store/sessionstore.h"
#include "hiatus/v1/client_control.pb.h"

#include <QObject>
#include <QTemporaryDir>

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
    void openStore();
    void happened(const Action &action);
    void tell(const v1::ClientEvent &event) { m_tell(event); }

    std::vector<std::string> m_alterations;
    Tell m_tell;
    v1::Setup m_setup;
    QTemporaryDir m_folder; ///< of its store
    std::unique_ptr<SessionStore> m_store;
    std::unique_ptr<ClientPump> m_pump; ///< writes into the store
    Control m_control;
};

} // namespace hiatus::client
