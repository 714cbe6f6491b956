#include "scenarios/report/annotations.h"

#include "scenarios/report/counts.h"

namespace hiatus::report {

namespace {

/// What a workflow command cannot have in its message, and in a property also ':' and ','.
std::string escaped(const std::string &text, bool isProperty)
{
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '%': result += "%25"; break;
        case '\r': result += "%0D"; break;
        case '\n': result += "%0A"; break;
        case ':': result += isProperty ? "%3A" : ":"; break;
        case ',': result += isProperty ? "%2C" : ","; break;
        default: result += c;
        }
    }
    return result;
}

/// "file=…,line=…,col=…," of "file:line:column"; empty if it has no such shape.
std::string placeOf(std::string at, const std::string &root)
{
    if (at.rfind(root + "/", 0) == 0)
        at.erase(0, root.size() + 1);
    const auto column = at.rfind(':');
    const auto line = column == std::string::npos || column == 0 ? std::string::npos : at.rfind(':', column - 1);
    if (line == std::string::npos)
        return {};
    return "file=" + escaped(at.substr(0, line), true) + ",line=" + at.substr(line + 1, column - line - 1) + ",col=" + at.substr(column + 1) + ",";
}

std::string annotation(const v1::Result &result, const std::string &root)
{
    const bool isError = result.verdict() == v1::FAIL || result.verdict() == v1::ERROR;
    const auto *finding = leadingFinding(result);
    std::string message = finding ? finding->text() : result.skipped_for();
    std::string place;
    if (finding) {
        place = placeOf(finding->at(), root);
        message = finding->reason() + (finding->field().empty() ? "" : " " + finding->field()) + " " + citation(*finding) + ": " + message;
    }
    if (!result.rerun().empty())
        message += "\nrerun: " + result.rerun();
    return std::string(isError ? "::error " : "::warning ") + place + "title=" + escaped(verdictName(result.verdict()) + " " + result.variant(), true)
           + "::" + escaped(message, false) + "\n";
}

} // namespace

std::string toAnnotations(const v1::Report &report, const std::string &root)
{
    std::string text;
    for (const auto &result : report.result()) {
        if (!isAsExpected(result))
            text += annotation(result, root);
    }
    return text;
}

} // namespace hiatus::report
