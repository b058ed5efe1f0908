#include "postgres/session.hpp"

#include <poll.h>

#include <map>
#include <mutex>
#include <string_view>

#include "postgres/binary.hpp"
#include "postgres/pq.hpp"
#include "postgres/session.sql.hpp"
#include "runtime/lifecycle.hpp"
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
    /// Handed from the policy (which libpqxx hides) to the connection made right after it, in this
    /// thread.
    static handle& last_made() {
        static thread_local handle one = nullptr;
        return one;
    }
};

class PqxxConnection : public pqxx::basic_connection_base<SharedConnection> {
public:
    explicit PqxxConnection(const std::string& options)
        : pqxx::basic_connection_base<SharedConnection>(options) {
        raw = SharedConnection::last_made();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \
    "-Wdeprecated-declarations"  // the only way in libpqxx 6 to forbid silent reconnects
        inhibit_reactivation(true);
#pragma GCC diagnostic pop
    }
    PGconn* raw = nullptr;
};

}  // namespace

struct Session::Connection {
    explicit Connection(const std::string& options) : pqxx(options) {}
    PqxxConnection pqxx;
    PreparedStatements prepared;
};

namespace {

class Work final : public domain::UnitOfWork {
public:
    Work(Session::Connection& connection, Isolation isolation)
        : raw(connection.pqxx.raw), prepared(connection.prepared) {
        if (isolation == Isolation::read_committed)
            tx = std::make_unique<pqxx::transaction<>>(connection.pqxx);
        else
            tx = std::make_unique<pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>>(
                connection.pqxx);
    }
    std::unique_ptr<pqxx::dbtransaction> tx;
    PGconn* raw;
    PreparedStatements& prepared;
};

/// The caller's connection string with what every session has; what is asked for explicitly stays.
std::string full_conninfo(const SessionSettings& settings) {
    std::map<std::string, std::string> options{{"application_name", settings.application_name},
                                               {"connect_timeout", "2"},
                                               {"tcp_user_timeout", "2000"},
                                               {"keepalives_idle", "2"},
                                               {"keepalives_interval", "1"},
                                               {"keepalives_count", "2"},
                                               {"client_encoding", "UTF8"}};
    char* reason = nullptr;
    PQconninfoOption* parsed = PQconninfoParse(settings.conninfo.c_str(), &reason);
    if (!parsed) {
        const std::string text = reason ? reason : "out of memory";
        PQfreemem(reason);
        throw domain::ConfigError({"postgres: " + text});
    }
    for (auto* option = parsed; option->keyword; ++option)
        if (option->val) options[option->keyword] = option->val;
    PQconninfoFree(parsed);
    std::string text;
    for (const auto& [name, value] : options) {
        text += (text.empty() ? "" : " ") + name + "='";
        for (const char c : value) {
            if (c == '\'' || c == '\\') text += '\\';
            text += c;
        }
        text += '\'';
    }
    return text;
}

}  // namespace

pqxx::transaction_base& pq(domain::UnitOfWork& work) { return *static_cast<Work&>(work).tx; }
PGconn* raw(domain::UnitOfWork& work) { return static_cast<Work&>(work).raw; }
PreparedStatements& prepared_statements(domain::UnitOfWork& work) {
    return static_cast<Work&>(work).prepared;
}

Session::Session(SessionSettings settings) : settings_(std::move(settings)) {}
Session::~Session() = default;

namespace {

void require_durable(Session::Connection& connection) {
    Work work(connection, Isolation::read_committed);
    if (!query(work, sql::durability).only().boolean("is_durable"))
        throw domain::DeploymentFailure(
            domain::waiting_for::durability,
            "fsync or synchronous_commit of PostgreSQL is off: what was acknowledged could be lost",
            "set both on in postgresql.conf and restart PostgreSQL");
}

std::string generation_of(Session::Connection& connection) {
    Work work(connection, Isolation::read_committed);
    return query(work, sql::generation).only().string("generation");
}

/// A database that was set back has broken every connection, so each new one asks which life of
/// the database it meets. A process that knew another one is started anew: receipts, Table 19,
/// sums and offsets in its memory came from there.
void require_same_life(const std::string& conninfo, const std::string& generation) {
    // A connection made now would outlast the recovery and write into the new life.
    if (generation.empty()) throw domain::TransientFailure("PostgreSQL is recovering");
    static std::mutex mutex;
    static std::map<std::string, std::string> known;
    std::lock_guard lock(mutex);
    const auto& first = known.try_emplace(conninfo, generation).first->second;
    if (first == generation) return;
    if (!runtime::Shutdown::requested())
        runtime::log_warn("the database was set back or recovered; this process is started anew",
                          {{"was", first}, {"is", generation}});
    runtime::Shutdown::request();
    throw domain::TransientFailure("PostgreSQL was set back or recovered");
}

}  // namespace

void Session::connect() {
    connection_.reset();
    translated([&] {
        auto made = std::make_unique<Connection>(full_conninfo(settings_));
        pqxx::nontransaction setup(made->pqxx);
        setup.exec0(
            "SET statement_timeout = " + std::to_string(settings_.statement_timeout.count()) +
            "; SET timezone = 'UTC'; SET client_min_messages = warning"
            "; SET idle_in_transaction_session_timeout = '60s'; SET plan_cache_mode = " +
            (settings_.plan_once ? "force_generic_plan" : "auto"));
        if (!settings_.search_path.empty())
            setup.exec0("SET search_path = " + setup.quote_name(settings_.search_path));
        setup.commit();
        if (settings_.require_durable) require_durable(*made);
        generation_ = generation_of(*made);
        require_same_life(settings_.conninfo, generation_);
        connection_ = std::move(made);
    });
}

namespace {

/// Whether the server has ended an idle connection: its last words and the end of the stream lie
/// in the socket then. No round trip.
bool was_ended(PGconn* idle) {
    pollfd socket{PQsocket(idle), POLLIN, 0};
    // Words first, then the end: each look takes one of them. More is a chatty server that lives.
    for (int looks = 0; looks < 4 && poll(&socket, 1, 0) > 0; ++looks)
        if (!PQconsumeInput(idle)) return true;
    return false;
}

}  // namespace

Session::Connection& Session::ready() {
    if (!is_connected() || was_ended(connection_->pqxx.raw)) connect();
    return *connection_;
}

std::pair<PGconn*, PreparedStatements&> ready_connection(Session& session) {
    auto& connection = session.ready();
    return {connection.pqxx.raw, connection.prepared};
}

std::unique_ptr<domain::UnitOfWork> Session::begin(Isolation isolation) {
    auto& connection = ready();
    return translated([&]() -> std::unique_ptr<domain::UnitOfWork> {
        return std::make_unique<Work>(connection, isolation);
    });
}

void Session::commit(domain::UnitOfWork& work) {
    // COMMIT of a failed transaction rolls back without an error of its own.
    if (PQtransactionStatus(raw(work)) == PQTRANS_INERROR)
        throw domain::TransientFailure(
            "PostgreSQL: the transaction has failed and cannot be committed");
    translated([&] { static_cast<Work&>(work).tx->commit(); });
}

bool Session::is_connected() const {
    return connection_ && connection_->pqxx.is_open() &&
           PQstatus(connection_->pqxx.raw) == CONNECTION_OK;
}

bool Session::answers() {
    try {
        auto work = begin();
        query(*work, sql::answer);
        commit(*work);
        return true;
    } catch (const domain::TransientFailure&) {
        connection_.reset();
        return false;
    }
}

}  // namespace chaiqin::postgres
