#pragma once
// A message that the matcher has put aside, as a row of its quarantine. For component tests.
#include <string>

#include "support/scratch_database.hpp"

namespace chaiqin::testing {

/// The first attempt of the submission's event.
inline void quarantine_in_matcher(ScratchDatabase& database, const std::string& submission_id) {
    database.run(R"(
        INSERT INTO matching.quarantine
            (event_id, topic, partition, "offset", key, headers, payload, reason)
        VALUES ($1::text || '/1', 't', 0, 0, 'k', '{}', '', 'r'))",
                 submission_id);
}

}  // namespace chaiqin::testing
