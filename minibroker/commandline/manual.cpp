#include "minibroker/commandline/manual.h"

#include <algorithm>

namespace hiatus::commandline {

namespace {

/// As roff reads it: no backslash, no control line.
std::string roff(const std::string &text)
{
    std::string result;
    bool isLineStart = true;
    for (const char c : text) {
        if (isLineStart && (c == '.' || c == '\''))
            result += "\\&";
        if (c == '\\')
            result += "\\e";
        else if (c == '-')
            result += "\\-";
        else
            result += c;
        isLineStart = c == '\n';
    }
    return result;
}

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

std::string optionsPage(const CLI::App &app)
{
    std::string text;
    for (const auto &row : optionsOf(app)) {
        text += ".TP\n\\fB" + roff(row.name) + "\\fR";
        if (row.takesValue && !row.isPositional)
            text += " \\fIVALUE\\fR";
        text += "\n" + roff(row.description);
        if (!row.choices.empty()) {
            text += ":";
            for (const auto &choice : row.choices)
                text += " \\fB" + roff(choice) + "\\fR" + (&choice == &row.choices.back() ? "" : ",");
        }
        text += "\n";
    }
    return text;
}

std::string subcommandPage(const CLI::App &app, const std::string &path)
{
    const std::string name = path + " " + app.get_name();
    std::string text = ".SS \"" + roff(name) + "\"\n" + roff(app.get_description()) + "\n" + optionsPage(app);
    for (const auto *inner : subcommandsOf(app))
        text += subcommandPage(*inner, name);
    return text;
}

} // namespace

std::string manualOf(const CLI::App &app, const std::string &version)
{
    const std::string &name = app.get_name();
    const auto subcommands = subcommandsOf(app);
    const std::string description = app.get_description();
    std::string text = ".TH " + upper(name) + " 1 \"\" \"" + name + " " + version + "\"\n";
    text += ".SH NAME\n" + name + " \\- " + roff(description.substr(0, description.find_first_of(":,.\n"))) + "\n";
    text += ".SH SYNOPSIS\n.B " + name + "\n" + (subcommands.empty() ? "[OPTION]...\n" : "\\fICOMMAND\\fR [OPTION]...\n");
    text += ".SH DESCRIPTION\n" + roff(description) + "\n.SH OPTIONS\n" + optionsPage(app);
    if (!subcommands.empty())
        text += ".SH COMMANDS\n";
    for (const auto *subcommand : subcommands)
        text += subcommandPage(*subcommand, name);
    if (!app.get_footer().empty())
        text += ".SH NOTES\n" + roff(app.get_footer()) + "\n";
    return text;
}

} // namespace hiatus::commandline
