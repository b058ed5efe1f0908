// The one translation of what libpqxx throws and what libpq answers.
#include <algorithm>
#include <span>

#include "postgres/pq.hpp"

namespace chaiqin::postgres {

namespace {

/// Classes of SQLSTATE that are permanent: a value (22), a constraint (23) or a limit (54) can be
/// the message's own fault. No SQLSTATE at all means that the server did not answer.
constexpr std::string_view permanent_classes[] = {"22", "23", "54"};
/// Those that say that program and database do not belong together, whatever the message: a table,
/// a column or a right is missing (42, 3F), or a plan is of older columns (0A). So does a column
/// that must be written and that the program does not know.
constexpr std::string_view deployment_classes[] = {"42", "3F", "0A"};
constexpr std::string_view not_null_violation = "23502";

bool is_one_of(std::span<const std::string_view> classes, std::string_view sqlstate) {
    return std::ranges::find(classes, sqlstate.substr(0, 2)) != classes.end();
}

/// "PostgreSQL 22012 at query.months: ERROR:  division by zero"
[[noreturn]] void fail(std::string_view sqlstate, std::string_view statement,
                       std::string_view reason) {
    std::string text = "PostgreSQL";
    if (!sqlstate.empty()) text.append(" ").append(sqlstate);
    if (!statement.empty()) text.append(" at ").append(statement);
    // What the server says after the first line may quote the row.
    if (!sqlstate.empty()) reason = reason.substr(0, reason.find('\n'));
    text.append(": ").append(reason.substr(0, reason.find_last_not_of('\n') + 1));
    if (sqlstate == not_null_violation || is_one_of(deployment_classes, sqlstate))
        throw_unreadable_schema(text);
    if (is_one_of(permanent_classes, sqlstate)) throw domain::PermanentFailure(text);
    throw domain::TransientFailure(text);
}

}  // namespace

void throw_unreadable_schema(const std::string& sentence) {
    throw domain::DeploymentFailure(domain::waiting_for::schema, sentence,
                                    "install the release that belongs to this database, or run "
                                    "`chaiqin migrate` of the newer one");
}

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
