#pragma once
// The thread that applies complete Table 19 loads, one after the other in the order they became
// complete. Every matcher process has one; an advisory lock lets one work at a time, whoever owns
// the topic at the moment. A crash leaves nothing of a load behind: it is applied again from its
// chunks.
#include <thread>

#include "agency_matcher/career_load.hpp"
#include "agency_matcher/table19_memory.hpp"
#include "domain/registry.hpp"
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
    void run(std::stop_token stop);

    domain::CareerLoads& loads_;
    const domain::RegistrySource& registry_;
    CareerKeys keys_;
    Table19Follower& follower_;
    const runtime::Clock& clock_;
    std::jthread thread_;
};

}  // namespace chaiqin::agency_matcher
