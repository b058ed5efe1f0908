#pragma once
// What stages gave up, over all their schemas, and the audit lines. For `chaiqin quarantine` and
// `chaiqin audit`. A stage is named by its schema, its name or its service; ConfigError if there is
// none of that name.
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
std::optional<runtime::Message> quarantined_message(Session& session, const std::string& stage,
                                                    std::int64_t id);
/// What one stage gave up since a moment for a reason that contains a text, and nobody has replayed
/// yet; in the order in which it was given up.
std::vector<QuarantinedMessage> to_replay(Session& session, const std::string& stage,
                                          std::optional<domain::Instant> since,
                                          const std::string& reason);
/// The stage may go on after 20 messages in quarantine within a minute: its processes look for the
/// row that this adds.
void resume(Session& session, const std::string& stage);

/// Locks the message, lets `send` produce it (throws unless it was delivered) and notes the attempt
/// that `send` returns. ConfigError: there is no such message, or it has been replayed. A repeat
/// after a crash in between is dropped by the stage's set of applied ids.
void replay(Session& session, const std::string& stage, std::int64_t id,
            const std::function<int(const runtime::Message&)>& send);

}  // namespace chaiqin::postgres::operations
