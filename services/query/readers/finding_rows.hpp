#pragma once
// A finding as the statements of findings and of records give it. For the .cpp files of this
// folder.
#include "query/readers/readers.hpp"

namespace chaiqin::query::readers {

void write_finding(const postgres::Row& row, const std::string& file_name, pb::Finding& to);

}  // namespace chaiqin::query::readers
