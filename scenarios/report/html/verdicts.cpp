#include "scenarios/report/html/verdicts.h"

#include "scenarios/report/counts.h"

namespace hiatus::report::html {

std::string letterOf(v1::Verdict verdict)
{
    switch (verdict) {
    case v1::VERDICT_UNSPECIFIED:
        return "·";
    case v1::PASS:
        return "P";
    case v1::FAIL:
        return "F";
    case v1::WARN:
        return "W";
    case v1::INCONCLUSIVE:
        return "?";
    case v1::SKIP:
        return "S";
    default:
        return "E";
    }
}

std::string classesOf(v1::Verdict verdict, bool isExpected, bool isChanged)
{
    return "v " + verdictName(verdict) + (isExpected ? " expected" : "") + (isChanged ? " changed" : "");
}

void badge(Markup &out, const v1::Result &result)
{
    const bool isForeseen = result.has_expected() && isAsExpected(result) && result.verdict() != v1::SKIP;
    out.leaf("span", letterOf(result.verdict()), {{"class", classesOf(result.verdict(), isForeseen)}});
    out.leaf("span", verdictName(result.verdict()), {{"class", "word"}});
}

void legend(Markup &out, bool isComparison)
{
    static const std::pair<v1::Verdict, const char *> all[] = {
        {v1::PASS, "kept"},
        {v1::FAIL, "a statement that binds was broken"},
        {v1::WARN, "a SHOULD, or an inference of ours, was not kept"},
        {v1::INCONCLUSIVE, "nothing is claimed: set-up failed, the target was gone, or our loop was late"},
        {v1::SKIP, "a capability is missing"},
        {v1::ERROR, "Hiatus is at fault"},
        {v1::VERDICT_UNSPECIFIED, "did not run"},
    };
    const auto item = [&out](const std::string &letter, const std::string &classes, std::string_view word,
                             std::string_view meaning) {
        out.open("li").leaf("span", letter, {{"class", classes}}).text(" ");
        if (!word.empty())
            out.leaf("b", word).text(" ");
        out.text(meaning).close();
    };
    out.open("ul", {{"class", "legend"}});
    for (const auto &[verdict, meaning] : all)
        item(letterOf(verdict), classesOf(verdict, false), verdict ? verdictName(verdict) : std::string(), meaning);
    item("F", classesOf(v1::FAIL, true), "hatched", "as the baseline expects");
    if (isComparison)
        item("F", classesOf(v1::FAIL, false, true), "cornered", "not what the column before says");
    out.close().line();
}

} // namespace hiatus::report::html
