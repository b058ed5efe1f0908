#pragma once
// The answer of POST /api/v1/checks and of `chaiqin check --json` as JSON text: one writer, so both
// say the same.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checking/check.hpp"

namespace chaiqin::checking {

inline constexpr std::string_view check_note = "檢核通過不代表已完成報送";
/// Caps on the details of one answer (docs/http-api.md, "Checks").
inline constexpr std::size_t check_detail_cap_per_code = 1000;
inline constexpr std::size_t check_detail_cap = 10'000;

struct CheckedFile {
    /// As sent; the answer masks it.
    std::string file_name;
    CheckResult result;
    /// The member `comparison` as JSON, of a check that compares.
    std::optional<std::string> comparison = {};
    bool passed() const { return result.error_count == 0 && !result.rejected; }
};

std::string check_answer(const std::vector<CheckedFile>& files);

}  // namespace chaiqin::checking
