#pragma once
// Records of files as they were sent, with what was found in them (依紀錄): for the agency that
// sent the file and for nobody else. A file is opened, read and forgotten within one call; a
// request holds one file at a time, and few requests do so at once. Every answer with values has
// its audit line.
#include <vector>

#include "gateway/http/route.hpp"
#include "gateway/reading/record_files.hpp"

namespace chaiqin::gateway {

/// What is passed must outlive the routes.
std::vector<Route> record_routes(const RecordParts& parts);

}  // namespace chaiqin::gateway
