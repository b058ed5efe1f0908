#pragma once
// A message that the matcher has put aside, as a row of its quarantine. For component tests.
#include <string>

#include "support/scratch_database.hpp"

namespace chaiqin::testing {

inline void quarantine_in_matcher(ScratchDatabase& database, const std::string& submission_id,
                                  int attempt = 1) {
    database.run(R"(
        INSERT INTO matching.quarantine
            (event_id, topic, partition, "offset", key, headers, payload, reason)
        VALUES ($1::text || '/' || $2, 't', 0, $2::int, 'k', '{}', '', 'r'))",
                 submission_id, attempt);
}

}  // namespace chaiqin::testing
