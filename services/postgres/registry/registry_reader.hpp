#pragma once
// The registry as a whole, read in one snapshot, and the source that keeps the newest for a
// process.
#include <chrono>
#include <memory>

#include "domain/registry.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::registry {

std::int64_t read_version(domain::UnitOfWork& work);
domain::AgencyRegistry read_agencies(domain::UnitOfWork& work);
/// DeploymentFailure: a table cannot be what it is meant to be.
domain::RegistryPtr read_registry(domain::UnitOfWork& work);

/// `first_within` of who answers requests: they are answered within a second.
inline constexpr std::chrono::milliseconds first_for_requests{700};
/// Looks at registry.version about once a second in a thread of its own and swaps the snapshot when
/// it moved; keeps the last good one while PostgreSQL is away, and while the newest cannot be used
/// (chaiqin_registry_refused). Until the first one has come, current() waits for it until
/// `first_within` has passed since the source was made, and from then on is a TransientFailure at
/// once: who answers requests makes nobody wait. DeploymentFailure as soon as it is known that the
/// first one cannot be used.
std::unique_ptr<domain::RegistrySource> make_registry_source(
    SessionSettings settings, std::chrono::milliseconds first_within = std::chrono::seconds(30));

}  // namespace chaiqin::postgres::registry
