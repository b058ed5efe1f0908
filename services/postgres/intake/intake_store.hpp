#pragma once
// domain::IntakeStore in PostgreSQL, schema intake.
#include <memory>

#include "domain/intake_store.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::intake {

std::unique_ptr<domain::IntakeStore> make_intake_store(SessionSettings settings);

}  // namespace chaiqin::postgres::intake
