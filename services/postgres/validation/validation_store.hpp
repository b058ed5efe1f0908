#pragma once
// domain::ValidationStore over schema validation.
#include <memory>

#include "domain/validation_store.hpp"

namespace chaiqin::postgres::validation {

std::unique_ptr<domain::ValidationStore> make_validation_store();

}  // namespace chaiqin::postgres::validation
