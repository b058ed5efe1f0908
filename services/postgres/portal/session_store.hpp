#pragma once
// domain::SessionStore in PostgreSQL, schema portal.
#include <memory>

#include "domain/session_store.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::portal {

std::unique_ptr<domain::SessionStore> make_session_store(SessionSettings settings);

}  // namespace chaiqin::postgres::portal
