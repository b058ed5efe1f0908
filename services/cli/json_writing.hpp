#pragma once
// JSON that commands print with --json: a writer and the members they share.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>
#include <vector>

namespace chaiqin::cli {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

inline void string_value(Writer& out, const std::string& value) {
    out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

inline void member(Writer& out, const char* name, const std::string& value) {
    out.Key(name);
    string_value(out, value);
}

inline void member(Writer& out, const char* name, const std::vector<std::string>& values) {
    out.Key(name);
    out.StartArray();
    for (const auto& value : values) string_value(out, value);
    out.EndArray();
}

}  // namespace chaiqin::cli
