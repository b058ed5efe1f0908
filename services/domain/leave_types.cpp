#include "domain/leave_types.hpp"

#include <algorithm>
#include <utility>

#include "domain/failure.hpp"

namespace chaiqin::domain {

LeaveTypes::LeaveTypes(std::vector<LeaveType> rows) : rows_(std::move(rows)) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (rows_[i].code < 1 || rows_[i].code > 99)
            broken_invariant("a leave type's code is not in 1..99");
        by_code_[static_cast<std::size_t>(rows_[i].code)].push_back(i);
    }
    // The latest row first: the one that begins last (a row without a beginning is the oldest).
    for (auto& indexes : by_code_) {
        std::stable_sort(indexes.begin(), indexes.end(), [this](std::size_t a, std::size_t b) {
            return rows_[b].valid_from < rows_[a].valid_from;
        });
    }
}

const LeaveType* LeaveTypes::covering(int code, Day day) const {
    if (code < 0 || code > 99) return nullptr;
    for (const auto i : by_code_[static_cast<std::size_t>(code)]) {
        const auto& row = rows_[i];
        if ((!row.valid_from || *row.valid_from <= day) && (!row.valid_to || day <= *row.valid_to))
            return &row;
    }
    return nullptr;
}

const LeaveType* LeaveTypes::latest(int code) const {
    if (code < 0 || code > 99 || by_code_[static_cast<std::size_t>(code)].empty()) return nullptr;
    return &rows_[by_code_[static_cast<std::size_t>(code)].front()];
}

}  // namespace chaiqin::domain
