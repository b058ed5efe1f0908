#pragma once
// What stages gave up, over all their schemas, and the audit lines. For `chaiqin quarantine` and
// `chaiqin audit`.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "postgres/session.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::postgres::operations {

struct QuarantinedMessage {
    std::string stage_schema;
    std::int64_t id = 0;
    std::string event_id, topic, key, reason;
    std::int32_t partition = 0;
    std::int64_t offset = 0, payload_bytes = 0;
    domain::Instant quarantined_at{};
    std::optional<domain::Instant> replayed_at;
};

std::vector<QuarantinedMessage> list_quarantine(Session& session, bool with_replayed);
/// One, whole, as it came; nothing if there is none.
std::optional<runtime::Message> quarantined_message(Session& session,
                                                    const std::string& stage_schema,
                                                    std::int64_t id);

/// Locks the message, lets `send` produce it (throws unless it was delivered) and notes the attempt
/// that `send` returns. ConfigError: there is no such message, or it has been replayed. A repeat
/// after a crash in between is dropped by the stage's set of applied ids.
void replay(Session& session, const std::string& stage_schema, std::int64_t id,
            const std::function<int(const runtime::Message&)>& send);

}  // namespace chaiqin::postgres::operations
