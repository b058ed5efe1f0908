#pragma once
// JSON that the gateway writes itself: small objects of known shape. Texts must be well-formed
// UTF-8.
#include <cstdint>
#include <string>
#include <string_view>

namespace chaiqin::gateway {

/// "text" with quotes and escapes.
std::string json_string(std::string_view text);

/// One JSON object, members in the order they are added.
class JsonObject {
public:
    JsonObject& text(std::string_view name, std::string_view value);
    JsonObject& number(std::string_view name, std::int64_t value);
    JsonObject& boolean(std::string_view name, bool value);
    /// `json` is a JSON text already.
    JsonObject& raw(std::string_view name, std::string_view json);
    std::string done() &&;

private:
    void key(std::string_view name);
    std::string text_ = "{";
};

/// The object of RFC 9457: type, title, status, code and, unless "", detail.
std::string problem_object(int status, std::string_view code, std::string_view title,
                           std::string_view detail = "");
/// The same with further members ("name":json …) at its end.
std::string with_members(std::string object, std::string_view members);

}  // namespace chaiqin::gateway
