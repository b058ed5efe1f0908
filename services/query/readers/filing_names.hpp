#pragma once
// The names of filing states as statements and the API write them: "not_due". Used by the readers
// of rates and of the workbench. Pure.
#include <string>

#include "chaiqin/query/v1/query.pb.h"

namespace chaiqin::query::readers {

namespace pb = query::v1;

pb::FilingStatus filing_status(std::string name);
std::string filing_name(pb::FilingStatus status);

}  // namespace chaiqin::query::readers
