#pragma once
// What stages gave up, over all their schemas, and the audit lines. For `chaiqin quarantine` and `chaiqin audit`.
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
/// The message as it must be sent again: to the input topic of the stage that gave up, same partition, attempt + 1.
runtime::OutgoingMessage replay_of(Session& session, const std::string& stage_schema, std::int64_t id);
void mark_replayed(Session& session, const std::string& stage_schema, std::int64_t id, int attempt);

struct AuditLine {
    domain::Instant at{};
    std::string sub, agency, acting, action, object, result;
};
std::vector<AuditLine> list_audit(Session& session, domain::Instant from, domain::Instant to);

}  // namespace chaiqin::postgres::operations
