#include "postgres/operations/quarantine.hpp"

#include <algorithm>
#include <array>

#include "domain/failure.hpp"
#include "postgres/binary.hpp"

namespace chaiqin::postgres::operations {

namespace {

constexpr std::array<const char*, 4> schemas{"validation", "matching", "statistics",
                                             "notification"};

void need_schema(const std::string& schema) {
    if (std::find(schemas.begin(), schemas.end(), schema) == schemas.end())
        throw domain::ConfigError({"no stage's schema is called " + schema +
                                   "; there are validation, matching, statistics, notification"});
}

constexpr const char* whole =
    "SELECT topic, partition, \"offset\", key, headers, payload, replayed_at IS NOT NULL FROM ";

runtime::Message read_message(const Rows& rows) {
    runtime::Message message;
    message.topic = rows.string(0, 0);
    message.partition = rows.int4(0, 1);
    message.offset = rows.int8(0, 2);
    message.key = rows.string(0, 3);
    const auto headers = rows.text_array(0, 4);
    for (std::size_t i = 0; i + 1 < headers.size(); i += 2)
        message.headers.emplace_back(headers[i], headers[i + 1]);
    message.payload = rows.string(0, 5);
    return message;
}

}  // namespace

std::vector<QuarantinedMessage> list_quarantine(Session& session, bool with_replayed) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    std::vector<QuarantinedMessage> all;
    for (const char* schema : schemas) {
        const auto rows = query(
            *work, std::string("SELECT id, event_id, topic, partition, \"offset\", key, reason, "
                               "octet_length(payload), quarantined_at, replayed_at FROM ") +
                       schema + ".quarantine" +
                       (with_replayed ? "" : " WHERE replayed_at IS NULL") + " ORDER BY id");
        for (int i = 0; i < rows.size(); ++i)
            all.push_back({schema, rows.int8(i, 0), rows.string(i, 1), rows.string(i, 2),
                           rows.string(i, 5), rows.string(i, 6), rows.int4(i, 3), rows.int8(i, 4),
                           rows.int8(i, 7), rows.instant(i, 8), rows.optional_instant(i, 9)});
    }
    session.commit(*work);
    return all;
}

std::optional<runtime::Message> quarantined_message(Session& session,
                                                    const std::string& stage_schema,
                                                    std::int64_t id) {
    need_schema(stage_schema);
    auto work = session.begin(Isolation::repeatable_read_read_only);
    Params params;
    params.add(id);
    const auto rows = query(*work, whole + stage_schema + ".quarantine WHERE id = $1", params);
    session.commit(*work);
    return rows.size() == 0 ? std::nullopt : std::optional(read_message(rows));
}

void replay(Session& session, const std::string& stage_schema, std::int64_t id,
            const std::function<int(const runtime::Message&)>& send) {
    need_schema(stage_schema);
    const auto name = "message " + std::to_string(id) + " in the quarantine of " + stage_schema;
    auto work = session.begin();
    Params wanted;
    wanted.add(id);
    const auto rows =
        query(*work, whole + stage_schema + ".quarantine WHERE id = $1 FOR UPDATE", wanted);
    if (rows.size() == 0) throw domain::ConfigError({"no " + name});
    if (rows.boolean(0, 6))
        throw domain::ConfigError(
            {name + " has been replayed; if it failed again, it is there under a new number"});
    Params params;
    params.add(id).add(static_cast<std::int32_t>(send(read_message(rows))));
    query(*work,
          "UPDATE " + stage_schema +
              ".quarantine SET replayed_at = now(), replay_attempt = $2 WHERE id = $1",
          params);
    session.commit(*work);
}

std::vector<AuditLine> list_audit(Session& session, domain::Instant from, domain::Instant to) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    Params params;
    params.add(from).add(to);
    const auto rows =
        query(*work,
              "SELECT at, sub, agency, acting, action, object, result FROM intake.audit WHERE "
              "at >= $1 AND at < $2 ORDER BY at DESC, id DESC",
              params);
    std::vector<AuditLine> lines;
    for (int i = 0; i < rows.size(); ++i)
        lines.push_back({rows.instant(i, 0), rows.string(i, 1), rows.string(i, 2),
                         rows.string(i, 3), rows.string(i, 4), rows.string(i, 5),
                         rows.string(i, 6)});
    session.commit(*work);
    return lines;
}

}  // namespace chaiqin::postgres::operations
