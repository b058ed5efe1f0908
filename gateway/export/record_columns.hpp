#pragma once
// The columns of records as an export has them: 類別, 筆次, the Chinese names of both kinds' keys,
// 錯誤訊息. They follow from the tables of the checks.
#include <span>
#include <string_view>

#include "gateway/export/lists.hpp"

namespace chaiqin::gateway {

/// Begins the member of a column that shows a key's value; its Chinese name follows.
inline constexpr std::string_view record_value = "values.";

std::span<const ListColumn> record_columns();

}  // namespace chaiqin::gateway
