#include "postgres/migrations.hpp"

#include <map>

#include "domain/failure.hpp"
#include "postgres/binary.hpp"

namespace chaiqin::postgres {

std::vector<std::string> migrate(Session& session, const std::vector<Migration>& migrations) {
    {
        auto work = session.begin();
        exec(*work, "SELECT pg_advisory_xact_lock(7341)");
        exec(*work,
             "CREATE TABLE IF NOT EXISTS public.schema_migration (number int PRIMARY KEY, name "
             "text NOT "
             "NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
        session.commit(*work);
    }
    std::vector<std::string> applied;
    for (const auto& migration : migrations) {
        auto work = session.begin();
        exec(*work, "SELECT pg_advisory_xact_lock(7341)");
        Params params;
        params.add(static_cast<std::int32_t>(migration.number));
        const auto stands =
            query(*work, "SELECT checksum FROM public.schema_migration WHERE number = $1", params);
        if (stands.size()) {
            if (stands.text(0, 0) != migration.checksum)
                throw domain::ConfigError(
                    {migration.name +
                     " was applied and has changed since; write a new migration instead"});
            continue;
        }
        exec(*work, migration.sql);
        params.add(migration.name).add(migration.checksum);
        query(*work,
              "INSERT INTO public.schema_migration (number, name, checksum) VALUES ($1, $2, $3)",
              params);
        session.commit(*work);
        applied.push_back(migration.name);
    }
    return applied;
}

void make_progress_rows(Session& session, const std::string& schema, const std::string& stage,
                        const std::string& topic, int partitions) {
    auto work = session.begin();
    Params params;
    params.add(stage).add(topic).add(static_cast<std::int32_t>(partitions));
    query(*work,
          "INSERT INTO " + schema +
              ".progress (stage, topic, partition) SELECT $1, $2, p FROM generate_series(0, $3 - "
              "1) AS p ON "
              "CONFLICT DO NOTHING",
          params);
    session.commit(*work);
}

}  // namespace chaiqin::postgres
