#include "scenarios/script/textfile.h"

#include "scenarios/script/chunks.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace hiatus::script {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;

namespace {

constexpr std::size_t MaxFileSize = 256 * 1024;
constexpr int MaxNesting = 64;
constexpr std::size_t MaxProblems = 100; // of one file

class Collector : public google::protobuf::io::ErrorCollector
{
public:
    Collector(const std::string &file, const Positions::Begin &begin, Problems &problems)
        : m_file(file), m_begin(begin), m_problems(problems)
    {
    }

    void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string &message) override
    {
        const auto [inFile, at] = m_begin.place(line, column);
        m_problems.push_back({{m_file, inFile, at}, message});
    }
    void AddWarning(int, google::protobuf::io::ColumnNumber, const std::string &) override {}

private:
    const std::string &m_file;
    const Positions::Begin &m_begin;
    Problems &m_problems;
};

std::map<std::string, int> sizesOf(const Message &message)
{
    std::map<std::string, int> sizes;
    std::vector<const FieldDescriptor *> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor *field : fields) {
        if (field->is_repeated())
            sizes[field->name()] = message.GetReflection()->FieldSize(message, field);
    }
    return sizes;
}

/// The first singular field that both have.
const FieldDescriptor *setTwice(const Message &whole, const Message &part)
{
    std::vector<const FieldDescriptor *> fields;
    part.GetReflection()->ListFields(part, &fields);
    for (const FieldDescriptor *field : fields) {
        if (!field->is_repeated() && whole.GetReflection()->HasField(whole, field))
            return field;
    }
    return nullptr;
}

/// What the parser says about the end of the text is where the block began.
void tellUnclosed(const Chunk &chunk, const Positions &positions, std::size_t before, Problems &problems)
{
    if (problems.size() > before && problems.back().message.find("got: ") + 5 == problems.back().message.size())
        problems.pop_back();
    problems.push_back({{positions.file(), chunk.line + 1, chunk.column + 1}, "this block is never closed"});
}

void parseChunk(const Chunk &chunk, Message &message, Positions &positions, Problems &problems)
{
    const Positions::Begin begin{chunk.line, chunk.column};
    TextFormat::ParseInfoTree tree;
    Collector collector(positions.file(), begin, problems);
    TextFormat::Parser parser;
    parser.RecordErrorsTo(&collector);
    parser.WriteLocationsTo(&tree);
    parser.SetRecursionLimit(MaxNesting);
    const std::unique_ptr<Message> part(message.New());
    const std::size_t before = problems.size();
    if (!parser.ParseFromString(chunk.text, part.get())) {
        if (!chunk.isClosed)
            tellUnclosed(chunk, positions, before, problems);
        if (problems.size() == before)
            problems.push_back({{positions.file(), chunk.line + 1, chunk.column + 1}, "unreadable"});
        return;
    }
    if (const FieldDescriptor *field = setTwice(message, *part)) {
        const TextFormat::ParseLocation where = tree.GetLocation(field, -1);
        const auto [line, column] = begin.place(where.line, where.column);
        problems.push_back({{positions.file(), line, column},
                            "\"" + field->name() + "\" is said twice; first at " + positions.find(field->name()).text()});
        return;
    }
    positions.record(*part, tree, begin, sizesOf(message));
    message.MergeFrom(*part);
}

/// Length of the well-formed UTF-8 sequence at `at`, 0 if there is none.
std::size_t utf8Sequence(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return byte(i) >= low && byte(i) <= high;
    };
    const unsigned first = byte(at);
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return follows(at + 1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF)
        return follows(at + 1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(at + 2) ? 3 : 0;
    if (first >= 0xF0 && first <= 0xF4) {
        const bool second = follows(at + 1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
        return second && follows(at + 2) && follows(at + 3) ? 4 : 0;
    }
    return 0;
}

bool isUtf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8Sequence(text, at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

// An escape such as "\377" makes a string that is no UTF-8 and could never be stored again.
void checkStrings(const Message &message, const std::string &path, const Positions &positions, Problems &problems)
{
    const auto *reflection = message.GetReflection();
    std::vector<const FieldDescriptor *> fields;
    reflection->ListFields(message, &fields);
    for (const FieldDescriptor *field : fields) {
        const std::string at = path.empty() ? field->name() : path + "." + field->name();
        const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
        for (int i = 0; i < size; ++i) {
            const std::string here = field->is_repeated() ? element(at, i) : at;
            if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
                checkStrings(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                                  : reflection->GetMessage(message, field),
                             here, positions, problems);
            } else if (field->type() == FieldDescriptor::TYPE_STRING) {
                const std::string value = field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                                               : reflection->GetString(message, field);
                if (!isUtf8(value))
                    problems.push_back({positions.find(here), "\"" + field->name() + "\" is not valid UTF-8"});
            }
        }
    }
}

} // namespace

void parseTextFile(std::string_view text, Message &message, Positions &positions, Problems &problems)
{
    if (text.size() > MaxFileSize) {
        problems.push_back({{positions.file(), 1, 1}, "larger than any scenario (256 KiB)"});
        return;
    }
    const std::size_t before = problems.size();
    for (const Chunk &chunk : topLevelChunks(text)) {
        if (problems.size() >= before + MaxProblems)
            break;
        parseChunk(chunk, message, positions, problems);
    }
    if (problems.size() == before)
        checkStrings(message, {}, positions, problems);
}

tl::expected<std::string, std::string> readTextFile(const std::string &path)
{
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status))
        return tl::unexpected(std::string("no such file"));
    if (!std::filesystem::is_regular_file(status))
        return tl::unexpected(std::string("not a file"));
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        return tl::unexpected(std::string("the file can't be opened"));
    std::string text(MaxFileSize + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad())
        return tl::unexpected(std::string("the file can't be read"));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

} // namespace hiatus::script
