#include "core/codegen/names.h"

#include <cctype>

namespace synoscope::codegen {

namespace {

bool isLetter(char c)
{
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool isLetterOrDigit(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

constexpr std::string_view reserved[] = {
    // Python
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "self", "torch", "nn", "math", "super",
    "dict", "map", "max", "print", "zip",
    // C++
    "alignas", "alignof", "asm", "auto", "bool", "case", "catch", "char", "const", "constexpr", "decltype", "default",
    "delete", "do", "double", "enum", "explicit", "export", "extern", "false", "float", "friend", "goto", "inline",
    "int", "long", "mutable", "namespace", "new", "noexcept", "nullptr", "operator", "private", "protected", "public",
    "register", "short", "signed", "sizeof", "static", "std", "struct", "switch", "template", "this", "throw", "true",
    "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "xor", "not_eq",
    "bitand", "bitor", "compl", "and_eq", "or_eq", "xor_eq", "NULL", "I", "M_PI", "int64_t", "Slice",
    // members of torch modules
    "forward", "parameters", "buffers", "children", "modules", "training", "train", "eval", "apply", "clone", "to",
    "cuda", "cpu", "half", "type", "name", "state_dict", "load_state_dict", "zero_grad", "register_parameter",
    "register_buffer", "register_module", "add_module", "extra_repr", "named_parameters", "named_buffers",
    "named_children", "named_modules", "requires_grad_", "share_memory", "save", "load", "is_training", "pretty_print",
    "is_serializable", "dump_patches", "reset_parameters", "options"};

} // namespace

std::string camelCase(std::string_view name)
{
    std::string result;
    bool upper = true;
    for (const char c : name) {
        if (!isLetterOrDigit(c)) {
            upper = true;
            continue;
        }
        result += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        upper = false;
    }
    if (result.empty() || !isLetter(result[0]))
        result.insert(0, "Operator");
    return result;
}

std::string snakeCase(std::string_view name)
{
    std::string result;
    for (const char c : name) {
        if (isLetterOrDigit(c))
            result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (!result.empty() && result.back() != '_')
            result += '_';
    }
    while (!result.empty() && result.back() == '_')
        result.pop_back();
    if (result.empty() || !isLetter(result[0]))
        result.insert(0, "operator");
    return result;
}

std::string harmless(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        const bool control = static_cast<unsigned char>(c) < ' ' || c == 127;
        result += control || c == '\\' || c == '"' ? ' ' : c;
        if (result.ends_with("*/"))
            result.back() = ' ';
    }
    return result;
}

NameScope::NameScope(std::initializer_list<std::string_view> taken)
{
    for (const std::string_view word : reserved)
        taken_.emplace(word);
    for (const std::string_view word : taken)
        taken_.emplace(word);
}

std::string NameScope::claim(std::string_view wanted)
{
    std::string name;
    for (const char c : wanted)
        name += isLetterOrDigit(c) ? c : '_';
    // Neither language wants a digit in front; C++ reserves a leading underscore and two in a row.
    while (name.starts_with('_'))
        name.erase(0, 1);
    for (std::size_t at = name.find("__"); at != std::string::npos; at = name.find("__"))
        name.erase(at, 1);
    if (name.empty() || !isLetter(name[0]))
        name.insert(0, "v");
    std::string result = name;
    for (int n = 2; !taken_.insert(result).second; ++n)
        result = n == 2 && name.back() != '_' ? name + '_' : name + std::to_string(n);
    return result;
}

} // namespace synoscope::codegen
