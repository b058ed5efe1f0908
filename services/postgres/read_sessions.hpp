#pragma once
// Sessions of a service that only reads. Every statement is an answer of one moment: it runs alone
// in a read-only transaction that ends by the caller's deadline, or with others in a snapshot.
// Everything throws TransientFailure while PostgreSQL is away or when the deadline has passed.
// Thread-safe.
#include <chrono>
#include <mutex>

#include "domain/registry.hpp"
#include "postgres/binary.hpp"
#include "postgres/pool.hpp"

namespace chaiqin::postgres {

using Until = std::chrono::steady_clock::time_point;

/// One moment of the database for several statements; its session is given back when it goes. Used
/// by one thread.
class Snapshot {
public:
    Rows rows(const Sql& sql, const Params& params) { return query_prepared(*work_, sql, params); }

private:
    friend class ReadSessions;
    Snapshot(Pool::Lease session, std::unique_ptr<domain::UnitOfWork> work)
        : session_(std::move(session)), work_(std::move(work)) {}

    Pool::Lease session_;
    /// Before the session in the order of destruction.
    std::unique_ptr<domain::UnitOfWork> work_;
};

class ReadSessions {
public:
    ReadSessions(SessionSettings settings, std::size_t sessions);

    bool answers() { return pool_.answers(); }
    Rows rows(const Sql& sql, const Params& params, Until until);
    /// The moment is that of its first statement; every statement ends by the deadline.
    Snapshot snapshot(Until until);
    /// The registry as it stands in the database now; read anew only when its version has moved.
    domain::RegistryPtr registry(Until until);

private:
    template <class Body>
    auto read(Until until, Body body);

    Pool pool_;
    std::mutex registry_mutex_;
    domain::RegistryPtr registry_;
    /// The newest version, while it cannot be used and registry_ stands in.
    std::int64_t refused_version_ = -1;
};

}  // namespace chaiqin::postgres
