#pragma once
// How kinds and types of records are written and named in answers. For the .cpp files of this
// folder. Pure.
#include <string>

#include "domain/leave_types.hpp"

namespace chaiqin::query::readers {

/// As the database counts kinds: 0 leave, 1 overtime.
std::string kind_text(int kind);
/// Leave types are written with two digits, overtime types with one, as senders write them.
std::string type_text(int kind, int type);
std::string type_name(const domain::LeaveTypes& leave_types, int kind, int type);

}  // namespace chaiqin::query::readers
