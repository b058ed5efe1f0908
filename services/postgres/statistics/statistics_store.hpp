#pragma once
// domain::StatisticsStore over schema statistics and the matcher's ledger.
#include <memory>

#include "domain/statistics_store.hpp"

namespace chaiqin::postgres::statistics {

/// `applied_ids` false: only for the negative control that shows what the set of applied batches is
/// for.
std::unique_ptr<domain::StatisticsStore> make_statistics_store(bool applied_ids = true);

}  // namespace chaiqin::postgres::statistics
