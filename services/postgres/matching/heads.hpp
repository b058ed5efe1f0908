#pragma once
// The last stored line of each of some identities, as they are at one moment: what a file is
// compared with before it is sent. Read by the query service with its own rights.
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "domain/comparison.hpp"
#include "postgres/binary.hpp"

namespace chaiqin::postgres::matching {

/// Runs a statement; all of them must see one moment.
using RunInMoment = std::function<Rows(const Sql& sql, const Params& params)>;

/// In no order; identities of which nothing is stored are left out.
std::vector<domain::StoredHead> stored_heads(const RunInMoment& run, const std::string& agency,
                                             std::span<const std::uint64_t> identities);

}  // namespace chaiqin::postgres::matching
