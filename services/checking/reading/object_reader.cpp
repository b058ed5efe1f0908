#include "checking/reading/object_reader.hpp"

#include <utility>

namespace chaiqin::checking {

void ObjectReader::start(std::span<JsonValue> values) {
    for (auto& value : values) value = JsonValue{};
    if (!unescaped_.empty()) unescaped_.clear();
    unknown_.clear();
}

JsonValue ObjectReader::read_value(std::size_t begin) {
    JsonCursor cursor(bytes_, begin);
    return read_value(cursor);
}

JsonValue ObjectReader::read_value(JsonCursor& cursor) {
    JsonValue value;
    const char c = cursor.peek();
    const auto begin = cursor.at();
    if (c == '{' || c == '[') {
        cursor.skip_value();
        value.type = c == '{' ? ValueType::object : ValueType::array;
        value.raw = bytes_.substr(begin, cursor.at() - begin);
        return value;
    }
    if (!cursor.read_scalar(value)) return JsonValue{};
    if (value.type == ValueType::string && !value.text.empty() &&
        (value.text.data() < value.raw.data() ||
         value.text.data() >= value.raw.data() + value.raw.size())) {
        value.text = unescaped_.emplace_back(value.text);
    }
    return value;
}

void ObjectReader::note_unknown(std::string_view key) {
    if (unknown_.size() >= most_unknown_keys) return;
    auto shown = shown_key(key);
    auto token = pointer_token(shown);
    unknown_.push_back({std::move(shown), std::move(token)});
}

}  // namespace chaiqin::checking
