#pragma once
// domain::FilingStore over schema statistics and the function statistics.filing.
#include <memory>

#include "domain/filing_store.hpp"

namespace chaiqin::postgres::statistics {

std::unique_ptr<domain::FilingStore> make_filing_store();

}  // namespace chaiqin::postgres::statistics
