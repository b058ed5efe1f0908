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

}  // namespace chaiqin::gateway
