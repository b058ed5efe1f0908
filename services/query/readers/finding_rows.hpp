#pragma once
// A finding as the statements of findings and of records give it. For the .cpp files of this
// folder.
#include "query/readers/readers.hpp"

namespace chaiqin::query::readers {

/// The database counts kinds from 0, and severities too.
pb::FindingKind finding_kind_of(const postgres::Row& row);
pb::Severity finding_severity_of(const postgres::Row& row);

void write_finding(const postgres::Row& row, const std::string& file_name, pb::Finding& to);

}  // namespace chaiqin::query::readers
