#pragma once
// Table 19's tables (V0006): staging, loads and the rows for memory. `CareerLoads` and
// `Table19Source` have a session of their own each and are used by one thread each; staging works
// in the stage loop's transaction.
#include <memory>

#include "domain/career_store.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::matching {

std::unique_ptr<domain::CareerStaging> make_career_staging();
/// The session should have no statement time-out: a load of a million rows is one statement in
/// places.
std::unique_ptr<domain::CareerLoads> make_career_loads(SessionSettings settings);
std::unique_ptr<domain::Table19Source> make_table19_source(SessionSettings settings);

}  // namespace chaiqin::postgres::matching
