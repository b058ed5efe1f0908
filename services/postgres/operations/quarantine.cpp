#include "postgres/operations/quarantine.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "domain/failure.hpp"
#include "postgres/binary.hpp"

namespace chaiqin::postgres::operations {

namespace {

constexpr std::array<const char*, 4> schemas{"validation", "matching", "statistics", "notification"};

void need_schema(const std::string& schema) {
    if (std::find(schemas.begin(), schemas.end(), schema) == schemas.end())
        throw domain::ConfigError({"no stage's schema is called " + schema + "; there are validation, matching, statistics, notification"});
}

int attempt_in(std::string_view event_id) {
    const auto slash = event_id.rfind('/');
    int attempt = 0;
    if (slash != std::string_view::npos) std::from_chars(event_id.data() + slash + 1, event_id.data() + event_id.size(), attempt);
    return attempt;
}

}  // namespace

std::vector<QuarantinedMessage> list_quarantine(Session& session, bool with_replayed) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    std::vector<QuarantinedMessage> all;
    for (const char* schema : schemas) {
        const auto rows = query(*work, std::string("SELECT id, event_id, topic, partition, \"offset\", key, reason, octet_length(payload), quarantined_at, replayed_at FROM ") + schema +
                                           ".quarantine" + (with_replayed ? "" : " WHERE replayed_at IS NULL") + " ORDER BY id");
        for (int i = 0; i < rows.size(); ++i)
            all.push_back({schema, rows.int8(i, 0), rows.string(i, 1), rows.string(i, 2), rows.string(i, 5), rows.string(i, 6), rows.int4(i, 3), rows.int8(i, 4), rows.int8(i, 7),
                           rows.instant(i, 8), rows.optional_instant(i, 9)});
    }
    session.commit(*work);
    return all;
}

runtime::OutgoingMessage replay_of(Session& session, const std::string& stage_schema, std::int64_t id) {
    need_schema(stage_schema);
    auto work = session.begin();
    Params params;
    params.add(id);
    const auto rows = query(*work, "SELECT event_id, topic, partition, key, headers, payload, COALESCE(replay_attempt, 0) FROM " + stage_schema + ".quarantine WHERE id = $1", params);
    if (rows.size() == 0) throw domain::ConfigError({"no message " + std::to_string(id) + " in the quarantine of " + stage_schema});
    runtime::OutgoingMessage message;
    const auto event_id = rows.string(0, 0);
    const int attempt = std::max(attempt_in(event_id), rows.int4(0, 6)) + 1;
    message.topic = rows.string(0, 1);
    message.partition = rows.int4(0, 2);
    message.key = rows.string(0, 3);
    message.payload = rows.string(0, 5);
    const auto slash = event_id.rfind('/');
    message.event_id = (slash == std::string::npos ? event_id : event_id.substr(0, slash)) + "/" + std::to_string(attempt);
    const auto flat = rows.text_array(0, 4);
    for (std::size_t i = 0; i + 1 < flat.size(); i += 2)
        message.headers.emplace_back(flat[i], flat[i] == "attempt" ? std::to_string(attempt) : flat[i] == runtime::event_id_header ? message.event_id : flat[i + 1]);
    session.commit(*work);
    return message;
}

void mark_replayed(Session& session, const std::string& stage_schema, std::int64_t id, int attempt) {
    need_schema(stage_schema);
    auto work = session.begin();
    Params params;
    params.add(id).add(static_cast<std::int32_t>(attempt));
    query(*work, "UPDATE " + stage_schema + ".quarantine SET replayed_at = now(), replay_attempt = $2 WHERE id = $1", params);
    session.commit(*work);
}

std::vector<AuditLine> list_audit(Session& session, domain::Instant from, domain::Instant to) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    Params params;
    params.add(from).add(to);
    const auto rows = query(*work, "SELECT at, sub, agency, acting, action, object, result FROM intake.audit WHERE at >= $1 AND at < $2 ORDER BY at DESC, id DESC", params);
    std::vector<AuditLine> lines;
    for (int i = 0; i < rows.size(); ++i)
        lines.push_back({rows.instant(i, 0), rows.string(i, 1), rows.string(i, 2), rows.string(i, 3), rows.string(i, 4), rows.string(i, 5), rows.string(i, 6)});
    session.commit(*work);
    return lines;
}

}  // namespace chaiqin::postgres::operations
