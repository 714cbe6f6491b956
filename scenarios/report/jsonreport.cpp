#include "scenarios/report/jsonreport.h"

#include "proto/wire/text.h"
#include "scenarios/report/cells.h"
#include "scenarios/report/names.h"
#include "scenarios/requirements/textfile.h"

#include <google/protobuf/util/json_util.h>

#include <QSaveFile>

#include <cmath>

namespace hiatus::report {

namespace {

namespace pb = google::protobuf;

void repairString(pb::Message &message, const pb::FieldDescriptor *field)
{
    const pb::Reflection &access = *message.GetReflection();
    if (!field->is_repeated()) {
        access.SetString(&message, field, printable(access.GetString(message, field), true));
        return;
    }
    for (int i = 0; i < access.FieldSize(message, field); ++i)
        access.SetRepeatedString(&message, field, i, printable(access.GetRepeatedString(message, field, i), true));
}

void repair(pb::Message &message)
{
    const pb::Reflection &access = *message.GetReflection();
    std::vector<const pb::FieldDescriptor *> fields;
    access.ListFields(message, &fields);
    for (const pb::FieldDescriptor *field : fields) {
        if (field->type() == pb::FieldDescriptor::TYPE_STRING) {
            repairString(message, field);
        } else if (field->type() == pb::FieldDescriptor::TYPE_DOUBLE && !field->is_repeated()) {
            if (!std::isfinite(access.GetDouble(message, field)))
                access.ClearField(&message, field);
        } else if (field->type() == pb::FieldDescriptor::TYPE_MESSAGE && field->is_repeated()) {
            for (int i = 0; i < access.FieldSize(message, field); ++i)
                repair(*access.MutableRepeatedMessage(&message, field, i));
        } else if (field->type() == pb::FieldDescriptor::TYPE_MESSAGE) {
            repair(*access.MutableMessage(&message, field));
        }
    }
}

/// Readers of the file need no MQTT decoder: every packet says itself in one line.
void addTexts(v1::Report &report)
{
    for (v1::Result &result : *report.mutable_result()) {
        if (!result.has_trace())
            continue;
        const v1::Version version = versionOf(result);
        for (v1::TraceEvent &event : *result.mutable_trace()->mutable_event()) {
            if (event.text().empty() && event.packet().kind_case() != v1::Packet::KIND_NOT_SET)
                event.set_text(wire::text(event.packet(), versionOf(event, version)));
        }
    }
}

} // namespace

std::string toJson(const v1::Report &report, JsonLayout layout)
{
    v1::Report sound = report;
    addTexts(sound);
    repair(sound);
    pb::util::JsonPrintOptions options;
    options.add_whitespace = layout == JsonLayout::Indented;
    options.preserve_proto_field_names = true;
    std::string json;
    const auto status = pb::util::MessageToJsonString(sound, &json, options);
    return status.ok() ? json : std::string("{}\n"); // a generated type always has its descriptor: cannot fail
}

tl::expected<v1::Report, std::string> fromJson(const std::string &json, const std::string &name)
{
    v1::Report report;
    const auto status = pb::util::JsonStringToMessage(json, &report);
    if (!status.ok())
        return tl::unexpected(name + ": error: not a report of hiatus: " + printable(status.message().ToString()));
    return report;
}

tl::expected<void, std::string> writeWhole(const std::string &path, const std::string &content)
{
    QSaveFile file(QString::fromStdString(path));
    const bool written =
        file.open(QIODevice::WriteOnly) &&
        file.write(content.data(), static_cast<qint64>(content.size())) == static_cast<qint64>(content.size()) &&
        file.commit();
    if (!written)
        return tl::unexpected(path + ": error: cannot be written: " + file.errorString().toStdString());
    return {};
}

tl::expected<void, std::string> writeReport(const v1::Report &report, const std::string &path)
{
    return writeWhole(path, toJson(report));
}

tl::expected<v1::Report, std::string> readReport(const std::string &path)
{
    const auto json = readFile(path);
    if (!json)
        return tl::unexpected(json.error());
    return fromJson(*json, path);
}

} // namespace hiatus::report
