#pragma once
// A database of a test's own on the server that CHAIQIN_TEST_POSTGRES names (conninfo of a
// superuser), with all migrations applied; dropped at the end.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>
#include <sstream>
#include <string>

#include "postgres/migrations.hpp"

namespace chaiqin::testing {

class ScratchDatabase {
public:
    ScratchDatabase() {
        const char* server = std::getenv("CHAIQIN_TEST_POSTGRES");
        if (server == nullptr)
            throw std::runtime_error("CHAIQIN_TEST_POSTGRES is not set; tests/run sets it");
        server_ = server;
        static int count = 0;
        name_ = "chaiqin_test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
        on_server("CREATE DATABASE " + name_);
        try {
            postgres::Session session({conninfo(), "scratch"});
            postgres::migrate(session, migrations());
        } catch (...) {
            on_server("DROP DATABASE " + name_ + " WITH (FORCE)");
            throw;
        }
    }
    ~ScratchDatabase() { on_server("DROP DATABASE " + name_ + " WITH (FORCE)"); }
    ScratchDatabase(const ScratchDatabase&) = delete;

    /// As superuser, or with the rights of one of the product's roles (whose password is not known
    /// here).
    std::string conninfo(const std::string& role = "") const {
        return server_ + " dbname=" + name_ +
               (role.empty() ? "" : " options='-c role=" + role + "'");
    }

    /// One value, as text; "" for null.
    template <class... Parameters>
    std::string value(const std::string& sql, const Parameters&... parameters) {
        const auto rows = run(sql, parameters...);
        return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
    }
    /// All rows, columns separated by '|', rows by line feeds.
    template <class... Parameters>
    std::string table(const std::string& sql, const Parameters&... parameters) {
        std::string all;
        for (const auto& row : run(sql, parameters...)) {
            if (!all.empty()) all += '\n';
            for (pqxx::row::size_type at = 0; at < row.size(); ++at)
                all += (at ? "|" : "") + std::string(row[at].c_str());
        }
        return all;
    }
    /// One statement with its parameters $1 and so on; or several statements without any.
    template <class... Parameters>
    pqxx::result run(const std::string& sql, const Parameters&... parameters) {
        return run_in("public", sql, parameters...);
    }
    /// The same, where `schema` is that of names without one.
    template <class... Parameters>
    pqxx::result run_in(const std::string& schema, const std::string& sql,
                        const Parameters&... parameters) {
        pqxx::connection connection(conninfo());
        pqxx::work work(connection);
        work.exec_params("SELECT set_config('search_path', $1, true)", schema);
        pqxx::result rows;
        if constexpr (sizeof...(parameters) == 0)
            rows = work.exec(sql);
        else
            rows = work.exec_params(sql, parameters...);
        work.commit();
        return rows;
    }
    /// While connections are not allowed, those that there are end as well.
    void allow_connections(bool allowed) {
        on_server("ALTER DATABASE " + name_ + " ALLOW_CONNECTIONS " + (allowed ? "true" : "false"));
        if (!allowed)
            on_server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" +
                      name_ + "'");
    }

    static std::vector<postgres::Migration> migrations() {
        std::vector<postgres::Migration> all;
        for (const auto& entry :
             std::filesystem::directory_iterator(CHAIQIN_SOURCE_DIR "/schemas/postgres")) {
            const auto name = entry.path().filename().string();
            if (!name.ends_with(".sql")) continue;
            std::ifstream file(entry.path());
            std::ostringstream text;
            text << file.rdbuf();
            all.push_back({std::stoi(name.substr(1)), name, text.str(), name});
        }
        std::sort(all.begin(), all.end(),
                  [](const auto& a, const auto& b) { return a.number < b.number; });
        return all;
    }

private:
    void on_server(const std::string& sql) {
        pqxx::connection connection(server_);
        pqxx::nontransaction(connection).exec(sql);
    }
    std::string server_, name_;
};

}  // namespace chaiqin::testing
