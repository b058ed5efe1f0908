#pragma once
// domain::StatisticsStore over schema statistics and the matcher's ledger.
#include <memory>
#include <string>

#include "domain/statistics_store.hpp"

namespace chaiqin::postgres::statistics {

/// `applied_ids` false: only for the negative control that shows what the set of applied batches is
/// for.
std::unique_ptr<domain::StatisticsStore> make_statistics_store(bool applied_ids = true);

/// Counts by agency, month, kind and type (the rows of a query) as rows of statistics.agency_month,
/// in the order of its columns; one that would be empty is left out.
std::string as_months(const std::string& counts);
/// Those columns behind agency and month.
inline constexpr const char* month_values =
    "leave, overtime, leave_minutes, overtime_minutes, kind_type, records, minutes";

}  // namespace chaiqin::postgres::statistics
