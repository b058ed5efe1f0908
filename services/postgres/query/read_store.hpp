#pragma once
// domain/read_store on PostgreSQL: a read-only role, a pool of sessions, one prepared statement an
// answer. Each transaction is REPEATABLE READ READ ONLY and ends with the asker's deadline
// (statement_timeout). A session that the server has dropped is replaced within the same answer.
#include <memory>

#include "domain/read_store.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::reading {

class ReadStore : public domain::ReadStore {
public:
    /// Whether PostgreSQL answers now.
    virtual bool answers() = 0;
};

std::unique_ptr<ReadStore> make_read_store(SessionSettings settings, std::size_t sessions);

}  // namespace chaiqin::postgres::reading
