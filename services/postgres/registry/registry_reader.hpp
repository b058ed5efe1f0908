#pragma once
// The registry as a whole, read in one snapshot, and the source that keeps the newest for a
// process.
#include <memory>

#include "domain/registry.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::registry {

std::int64_t read_version(domain::UnitOfWork& work);
domain::AgencyRegistry read_agencies(domain::UnitOfWork& work);
/// DeploymentFailure: a table cannot be what it is meant to be.
domain::RegistryPtr read_registry(domain::UnitOfWork& work);

/// Looks at registry.version about once a second in a thread of its own and swaps the snapshot when
/// it moved; keeps the last good one while PostgreSQL is away, and while the newest cannot be used
/// (chaiqin_registry_refused). current() waits for the first one: TransientFailure after 30 s,
/// DeploymentFailure as soon as it is known that it cannot be used.
std::unique_ptr<domain::RegistrySource> make_registry_source(SessionSettings settings);

}  // namespace chaiqin::postgres::registry
