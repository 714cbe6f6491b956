#include "scenarios/command/profile.h"

#include "proto/wire/redact.h"
#include "scenarios/lifecycle/profile.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <filesystem>
#include <iostream>
#include <optional>
#include <utility>

namespace hiatus::command {

namespace {

bool refuse(const std::string &file, const std::string &why)
{
    std::cerr << file << ": error: " << why << "\n";
    return false;
}

} // namespace

bool readClientProfile(const std::string &file, v1::Target &target)
{
    if (!QFileInfo::exists(QString::fromStdString(file))) {
        std::cerr << "hiatus: there is no file " << wire::redacted(file) << "\n";
        return false;
    }
    const auto folder = std::filesystem::absolute(file).parent_path().string();
    auto profile = lifecycle::loadProfile(file, [&folder](const std::string &name) { return name == "profile" ? std::optional(folder) : std::nullopt; });
    if (!profile) {
        std::cerr << profile.error() << "\n";
        return false;
    }
    target = std::move(profile->target);
    if (target.client().argument().empty())
        return refuse(file, "a profile of a client has to say `client { argument: … }`, the adapter to start");
    std::string &program = *target.mutable_client()->mutable_argument(0);
    const QString beside = QCoreApplication::applicationDirPath() + QLatin1Char('/') + QString::fromStdString(program);
    if (program.find('/') == std::string::npos && QFileInfo(beside).isExecutable())
        program = beside.toStdString();
    return true;
}

} // namespace hiatus::command
