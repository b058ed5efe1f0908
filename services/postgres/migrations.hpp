#pragma once
// Forward-only migrations: files V<number>__<name>.sql applied once each, in order, under an
// advisory lock; a file that was applied must not change any more (its checksum is kept).
#include <string>
#include <vector>

#include "postgres/session.hpp"

namespace chaiqin::postgres {

struct Migration {
    int number = 0;
    std::string name, sql, checksum;
};

/// Applies what is missing; returns the names applied. ConfigError: a file applied before has
/// changed.
std::vector<std::string> migrate(Session& session, const std::vector<Migration>& migrations);

/// Progress rows at offset 0 for every partition of a stage's topic; rows that stand are left
/// alone.
void make_progress_rows(Session& session, const std::string& schema, const std::string& stage,
                        const std::string& topic, int partitions);

}  // namespace chaiqin::postgres
