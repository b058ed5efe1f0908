#include <poll.h>

#include <atomic>

#include "postgres/binary.hpp"
#include "postgres/pq.hpp"

namespace chaiqin::postgres {

/// Parameters as libpq wants them.
struct Arguments {
    explicit Arguments(const Params& params) {
        for (const auto& value : params.values_) {
            types.push_back(value.type);
            values.push_back(value.null ? nullptr : value.bytes.data());
            lengths.push_back(static_cast<int>(value.bytes.size()));
            formats.push_back(1);
        }
    }
    int count() const { return static_cast<int>(values.size()); }
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
};

namespace {

Rows checked(PGconn* connection, PGresult* result, const char* statement = "") {
    Rows rows(result);
    const auto status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        throw_failed(connection, result, statement);
    return rows;
}

const std::string& prepared_name(PGconn* connection, PreparedStatements& known, const Sql& sql,
                                 const Arguments& a) {
    auto found = known.find(sql.text);
    if (found == known.end()) {
        static std::atomic<std::uint64_t> prepared{0};
        const auto name = std::string(sql.name) + " " + std::to_string(++prepared);
        checked(connection,
                PQprepare(connection, name.c_str(), sql.text, a.count(), a.types.data()), sql.name);
        found = known.emplace(sql.text, name).first;
    }
    return found->second;
}

/// A plan of columns that have another type since: it is made anew next time.
bool is_outdated(const PGresult* result) {
    const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return sqlstate && std::string_view(sqlstate) == "0A000";
}

/// In libpq's pipeline mode as long as it lives.
class PipelineMode {
public:
    explicit PipelineMode(PGconn* connection) : connection_(connection) {
        if (PQenterPipelineMode(connection_) != 1) throw_failed(connection_, nullptr);
    }
    ~PipelineMode() { PQexitPipelineMode(connection_); }
    PipelineMode(const PipelineMode&) = delete;

    void send(const Sql& sql, const std::string& prepared, const Arguments& a) {
        sent_.push_back(sql.name);
        if (PQsendQueryPrepared(connection_, prepared.c_str(), a.count(), a.values.data(),
                                a.lengths.data(), a.formats.data(), 1) != 1)
            throw_failed(connection_, nullptr, sql.name);
    }
    /// The results up to the end of the transaction: one a statement, or the first failure alone.
    std::vector<Rows> results() {
        if (PQpipelineSync(connection_) != 1) throw_failed(connection_, nullptr);
        std::vector<Rows> rows;
        std::optional<Rows> failure;
        for (;;) {
            PGresult* result = PQgetResult(connection_);
            if (!result) {  // the end of one statement's results
                if (PQstatus(connection_) != CONNECTION_OK) throw_failed(connection_, nullptr);
                continue;
            }
            Rows owner(result);
            const auto status = PQresultStatus(result);
            if (status == PGRES_PIPELINE_SYNC) break;
            if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
                rows.push_back(std::move(owner));
            else if (!failure && status != PGRES_PIPELINE_ABORTED)
                failure.emplace(std::move(owner));
        }
        if (failure)
            throw_failed(connection_, static_cast<const PGresult*>(failure->raw()),
                         rows.size() < sent_.size() ? sent_[rows.size()] : "COMMIT");
        return rows;
    }

private:
    PGconn* connection_;
    /// Names of statements, for failures.
    std::vector<const char*> sent_;
};

}  // namespace

Rows query(domain::UnitOfWork& work, const Sql& sql, const Params& params) {
    const Arguments a(params);
    PGconn* connection = raw(work);
    return checked(connection,
                   PQexecParams(connection, sql.text, a.count(), a.types.data(), a.values.data(),
                                a.lengths.data(), a.formats.data(), 1),
                   sql.name);
}

Rows query_prepared(domain::UnitOfWork& work, const Sql& sql, const Params& params) {
    const Arguments a(params);
    PGconn* connection = raw(work);
    auto& known = prepared_statements(work);
    const auto& name = prepared_name(connection, known, sql, a);
    PGresult* result = PQexecPrepared(connection, name.c_str(), a.count(), a.values.data(),
                                      a.lengths.data(), a.formats.data(), 1);
    if (is_outdated(result)) known.erase(sql.text);
    return checked(connection, result, sql.name);
}

StatementUnderWay::StatementUnderWay(domain::UnitOfWork& work, const Sql& sql, const Params& params)
    : work_(work), name_(sql.name) {
    const Arguments a(params);
    if (PQsendQueryParams(raw(work), sql.text, a.count(), a.types.data(), a.values.data(),
                          a.lengths.data(), a.formats.data(), 1) != 1)
        throw_failed(raw(work), nullptr, name_);
}

StatementUnderWay::~StatementUnderWay() {
    if (read_) return;
    if (auto* cancel = PQgetCancel(raw(work_))) {
        char reason[256];
        PQcancel(cancel, reason, sizeof reason);
        PQfreeCancel(cancel);
    }
    while (PGresult* result = PQgetResult(raw(work_))) PQclear(result);
}

bool StatementUnderWay::is_done(std::chrono::milliseconds wait) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    for (;;) {
        if (PQconsumeInput(raw(work_)) != 1) throw_failed(raw(work_), nullptr);
        if (!PQisBusy(raw(work_))) return true;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        pollfd socket{PQsocket(raw(work_)), POLLIN, 0};
        poll(&socket, 1, static_cast<int>(left.count()));
    }
}

Rows StatementUnderWay::rows() {
    read_ = true;
    PGresult* result = PQgetResult(raw(work_));
    while (PGresult* more = PQgetResult(raw(work_))) PQclear(more);
    return checked(raw(work_), result, name_);
}

int StatementUnderWay::backend() const { return PQbackendPID(raw(work_)); }

void exec(domain::UnitOfWork& work, const std::string& sql) {
    translated([&] { pq(work).exec(sql); });
}

void search_in(domain::UnitOfWork& work, const std::string& schema) {
    exec(work, "SET LOCAL search_path = " + pq(work).quote_name(schema));
}

std::vector<Rows> transact(Session& session, const std::vector<Statement>& statements) {
    const auto [connection, known] = ready_connection(session);
    std::vector<Arguments> arguments;
    std::vector<std::string> names;
    for (const auto& statement : statements) {
        arguments.emplace_back(statement.params);
        names.push_back(prepared_name(connection, known, statement.sql, arguments.back()));
    }
    PipelineMode pipeline(connection);
    for (std::size_t i = 0; i < names.size(); ++i)
        pipeline.send(statements[i].sql, names[i], arguments[i]);
    return pipeline.results();
}

}  // namespace chaiqin::postgres
