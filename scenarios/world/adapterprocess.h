#pragma once

#include "hiatus/v1/client_control.pb.h"

#include <QObject>
#include <QProcess>
#include <QTemporaryDir>

#include <functional>
#include <string>
#include <vector>

namespace hiatus::world {

/// A program that drives a client library: length-delimited ClientCommand in, length-delimited ClientEvent out; what it
/// says on standard error is kept for messages. It ends with this object, and so does what it has started.
class AdapterProcess : public QObject
{
public:
    struct Told
    {
        std::function<void(const v1::ClientEvent &event)> event;
        std::function<void(const std::string &why)> ended; ///< once, by itself
    };
    AdapterProcess(const std::vector<std::string> &command, Told told);
    ~AdapterProcess() override;

    void send(const v1::ClientCommand &command);

private:
    void read();
    void ended(const std::string &why);

    Told m_told;
    QTemporaryDir m_folder; ///< the adapter's for temporary files: it is killed, and cannot tidy up itself
    QProcess m_process;
    qint64 m_session = 0;
    std::string m_input;
    bool m_isOver = false;
};

} // namespace hiatus::world
