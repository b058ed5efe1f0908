#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "cli/base_tables.hpp"
#include "cli/commands.hpp"
#include "crypto/digest.hpp"
#include "domain/failure.hpp"
#include "postgres/migrations.hpp"
#include "postgres/registry/registry_store.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::cli {

namespace fs = std::filesystem;

std::string read_text_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in)
        throw domain::ConfigError(
            {"cannot read " +
             (path.empty() ? "a file that is not named in the configuration" : path)});
    return text.str();
}

namespace {

std::vector<postgres::Migration> read_migrations(const fs::path& directory) {
    std::vector<postgres::Migration> all;
    for (const auto& entry : fs::directory_iterator(directory)) {
        const auto name = entry.path().filename().string();
        if (name.size() < 8 || name[0] != 'V' || !name.ends_with(".sql")) continue;
        const auto sql = read_text_file(entry.path().string());
        all.push_back({std::stoi(name.substr(1)), name, sql, crypto::sha256_hex(sql)});
    }
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
    return all;
}

struct Migrated {
    std::vector<std::string> applied, loaded;
    std::string ruleset;
};

Migrated migrate(const Surroundings& surroundings) {
    const fs::path schemas = surroundings.schemas_dir;
    // Before anything is changed: a table that is wrong is refused with all others.
    const auto base = base_tables(schemas.string());
    postgres::Session session({.conninfo = surroundings.postgres,
                               .application_name = "chaiqin migrate",
                               .statement_timeout = std::chrono::minutes(30)});
    Migrated done;
    done.applied = postgres::migrate(session, read_migrations(schemas / "postgres"));
    done.ruleset = base.ruleset;
    done.loaded = postgres::registry::load_base_data(session, base.tables, base.ruleset);
    return done;
}

void say(const Migrated& done, bool json) {
    if (json) {
        wire::JsonWriter out;
        out.begin_object();
        out.member("applied", done.applied);
        out.member("loaded", done.loaded);
        out.member("ruleset", done.ruleset);
        out.end_object();
        std::cout << out.take() << '\n';
        return;
    }
    for (const auto& name : done.applied) std::cout << "applied " << name << '\n';
    for (const auto& table : done.loaded) std::cout << "loaded " << table << '\n';
    std::cout << "database is up to date, rule set " << done.ruleset << '\n';
}

}  // namespace

void add_migrate_command(Root root) {
    auto* command = root.app.add_subcommand(
        "migrate",
        "apply what is missing of schemas/postgres and load calendar, leave types and rules");
    command->footer(
        "Example: chaiqin migrate --postgres 'host=127.0.0.1 port=8804 dbname=chaiqin "
        "user=chaiqin'");
    auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "print JSON");
    command->callback([root, json] { say(migrate(root.surroundings), *json); });
}

}  // namespace chaiqin::cli
