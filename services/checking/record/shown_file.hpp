#pragma once
// A file's records as they are shown to the agency that sent it: the values of the listed keys as
// they were sent, with persons masked (docs/checks.md, "Values of records"). Reads as leniently as
// the explaining pass. Views the bytes. One file, one thread.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "checking/reading/layout.hpp"
#include "checking/reading/object_reader.hpp"
#include "checking/record/facts.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::checking {

/// Texts are cut to so many code points and `…`.
inline constexpr std::size_t shown_value_code_points = 200;

class ShownFile {
public:
    /// As sent, BOM included. Nothing: no records can be read in it (an error F05 to F10, or
    /// neither array is there).
    static std::optional<ShownFile> open(std::string_view bytes);

    std::uint32_t count(RecordKind kind) const { return layout_.of(kind).count; }
    /// An object of the listed keys that are there; null for an element that is no object or is
    /// not there.
    void write_values(wire::JsonWriter& json, RecordKind kind, std::uint32_t index);
    /// What a record calls itself, as far as it can be read.
    struct Label {
        std::optional<std::string> record_no;
        std::optional<std::int64_t> record_seq;
    };
    Label label(RecordKind kind, std::uint32_t index);

private:
    ShownFile(std::string_view bytes, Layout layout) : layout_(std::move(layout)), reader_(bytes) {}
    /// False: it is no object.
    bool read(RecordKind kind, std::uint32_t index);

    Layout layout_;
    ObjectReader reader_;
    std::array<JsonValue, KeySet::most_keys> values_;
};

}  // namespace chaiqin::checking
