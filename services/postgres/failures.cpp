// The one translation of what libpqxx throws and what libpq answers.
#include <algorithm>

#include "postgres/pq.hpp"

namespace chaiqin::postgres {

namespace {

/// Classes of SQLSTATE that are permanent: a value (22), a constraint (23) or a limit (54) can be
/// the message's own fault. Anything else, also a missing grant or table, is a state of the
/// deployment that somebody mends, and must not send files to quarantine. So is no SQLSTATE at all:
/// then the server did not answer.
constexpr std::string_view permanent_classes[] = {"22", "23", "54"};

bool is_permanent(std::string_view sqlstate) {
    return std::ranges::find(permanent_classes, sqlstate.substr(0, 2)) !=
           std::end(permanent_classes);
}

/// "PostgreSQL 22012 at query.months: ERROR:  division by zero"
[[noreturn]] void fail(std::string_view sqlstate, std::string_view statement,
                       std::string_view reason) {
    std::string text = "PostgreSQL";
    if (!sqlstate.empty()) text.append(" ").append(sqlstate);
    if (!statement.empty()) text.append(" at ").append(statement);
    text.append(": ").append(reason.substr(0, reason.find_last_not_of('\n') + 1));
    if (is_permanent(sqlstate)) throw domain::PermanentFailure(text);
    throw domain::TransientFailure(text);
}

}  // namespace

void translate_current_exception() {
    try {
        throw;
    } catch (const pqxx::sql_error& failure) {
        fail(failure.sqlstate(), "", failure.what());
    } catch (const pqxx::in_doubt_error& failure) {
        fail("", "", std::string("commit in doubt: ") + failure.what());
    } catch (const pqxx::failure& failure) {
        fail("", "", failure.what());
    } catch (const pqxx::usage_error& failure) {
        // libpqxx says so when a transaction's connection has gone in between.
        fail("", "", std::string("connection lost: ") + failure.what());
    }
}

void throw_failed(PGconn* connection, const PGresult* result, std::string_view statement) {
    const char* sqlstate = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const bool is_said = result && *PQresultErrorMessage(result);
    fail(sqlstate ? sqlstate : "", statement,
         is_said ? PQresultErrorMessage(result) : PQerrorMessage(connection));
}

}  // namespace chaiqin::postgres
