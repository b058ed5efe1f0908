#pragma once
// From the members of a list's row to the cells of its columns. Pure.
#include <functional>
#include <string_view>
#include <vector>

#include "domain/registry.hpp"
#include "gateway/export/lists.hpp"
#include "gateway/export/members.hpp"
#include "gateway/export/sheet.hpp"

namespace chaiqin::gateway {

/// A row by the names of its members.
using RowMembers = std::function<Value(std::string_view member)>;

/// The columns that are shown: `by` is the parameter of that name, "" where the list has none.
std::vector<ListColumn> shown_columns(const ExportedList& list, std::string_view by);
SheetColumn sheet_column(const ListColumn& column);
/// Names of agencies are those of `today`.
Cell cell_of(const ListColumn& column, const RowMembers& row, const domain::Registry& registry,
             domain::Day today);
/// "2026-11-05 09:31:02"
std::string time_text(domain::Instant at);

}  // namespace chaiqin::gateway
