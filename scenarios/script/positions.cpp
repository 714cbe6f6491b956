#include "scenarios/script/positions.h"

#include <google/protobuf/descriptor.h>

#include <vector>

namespace hiatus::script {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;
using Tree = TextFormat::ParseInfoTree;

std::string element(const std::string &path, int index)
{
    return path + "[" + std::to_string(index) + "]";
}

Location Positions::find(std::string path) const
{
    while (true) {
        const auto found = m_places.find(path);
        if (found != m_places.end())
            return {m_file, found->second.first, found->second.second};
        const std::size_t cut = path.find_last_of(".[");
        if (cut == std::string::npos)
            return {m_file, 1, 1};
        path.resize(cut);
    }
}

struct Positions::Walk
{
    std::map<std::string, std::pair<int, int>> &places;
    const Begin &begin;

    void message(const Message &message, const Tree &tree, const std::string &path, const std::map<std::string, int> &base)
    {
        std::vector<const FieldDescriptor *> fields;
        message.GetReflection()->ListFields(message, &fields);
        for (const FieldDescriptor *field : fields) {
            const std::string at = path.empty() ? field->name() : path + "." + field->name();
            const auto known = base.find(field->name());
            const int first = known == base.end() ? 0 : known->second;
            if (field->is_repeated())
                repeated(message, tree, *field, at, first);
            else
                single(message, tree, *field, at);
        }
    }

    // The parse tree counts singular fields as index -1.
    void single(const Message &message, const Tree &tree, const FieldDescriptor &field, const std::string &at)
    {
        place(tree, field, -1, at);
        if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
            return;
        if (const Tree *nested = tree.GetTreeForNested(&field, -1))
            this->message(message.GetReflection()->GetMessage(message, &field), *nested, at, {});
    }

    void repeated(const Message &message, const Tree &tree, const FieldDescriptor &field, const std::string &at, int first)
    {
        const int size = message.GetReflection()->FieldSize(message, &field);
        for (int i = 0; i < size; ++i) {
            const std::string item = element(at, first + i);
            if (!place(tree, field, i, item))
                place(tree, field, 0, item); // "a: [x, y]" has one place for all
            if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
                continue;
            if (const Tree *nested = tree.GetTreeForNested(&field, i))
                this->message(message.GetReflection()->GetRepeatedMessage(message, &field, i), *nested, item, {});
        }
    }

    bool place(const Tree &tree, const FieldDescriptor &field, int index, const std::string &at)
    {
        const TextFormat::ParseLocation where = tree.GetLocation(&field, index);
        if (where.line < 0)
            return false;
        places[at] = begin.place(where.line, where.column);
        return true;
    }
};

std::pair<int, int> Positions::Begin::place(int line, int column) const
{
    return {line + lines + 1, column + 1 + (line == 0 ? columns : 0)};
}

void Positions::record(const Message &message, const Tree &tree, const Begin &begin, const std::map<std::string, int> &base)
{
    Walk{m_places, begin}.message(message, tree, {}, base);
}

} // namespace hiatus::script
