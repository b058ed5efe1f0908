#include "postgres/session.hpp"

#include <netinet/tcp.h>

#include <array>
#include <string_view>

#include "postgres/pq.hpp"
#include "runtime/log.hpp"

namespace chaiqin::postgres {

namespace {

/// Makes the PGconn itself, so that libpq and libpqxx share it.
class SharedConnection : public pqxx::connectionpolicy {
public:
    explicit SharedConnection(const std::string& options) : pqxx::connectionpolicy(options) {}
    handle do_startconnect(handle orig) override {
        if (orig) return orig;
        auto* made = PQconnectdb(options().c_str());
        if (PQstatus(made) != CONNECTION_OK) {
            const std::string reason = PQerrorMessage(made);
            PQfinish(made);
            throw pqxx::broken_connection(reason);
        }
        last_made() = made;
        return made;
    }
    /// Handed from the policy (which libpqxx hides) to the connection made right after it, in this thread.
    static handle& last_made() {
        static thread_local handle one = nullptr;
        return one;
    }
};

class PqxxConnection : public pqxx::basic_connection_base<SharedConnection> {
public:
    explicit PqxxConnection(const std::string& options) : pqxx::basic_connection_base<SharedConnection>(options) {
        raw = SharedConnection::last_made();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // the only way in libpqxx 6 to forbid silent reconnects
        inhibit_reactivation(true);
#pragma GCC diagnostic pop
    }
    PGconn* raw = nullptr;
};

class Work final : public domain::UnitOfWork {
public:
    Work(pqxx::connection_base& connection, PGconn* raw_connection, Isolation isolation) : raw(raw_connection) {
        if (isolation == Isolation::read_committed) tx = std::make_unique<pqxx::transaction<>>(connection);
        else tx = std::make_unique<pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>>(connection);
    }
    std::unique_ptr<pqxx::dbtransaction> tx;
    PGconn* raw;
};

bool is_transient(std::string_view state) {
    static constexpr std::array<std::string_view, 13> codes{"40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03",
                                                            "53000", "53100", "53200", "53300", "25006", "58030"};
    if (state.empty() || state.starts_with("08")) return true;
    for (const auto code : codes)
        if (state == code) return true;
    return false;
}

}  // namespace

pqxx::transaction_base& pq(domain::UnitOfWork& work) { return *static_cast<Work&>(work).tx; }
PGconn* raw(domain::UnitOfWork& work) { return static_cast<Work&>(work).raw; }

void translate_current_exception() {
    try {
        throw;
    } catch (const pqxx::sql_error& failure) {
        const std::string text = "PostgreSQL " + failure.sqlstate() + ": " + failure.what();
        if (is_transient(failure.sqlstate())) throw domain::TransientFailure(text);
        throw domain::PermanentFailure(text);
    } catch (const pqxx::broken_connection& failure) {
        throw domain::TransientFailure(std::string("PostgreSQL is away: ") + failure.what());
    } catch (const pqxx::in_doubt_error& failure) {
        throw domain::TransientFailure(std::string("commit in doubt: ") + failure.what());
    } catch (const pqxx::usage_error& failure) {
        // libpqxx says so when a transaction's connection has gone in between.
        throw domain::TransientFailure(std::string("PostgreSQL connection lost: ") + failure.what());
    } catch (const pqxx::failure& failure) {
        throw domain::TransientFailure(std::string("PostgreSQL: ") + failure.what());
    } catch (const pqxx::conversion_error& failure) {
        throw domain::PermanentFailure(std::string("unexpected value from PostgreSQL: ") + failure.what());
    }
}

void throw_failed(PGconn* connection, const PGresult* result) {
    const char* state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const std::string text = result && *PQresultErrorMessage(result) ? PQresultErrorMessage(result) : PQerrorMessage(connection);
    if (is_transient(state ? state : "") || PQstatus(connection) != CONNECTION_OK) throw domain::TransientFailure("PostgreSQL: " + text);
    throw domain::PermanentFailure("PostgreSQL: " + text);
}

struct Session::Connection {
    explicit Connection(const std::string& options) : pqxx(options) {}
    PqxxConnection pqxx;
};

Session::Session(SessionSettings settings) : settings_(std::move(settings)) {}
Session::~Session() = default;

void Session::connect() {
    connection_.reset();
    translated([&] {
        const std::string options = settings_.conninfo + " application_name='" + settings_.application_name +
                                    "' connect_timeout=2 tcp_user_timeout=2000 keepalives_idle=2 keepalives_interval=1 keepalives_count=2"
                                    " client_encoding=UTF8";
        auto made = std::make_unique<Connection>(options);
        pqxx::nontransaction setup(made->pqxx);
        setup.exec0("SET statement_timeout = " + std::to_string(settings_.statement_timeout.count()));
        setup.exec0("SET timezone = 'UTC'");
        setup.exec0("SET idle_in_transaction_session_timeout = '60s'");
        if (settings_.require_durable) {
            const auto row = setup.exec1("SELECT current_setting('fsync'), current_setting('synchronous_commit')");
            if (row[0].as<std::string>() != "on" || row[1].as<std::string>() == "off")
                throw domain::ConfigError({"postgres: fsync and synchronous_commit must be on; a receipt would not be durable"});
        }
        setup.commit();
        connection_ = std::move(made);
    });
}

std::unique_ptr<domain::UnitOfWork> Session::begin(Isolation isolation) {
    // A server that went away is noticed here or at the first statement; either is a TransientFailure.
    if (!is_connected()) connect();
    return translated([&] { return std::unique_ptr<domain::UnitOfWork>(std::make_unique<Work>(connection_->pqxx, connection_->pqxx.raw, isolation)); });
}

void Session::commit(domain::UnitOfWork& work) {
    translated([&] { static_cast<Work&>(work).tx->commit(); });
}

bool Session::is_connected() const {
    return connection_ && connection_->pqxx.is_open() && PQstatus(connection_->pqxx.raw) == CONNECTION_OK;
}

bool Session::answers() {
    try {
        auto work = begin();
        translated([&] { pq(*work).exec1("SELECT 1"); });
        commit(*work);
        return true;
    } catch (const domain::TransientFailure&) {
        connection_.reset();
        return false;
    }
}

}  // namespace chaiqin::postgres
