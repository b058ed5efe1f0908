#include "query/readers/record_types.hpp"

#include <array>
#include <string_view>

namespace chaiqin::query::readers {

namespace {

constexpr std::array<std::string_view, 4> overtime_names{"", "一般", "專案", "季節性週期性"};

}  // namespace

std::string kind_text(int kind) { return kind == 0 ? "leave" : "overtime"; }

std::string type_text(int kind, int type) {
    const auto digits = std::to_string(type);
    return kind == 0 && digits.size() < 2 ? "0" + digits : digits;
}

std::string type_name(const domain::LeaveTypes& leave_types, int kind, int type) {
    if (kind == 0) {
        const auto* row = leave_types.latest(type);
        return row ? row->name : std::to_string(type);
    }
    return type >= 1 && type < static_cast<int>(overtime_names.size())
               ? std::string(overtime_names[static_cast<std::size_t>(type)])
               : std::to_string(type);
}

}  // namespace chaiqin::query::readers
