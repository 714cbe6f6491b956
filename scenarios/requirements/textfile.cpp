#include "scenarios/requirements/textfile.h"

#include <google/protobuf/io/tokenizer.h>

#include <fstream>
#include <iterator>

namespace hiatus {

namespace {

std::string place(const std::string &path, int line, int column)
{
    // Protobuf counts from 0, editors from 1; -1 stands for "the file as a whole".
    if (line < 0)
        return path;
    return path + ':' + std::to_string(line + 1) + ':' + std::to_string(column + 1);
}

class FirstError : public google::protobuf::io::ErrorCollector
{
public:
    explicit FirstError(const std::string &path) : m_path(path) {}
    void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string &message) override
    {
        if (m_text.empty())
            m_text = place(m_path, line, column) + ": error: " + message;
    }
    void AddWarning(int, google::protobuf::io::ColumnNumber, const std::string &) override {}
    const std::string &text() const { return m_text; }

private:
    const std::string &m_path;
    std::string m_text;
};

} // namespace

tl::expected<std::string, std::string> readFile(const std::string &path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return tl::unexpected(path + ": error: cannot be opened");
    std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (in.bad())
        return tl::unexpected(path + ": error: cannot be read");
    return content;
}

tl::expected<void, std::string> parseText(const std::string &path, const std::string &text,
                                          google::protobuf::Message &message,
                                          google::protobuf::TextFormat::ParseInfoTree *places)
{
    FirstError error(path);
    google::protobuf::TextFormat::Parser parser;
    parser.RecordErrorsTo(&error);
    parser.WriteLocationsTo(places);
    if (parser.ParseFromString(text, &message))
        return {};
    return tl::unexpected(error.text().empty() ? path + ": error: not readable as " + message.GetTypeName()
                                               : error.text());
}

std::string placeOf(const std::string &path, const google::protobuf::TextFormat::ParseInfoTree &places,
                    const google::protobuf::FieldDescriptor *field, int index)
{
    const auto location = places.GetLocation(field, index);
    return place(path, location.line, location.column);
}

} // namespace hiatus
