#include "checking/reading/object_reader.hpp"

#include <utility>

namespace chaiqin::checking {

void ObjectReader::start(std::span<Slot> slots) {
    for (auto& slot : slots) slot = Slot{};
    if (!unescaped_.empty()) unescaped_.clear();
    unknown_.clear();
}

Slot ObjectReader::read_value(std::size_t begin) {
    JsonCursor cursor(bytes_, begin);
    return read_value(cursor);
}

Slot ObjectReader::read_value(JsonCursor& cursor) {
    Slot slot;
    const char c = cursor.peek();
    const auto begin = cursor.at();
    if (c == '{' || c == '[') {
        cursor.skip_value();
        slot.type = c == '{' ? ValueType::object : ValueType::array;
        slot.raw = bytes_.substr(begin, cursor.at() - begin);
        return slot;
    }
    if (!cursor.read_scalar(slot)) return Slot{};
    if (slot.type == ValueType::string && !slot.text.empty() &&
        (slot.text.data() < slot.raw.data() ||
         slot.text.data() >= slot.raw.data() + slot.raw.size())) {
        slot.text = unescaped_.emplace_back(slot.text);
    }
    return slot;
}

void ObjectReader::note_unknown(std::string_view key) {
    if (unknown_.size() >= most_unknown_keys) return;
    auto shown = shown_key(key);
    auto token = pointer_token(shown);
    unknown_.push_back({std::move(shown), std::move(token)});
}

}  // namespace chaiqin::checking
