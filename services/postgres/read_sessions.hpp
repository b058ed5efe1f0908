#pragma once
// Sessions of a service that only reads. Every statement is an answer of one moment: it runs alone
// in a read-only transaction that ends by the caller's deadline. Everything throws TransientFailure
// while PostgreSQL is away or when the deadline has passed. Thread-safe.
#include <chrono>
#include <mutex>

#include "domain/registry.hpp"
#include "postgres/binary.hpp"
#include "postgres/pool.hpp"

namespace chaiqin::postgres {

using Until = std::chrono::steady_clock::time_point;

class ReadSessions {
public:
    ReadSessions(SessionSettings settings, std::size_t sessions);

    bool answers() { return pool_.answers(); }
    Rows rows(const Sql& sql, const Params& params, Until until);
    /// The registry as it stands in the database now; read anew only when its version has moved.
    domain::RegistryPtr registry(Until until);

private:
    template <class Body>
    auto read(Until until, Body body);

    Pool pool_;
    std::mutex registry_mutex_;
    domain::RegistryPtr registry_;
};

}  // namespace chaiqin::postgres
