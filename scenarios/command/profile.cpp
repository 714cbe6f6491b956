#include "scenarios/command/profile.h"

#include "proto/wire/redact.h"
#include "scenarios/requirements/textfile.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <iostream>

namespace hiatus::command {

namespace {

/// False: it is no profile, and why is on standard error.
bool readProfile(const std::string &file, v1::Target &target)
{
    const auto text = readFile(file);
    const auto parsed = text ? parseText(file, *text, target) : tl::make_unexpected("hiatus: there is no file " + wire::redacted(file));
    if (!parsed)
        std::cerr << parsed.error() << "\n";
    return parsed.has_value();
}

bool refuse(const std::string &file, const std::string &why)
{
    std::cerr << file << ": error: " << why << "\n";
    return false;
}

} // namespace

bool readClientProfile(const std::string &file, v1::Target &target)
{
    if (!readProfile(file, target))
        return false;
    if (target.client().argument().empty())
        return refuse(file, "a profile of a client has to say `client { argument: … }`, the adapter to start");
    std::string &program = *target.mutable_client()->mutable_argument(0);
    const QString beside = QCoreApplication::applicationDirPath() + QLatin1Char('/') + QString::fromStdString(program);
    if (program.find('/') == std::string::npos && QFileInfo(beside).isExecutable())
        program = beside.toStdString();
    return true;
}

} // namespace hiatus::command
