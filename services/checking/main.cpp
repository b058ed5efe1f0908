// chaiqin-check-table: prints the table of checks as JSON. schemas/rules/make_rules_document.py
// writes from it what docs/rules.md says about the order of checks and what hides what.
#include <iostream>

#include "checking/check_table.hpp"
#include "wire/json_writer.hpp"

namespace {

using namespace chaiqin::checking;
using chaiqin::wire::JsonWriter;

std::vector<std::string_view> names_of(const auto& codes) {
    std::vector<std::string_view> names;
    for (const auto code : codes) names.push_back(code.name());
    return names;
}

template <typename Facts>
std::vector<std::string_view> keys_of(std::span<const Field<Facts>> fields, KeySet keys) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (keys.holds(i)) names.push_back(fields[i].key);
    }
    return names;
}

template <typename Facts, typename... Seen>
void write(JsonWriter& json, std::string_view object, std::span<const Field<Facts>> fields,
           std::span<const CrossCheck<Facts, Seen...>> checks) {
    json.begin_object().member("object", object);
    json.key("fields").begin_array();
    for (const auto& field : fields) {
        std::vector<Code> formats;
        for (const auto& format : field.formats) {
            if (!format.code.is_none()) formats.push_back(format.code);
        }
        json.begin_object().member("key", field.key).member("formats", names_of(formats));
        json.end_object();
    }
    json.end_array();
    json.key("checks").begin_array();
    for (const auto& check : checks) {
        json.begin_object().member("code", check.code.name());
        json.member("reads", keys_of(fields, check.reads));
        json.member("hidden_by", names_of(check.hidden_by)).end_object();
    }
    json.end_array().end_object();
}

}  // namespace

int main() {
    JsonWriter json;
    json.begin_object().key("objects").begin_array();
    write(json, "envelope", std::span<const EnvelopeField>(envelope_fields),
          std::span<const EnvelopeCheck>(envelope_checks));
    write(json, "leave", leave_table.fields, leave_table.checks);
    write(json, "overtime", overtime_table.fields, overtime_table.checks);
    json.end_array().member("always_running", names_of(codes_that_always_run())).end_object();
    std::cout << json.take() << '\n';
    return 0;
}
