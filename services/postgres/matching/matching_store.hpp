#pragma once
// domain::MatchingStore over the schema `matching` (V0005, V0006). Has no state of its own: any
// thread may call it with its own transaction.
#include <memory>

#include "domain/matching_store.hpp"

namespace chaiqin::postgres::matching {

std::unique_ptr<domain::MatchingStore> make_matching_store();

}  // namespace chaiqin::postgres::matching
