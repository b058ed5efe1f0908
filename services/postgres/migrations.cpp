#include "postgres/migrations.hpp"

#include "domain/failure.hpp"
#include "postgres/binary.hpp"
#include "postgres/migrations.sql.hpp"
#include "postgres/stage_ledger.sql.hpp"

namespace chaiqin::postgres {

std::vector<std::string> migrate(Session& session, const std::vector<Migration>& migrations) {
    {
        auto work = session.begin();
        query(*work, sql::lock_migrations);
        exec(*work,
             "CREATE TABLE IF NOT EXISTS public.schema_migration (number int PRIMARY KEY,"
             " name text NOT NULL, checksum text NOT NULL,"
             " applied_at timestamptz NOT NULL DEFAULT now())");
        session.commit(*work);
    }
    std::vector<std::string> applied;
    for (const auto& migration : migrations) {
        auto work = session.begin();
        query(*work, sql::lock_migrations);
        Params params;
        params.add(static_cast<std::int32_t>(migration.number));
        const auto stands = query(*work, sql::applied_checksum, params);
        if (!stands.empty()) {
            if (stands.only().text("checksum") != migration.checksum)
                throw domain::ConfigError(
                    {migration.name +
                     " was applied and has changed since; write a new migration instead"});
            continue;
        }
        exec(*work, migration.sql);
        params.add(migration.name).add(migration.checksum);
        query(*work, sql::note_migration, params);
        session.commit(*work);
        applied.push_back(migration.name);
    }
    return applied;
}

void make_progress_rows(Session& session, const std::string& schema, const std::string& stage,
                        const std::string& topic, int partitions) {
    auto work = session.begin();
    search_in(*work, schema);
    Params params;
    params.add(stage).add(topic).add(static_cast<std::int32_t>(partitions));
    query(*work, sql::make_progress_rows, params);
    session.commit(*work);
}

}  // namespace chaiqin::postgres
