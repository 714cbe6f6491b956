#include "scenarios/report/baseline.h"

#include "scenarios/requirements/textfile.h"

#include <algorithm>
#include <regex>

namespace hiatus::report {

namespace {

using Places = google::protobuf::TextFormat::ParseInfoTree;

/// Byte offset of a place as protobuf counts it: from 0, a tab leading to the next multiple of eight.
std::size_t offsetOf(const std::string &text, int line, int column)
{
    std::size_t at = 0;
    for (; line > 0 && at != std::string::npos; --line) {
        at = text.find('\n', at);
        at = at == std::string::npos ? at : at + 1;
    }
    if (at == std::string::npos)
        return text.size();
    for (int shown = 0; shown < column && at < text.size(); ++at)
        shown += text[at] == '\t' ? 8 - shown % 8 : 1;
    return at;
}

bool isDate(const std::string &text)
{
    static const std::regex pattern("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])");
    return std::regex_match(text, pattern);
}

std::string flaw(const BaselineEntry &entry)
{
    if (entry.expected.variant().empty())
        return "an entry needs a variant";
    const v1::Verdict verdict = entry.verdict;
    if (verdict != v1::FAIL && verdict != v1::WARN && verdict != v1::INCONCLUSIVE && verdict != v1::ERROR)
        return "verdict is \"" + entry.expected.verdict() + "\": FAIL, WARN, INCONCLUSIVE or ERROR can be expected";
    if (entry.expected.why().find_first_not_of(" \t\n") == std::string::npos)
        return "an entry must say why";
    if (!entry.expected.until().empty() && !isDate(entry.expected.until()))
        return "until is a date, \"2027-03-31\", not \"" + entry.expected.until() + "\"";
    return {};
}

} // namespace

tl::expected<Baseline, std::string> parseBaseline(const std::string &path, const std::string &text)
{
    v1::Baseline file;
    Places places;
    if (const auto parsed = parseText(path, text, file, &places); !parsed)
        return tl::unexpected(parsed.error());
    Baseline baseline{path, text, {}};
    const auto *field = file.GetDescriptor()->FindFieldByNumber(v1::Baseline::kExpectedFieldNumber);
    for (int i = 0; i < file.expected_size(); ++i) {
        BaselineEntry entry;
        entry.expected = file.expected(i);
        entry.place = placeOf(path, places, field, i);
        if (!v1::Verdict_Parse(entry.expected.verdict(), &entry.verdict))
            entry.verdict = v1::VERDICT_UNSPECIFIED;
        const auto range = places.GetLocationRange(field, i);
        entry.begin = offsetOf(text, range.start.line, range.start.column);
        entry.end = std::max(entry.begin, offsetOf(text, range.end.line, range.end.column));
        if (const std::string wrong = flaw(entry); !wrong.empty())
            return tl::unexpected(entry.place + ": error: " + wrong);
        baseline.entries.push_back(std::move(entry));
    }
    return baseline;
}

tl::expected<Baseline, std::string> loadBaseline(const std::string &path)
{
    const auto text = readFile(path);
    if (!text)
        return tl::unexpected(text.error());
    return parseBaseline(path, *text);
}

} // namespace hiatus::report
