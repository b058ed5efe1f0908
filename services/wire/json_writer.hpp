#pragma once
// The one writer of JSON: answers of the gateway, the checks' answer, what commands print with
// --json. Values in the order in which they are written, without white space. Texts must be
// well-formed UTF-8. A writer belongs to one thread; the object and array calls must pair up.
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>

namespace chaiqin::wire {

class JsonWriter {
public:
    JsonWriter();
    ~JsonWriter();

    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);

    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
    JsonWriter& value(bool value);
    template <std::integral Number>
    JsonWriter& value(Number value) {
        if constexpr (std::is_signed_v<Number>)
            return integer(value);
        else
            return natural(value);
    }
    JsonWriter& null();
    /// null where there is none.
    template <class Value>
    JsonWriter& value(const std::optional<Value>& value_or_none) {
        return value_or_none ? value(*value_or_none) : null();
    }
    /// An array of values.
    template <std::ranges::input_range Values>
    requires(!std::convertible_to<const Values&, std::string_view>)
        JsonWriter& value(const Values& values) {
        begin_array();
        for (const auto& one : values) value(one);
        return end_array();
    }
    /// A JSON value that is written already.
    JsonWriter& raw(std::string_view json);

    JsonWriter& member(std::string_view name, const auto& of_it) { return key(name).value(of_it); }

    /// The text, once everything that was begun is ended.
    std::string take();

private:
    JsonWriter& integer(std::int64_t value);
    JsonWriter& natural(std::uint64_t value);

    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace chaiqin::wire
