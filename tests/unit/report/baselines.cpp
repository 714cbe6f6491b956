#include "baselines.h"

namespace sample {

using namespace hiatus::report;

v1::Result failed(const std::string &variant, const std::string &reason, const std::string &statement)
{
    v1::Result failure = result(variant, v1::FAIL);
    *failure.add_finding() = finding(reason, statement);
    failure.mutable_finding(0)->set_text("PUBREL \"m\" never came.");
    return failure;
}

Results resultsOf(std::initializer_list<v1::Result> list)
{
    Results results;
    for (const v1::Result &one : list)
        *results.Add() = one;
    return results;
}

Baseline baselineOf(const std::string &text)
{
    auto parsed = parseBaseline("b.txtpb", text);
    return parsed ? *parsed : Baseline{"unreadable: " + parsed.error(), {}, {}};
}

std::string entry(const std::string &variant, const std::string &more)
{
    return "expected { variant: \"" + variant + "\" verdict: \"FAIL\" " + more + " why: \"issue 12\" }\n";
}

} // namespace sample
