#pragma once
// For the .cpp files under services/postgres only: what a UnitOfWork really is, and the translation
// of failures.
#include <libpq-fe.h>

#include <pqxx/pqxx>
#include <string>
#include <unordered_map>

#include "domain/failure.hpp"
#include "domain/unit_of_work.hpp"

namespace chaiqin::postgres {

class Session;

/// The transaction as libpqxx sees it.
pqxx::transaction_base& pq(domain::UnitOfWork& work);
/// The same connection as libpq sees it; it is inside the transaction.
PGconn* raw(domain::UnitOfWork& work);
/// Statements prepared on this connection: text → name (binary.hpp's query_prepared).
using PreparedStatements = std::unordered_map<std::string, std::string>;
PreparedStatements& prepared_statements(domain::UnitOfWork& work);
/// A session's connection outside of transactions; made if needed.
std::pair<PGconn*, PreparedStatements&> ready_connection(Session& session);

/// Tables that this program cannot work with, as a DeploymentFailure.
[[noreturn]] void throw_unreadable_schema(const std::string& sentence);

/// libpqxx's exception in flight as a TransientFailure (connection, deadlock, lock or statement
/// time-out, serialization, full disk, shutdown), a DeploymentFailure (a table or a right is
/// missing) or a PermanentFailure (the data are wrong); others go on as they are.
[[noreturn]] void translate_current_exception();

/// Runs `body` and translates what it throws.
template <class Body>
auto translated(Body&& body) {
    try {
        return body();
    } catch (...) {
        translate_current_exception();
    }
}

/// The same decision for a failed libpq result; always throws. `statement` is its name, "" if it
/// has none.
[[noreturn]] void throw_failed(PGconn* connection, const PGresult* result,
                               std::string_view statement = "");

}  // namespace chaiqin::postgres
