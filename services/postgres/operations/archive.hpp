#pragma once
// The archive as `chaiqin archive replay` reads it.
#include <cstdint>
#include <functional>
#include <string>

#include "domain/calendar.hpp"
#include "postgres/session.hpp"

namespace chaiqin::postgres::operations {

struct ArchivedFile {
    std::string submission_id, agency, route, sha256, key_hash, sealed;
    int attempt = 1;
    domain::Instant received_at{};
    std::int64_t size_bytes = 0;
};

/// Calls back for every accepted file, received at `since` or later, that the matcher neither has
/// nor will get.
void each_file_to_replay(Session& session, domain::Instant since,
                         const std::function<void(const ArchivedFile&)>& each);

}  // namespace chaiqin::postgres::operations
