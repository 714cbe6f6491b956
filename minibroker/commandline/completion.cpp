#include "minibroker/commandline/manual.h"

#include <algorithm>

namespace hiatus::commandline {

namespace {

std::string joined(const std::vector<std::string> &words)
{
    std::string text;
    for (const auto &word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

/// The names that may stand at a place: options and subcommands, and the choices of positionals.
std::string wordsOf(const CLI::App &app)
{
    std::vector<std::string> words;
    for (const auto &row : optionsOf(app)) {
        if (!row.isPositional)
            words.push_back(row.name);
        else
            words.insert(words.end(), row.choices.begin(), row.choices.end());
    }
    for (const auto *subcommand : subcommandsOf(app))
        words.push_back(subcommand->get_name());
    return joined(words);
}

/// "path --option" -> choices; nothing stands for a file.
void addBashValues(const CLI::App &app, const std::string &path, std::string &text)
{
    for (const auto &row : optionsOf(app)) {
        if (!row.isPositional && row.takesValue)
            text += "        \"" + path + " " + row.name + "\") values=\"" + joined(row.choices) + "\"; takes=1 ;;\n";
    }
    for (const auto *subcommand : subcommandsOf(app))
        addBashValues(*subcommand, path + "/" + subcommand->get_name(), text);
}

void addBashWords(const CLI::App &app, const std::string &path, std::string &text)
{
    text += "        \"" + path + "\") words=\"" + wordsOf(app) + "\" ;;\n";
    for (const auto *subcommand : subcommandsOf(app))
        addBashWords(*subcommand, path + "/" + subcommand->get_name(), text);
}

void addBashSteps(const CLI::App &app, const std::string &path, std::string &text)
{
    for (const auto *subcommand : subcommandsOf(app)) {
        const std::string inner = path + "/" + subcommand->get_name();
        text += "            \"" + path + " " + subcommand->get_name() + "\") path=\"" + inner + "\" ;;\n";
        addBashSteps(*subcommand, inner, text);
    }
}

std::string bash(const CLI::App &app)
{
    const std::string &name = app.get_name();
    std::string text = "# bash completion for " + name + "; made from its own option table\n_" + name + "()\n{\n"
                       "    local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\" path=\"\" words=\"\" values=\"\" takes=\"\" i\n"
                       "    for ((i = 1; i < COMP_CWORD; i++)); do\n        case \"$path ${COMP_WORDS[i]}\" in\n";
    addBashSteps(app, "", text);
    text += "            *) ;;\n        esac\n    done\n    case \"$path $previous\" in\n";
    addBashValues(app, "", text);
    text += "        *) ;;\n    esac\n    case \"$path\" in\n";
    addBashWords(app, "", text);
    text += "        *) ;;\n    esac\n    [ -n \"$takes\" ] && words=$values\n    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\n"
            "complete -o default -F _" + name + " " + name + "\n";
    return text;
}

/// Inside a zsh specification in single quotes.
std::string zshText(const std::string &text)
{
    std::string result;
    for (const char c : text) {
        if (c == '\'')
            result += "'\\''";
        else if (c == '[' || c == ']' || c == ':' || c == '\\')
            result += std::string("\\") + c;
        else
            result += c == '\n' ? ' ' : c;
    }
    return result;
}

std::string zshArguments(const CLI::App &app)
{
    std::string text;
    for (const auto &row : optionsOf(app)) {
        const std::string values = row.choices.empty() ? "_files" : "(" + joined(row.choices) + ")";
        if (row.isPositional)
            text += " '*:" + zshText(row.name) + ":" + values + "'";
        else
            text += " '*" + row.name + "[" + zshText(row.description) + "]" + (row.takesValue ? ":value:" + values : "") + "'";
    }
    return text;
}

std::string zsh(const CLI::App &app)
{
    const std::string &name = app.get_name();
    const auto subcommands = subcommandsOf(app);
    std::string text = "#compdef " + name + "\n# made from its own option table\n";
    if (subcommands.empty())
        return text + "_arguments" + zshArguments(app) + "\n";
    text += "local state line\n_arguments -C" + zshArguments(app) + " '1:command:((";
    for (const auto *subcommand : subcommands)
        text += subcommand->get_name() + "\\:\"" + zshText(subcommand->get_description()) + "\" ";
    text += "))' '*::arg:->args'\n[[ $state == args ]] || return\ncase $line[1] in\n";
    for (const auto *subcommand : subcommands)
        text += "    " + subcommand->get_name() + ") _arguments" + zshArguments(*subcommand) + " ;;\n";
    return text + "esac\n";
}

} // namespace

std::string completionOf(const CLI::App &app, const std::string &shell) { return shell == "zsh" ? zsh(app) : bash(app); }

} // namespace hiatus::commandline
