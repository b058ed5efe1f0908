#pragma once
// What `chaiqin recover` does in the database after it, or Kafka, was set back.
#include <cstdint>
#include <string>
#include <vector>

#include "postgres/session.hpp"

namespace chaiqin::postgres::operations {

/// How far a reader of a partition is: a stage in its schema, or the gateway in `intake`.
struct StoredOffset {
    std::string schema, stage, topic;
    std::int32_t partition = 0;
    std::int64_t next_offset = 0;
};

/// Of all readers, the gateway first.
std::vector<StoredOffset> stored_offsets(Session& session);
/// Lets the reader begin again at `to`. False if it is not at `from.next_offset` any more.
bool set_offset(Session& session, const StoredOffset& from, std::int64_t to);

struct NewLife {
    int number = 0;
    std::int64_t ended_sessions = 0;
};
/// Raises the number of the store's life and ends the sessions of all services. Each service meets
/// the new number, is started anew and sends what stands in its outbox again.
NewLife begin_new_life(Session& session);

}  // namespace chaiqin::postgres::operations
