#pragma once
// One connection to PostgreSQL and its transactions. libpqxx and libpq work on the same connection
// (ADR 0006); their headers stand in pq.hpp, for the .cpp files of this folder only. A lost
// connection is made again at the next begin(). Not thread-safe: one a thread, or through Pool.
#include <chrono>
#include <memory>
#include <string>

#include "domain/unit_of_work.hpp"

namespace chaiqin::postgres {

struct SessionSettings {
    std::string conninfo;
    std::string application_name;
    /// The schema of names without one, for the tables that every stage has; "" = the server's.
    std::string search_path = {};
    std::chrono::milliseconds statement_timeout{30'000};  ///< 0 = none
    bool require_durable = true;  ///< refuse a server with fsync or synchronous_commit off
    /// Statements are planned once a connection, whatever their parameters: for those that look up
    /// a few rows by their keys, where planning costs as much as the work.
    bool plan_once = false;
};

enum class Isolation { read_committed, repeatable_read_read_only };

class Session {
public:
    explicit Session(SessionSettings settings);
    ~Session();
    Session(const Session&) = delete;

    /// A transaction; connects if needed. TransientFailure while PostgreSQL is away.
    std::unique_ptr<domain::UnitOfWork> begin(Isolation isolation = Isolation::read_committed);
    /// Commits and ends the transaction. TransientFailure also when the outcome is in doubt.
    void commit(domain::UnitOfWork& work);
    /// Whether a connection stands (no round trip).
    bool is_connected() const;
    /// Which life of the database this is (`chaiqin recover`); "" before the first connection. It
    /// stays the same as long as the process lives: a process that meets another one ends, because
    /// what it has in memory came from a database that is no more.
    const std::string& generation() const { return generation_; }
    /// Whether `select 1` answers; connects if needed; never throws.
    bool answers();
    const SessionSettings& settings() const { return settings_; }

    struct Connection;
    /// Connects if needed. A server that was started anew meanwhile is met here, so that nobody
    /// sees a failure of a database that is there; one that goes away later, at the first
    /// statement.
    Connection& ready();

private:
    void connect();
    SessionSettings settings_;
    std::unique_ptr<Connection> connection_;
    std::string generation_;
};

}  // namespace chaiqin::postgres
