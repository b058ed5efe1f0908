#include "checking/record/shown_file.hpp"

#include "checking/file_checks.hpp"
#include "checking/reading/nested_text.hpp"
#include "checking/record/table.hpp"

namespace chaiqin::checking {

namespace {

constexpr std::string_view hidden = "***";
/// A number that is longer is shown as a text, cut.
constexpr std::size_t longest_number = 40;

std::string shown(std::string_view text) { return shown_text(text, shown_value_code_points); }

void write_as_sent(wire::JsonWriter& json, const JsonValue& value) {
    switch (value.type) {
        case ValueType::string:
            json.value(shown(value.text));
            break;
        case ValueType::integer:
        case ValueType::number:
            if (value.raw.size() <= longest_number)
                json.raw(value.raw);
            else
                json.value(shown(value.raw));
            break;
        case ValueType::boolean:
            json.value(value.truth);
            break;
        case ValueType::object:
        case ValueType::array:
            json.value(shown(nested_text(value.raw, shown_value_code_points)));
            break;
        default:
            json.null();
    }
}

/// What is no string where a person should be tells nothing but that.
void write_person(wire::JsonWriter& json, const JsonValue& value, Shown how) {
    if (value.type == ValueType::null)
        json.null();
    else if (value.type != ValueType::string)
        json.value(hidden);
    else if (how == Shown::masked_id)
        json.value(value.text.empty() ? "" : shown(masked_person_id(value.text)));
    else
        json.value(value.text.empty() ? "" : masked_person_name(value.text));
}

}  // namespace

std::optional<ShownFile> ShownFile::open(std::string_view bytes) {
    if (F05(bytes)) return std::nullopt;
    if (F12(bytes)) bytes.remove_prefix(bom.size());
    auto scanned = scan_layout(bytes, SeededHash::of_process());
    if (scanned.fault || F07(scanned.layout) || F10(scanned.layout)) return std::nullopt;
    if (!scanned.layout.of(RecordKind::leave).is_array &&
        !scanned.layout.of(RecordKind::overtime).is_array)
        return std::nullopt;
    return ShownFile(bytes, std::move(scanned.layout));
}

bool ShownFile::read(RecordKind kind, std::uint32_t index) {
    const auto& elements = layout_.of(kind).at;
    if (index >= elements.size() || !reader_.is_object_at(elements[index])) return false;
    const auto& fields = table_of(kind).fields;
    reader_.read_object(elements[index], fields, std::span(values_).first(fields.size()));
    return true;
}

void ShownFile::write_values(wire::JsonWriter& json, RecordKind kind, std::uint32_t index) {
    if (!read(kind, index)) {
        json.null();
        return;
    }
    const auto& fields = table_of(kind).fields;
    json.begin_object();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (values_[i].type == ValueType::missing) continue;
        json.key(fields[i].key);
        if (fields[i].shown == Shown::masked_id || fields[i].shown == Shown::masked_name)
            write_person(json, values_[i], fields[i].shown);
        else
            write_as_sent(json, values_[i]);
    }
    json.end_object();
}

ShownFile::Label ShownFile::label(RecordKind kind, std::uint32_t index) {
    if (!read(kind, index)) return {};
    Label label;
    const auto &record_no = values_[key::record_no], &record_seq = values_[key::record_seq];
    if (record_no.type == ValueType::string) label.record_no = shown_text(record_no.text);
    if (record_seq.type == ValueType::integer) label.record_seq = record_seq.integer;
    return label;
}

}  // namespace chaiqin::checking
