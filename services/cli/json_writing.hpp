#pragma once
// Members of the JSON that commands print with --json, for a RapidJSON writer; its headers stand in
// the .cpp files.
#include <string>
#include <vector>

namespace chaiqin::cli {

template <class Writer>
void string_value(Writer& out, const std::string& value) {
    out.String(value.data(), static_cast<unsigned>(value.size()));
}

template <class Writer>
void member(Writer& out, const char* name, const std::string& value) {
    out.Key(name);
    string_value(out, value);
}

template <class Writer>
void member(Writer& out, const char* name, const std::vector<std::string>& values) {
    out.Key(name);
    out.StartArray();
    for (const auto& value : values) string_value(out, value);
    out.EndArray();
}

}  // namespace chaiqin::cli
