#pragma once
// The thread that applies complete Table 19 loads, one after the other in the order they became
// complete. Every matcher process has one; an advisory lock lets one work at a time, whoever owns
// the topic at the moment. A crash leaves nothing of a load behind: it is applied again from its
// chunks.
#include <chrono>

#include "agency_matcher/career_load.hpp"
#include "agency_matcher/table19_memory.hpp"
#include "domain/registry.hpp"
#include "runtime/background.hpp"
#include "runtime/clock.hpp"

namespace chaiqin::agency_matcher {

/// Applies one waiting load; false: none waits. Throws TransientFailure while the database is away.
bool apply_next_load(domain::CareerLoads& loads, const domain::RegistrySource& registry,
                     const CareerKeys& keys, domain::Instant now);

class CareerLoader {
public:
    CareerLoader(domain::CareerLoads& loads, const domain::RegistrySource& registry,
                 CareerKeys keys, Table19Follower& follower, const runtime::Clock& clock);

private:
    std::chrono::steady_clock::time_point tidied_{};
    runtime::Background background_;
};

}  // namespace chaiqin::agency_matcher
