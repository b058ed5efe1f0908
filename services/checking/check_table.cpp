#include "checking/check_table.hpp"

#include <algorithm>
#include <iterator>

namespace chaiqin::checking {

namespace {

void sort_and_drop_repetitions(std::vector<Code>& codes) {
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
}

template <typename Facts>
void add_codes(std::vector<Code>& codes, std::span<const Field<Facts>> fields) {
    for (const auto& field : fields) {
        for (const auto& format : field.formats) {
            if (!format.code.is_none()) codes.push_back(format.code);
        }
    }
}

}  // namespace

std::vector<Code> all_codes() {
    std::vector<Code> codes(file_codes.begin(), file_codes.end());
    std::copy(structure_codes.begin(), structure_codes.end(), std::back_inserter(codes));
    add_codes(codes, std::span<const EnvelopeField>(envelope_fields));
    for (const auto& check : envelope_checks) codes.push_back(check.code);
    for (const auto* table : {&leave_table, &overtime_table}) {
        add_codes(codes, table->fields);
        for (const auto& check : table->checks) codes.push_back(check.code);
    }
    codes.push_back(repeated_identity.code);
    sort_and_drop_repetitions(codes);
    return codes;
}

const std::vector<Code>& codes_that_always_run() {
    static const auto always = [] {
        std::vector<Code> codes(reading_codes.begin(), reading_codes.end());
        std::copy(structure_codes_needed_to_store.begin(), structure_codes_needed_to_store.end(),
                  std::back_inserter(codes));
        for (const auto* table : {&leave_table, &overtime_table}) {
            for (const auto& field : table->fields) {
                for (const auto& format : field.formats) {
                    if (format.needed_to_store) codes.push_back(format.code);
                }
            }
            for (const auto& check : table->checks) {
                if (check.needed_to_store) codes.push_back(check.code);
            }
        }
        sort_and_drop_repetitions(codes);
        return codes;
    }();
    return always;
}

}  // namespace chaiqin::checking
