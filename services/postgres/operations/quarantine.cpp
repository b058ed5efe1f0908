#include "postgres/operations/quarantine.hpp"

#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "postgres/binary.hpp"
#include "postgres/operations/quarantine.sql.hpp"

namespace chaiqin::postgres::operations {

namespace {

std::string needed_schema(const std::string& stage) {
    auto schema = domain::stages::schema_of(stage);
    if (schema.empty())
        throw domain::ConfigError({"no stage or schema of a stage is called " + stage +
                                   "; there are " + domain::stages::schema_list()});
    return schema;
}

runtime::Message message_in(const Row& row) {
    runtime::Message message;
    message.topic = row.string("topic");
    message.partition = row.int4("partition");
    message.offset = row.int8("offset");
    message.key = row.string("key");
    const auto headers = row.text_array("headers");
    for (std::size_t i = 0; i + 1 < headers.size(); i += 2)
        message.headers.emplace_back(headers[i], headers[i + 1]);
    message.payload = row.string("payload");
    return message;
}

}  // namespace

std::vector<QuarantinedMessage> list_quarantine(Session& session, bool with_replayed) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    Params params;
    params.add(with_replayed);
    std::vector<QuarantinedMessage> all;
    for (const auto& schema : domain::stages::schemas()) {
        search_in(*work, schema);
        for (const auto row : query(*work, sql::list_quarantine, params))
            all.push_back({.stage_schema = schema,
                           .id = row.int8("id"),
                           .event_id = row.string("event_id"),
                           .topic = row.string("topic"),
                           .key = row.string("key"),
                           .reason = row.string("reason"),
                           .partition = row.int4("partition"),
                           .offset = row.int8("offset"),
                           .payload_bytes = row.int8("payload_bytes"),
                           .quarantined_at = row.instant("quarantined_at"),
                           .replayed_at = row.optional_instant("replayed_at")});
    }
    session.commit(*work);
    return all;
}

std::optional<runtime::Message> quarantined_message(Session& session, const std::string& stage,
                                                    std::int64_t id) {
    const auto schema = needed_schema(stage);
    auto work = session.begin(Isolation::repeatable_read_read_only);
    search_in(*work, schema);
    Params params;
    params.add(id);
    const auto rows = query(*work, sql::read_quarantined, params);
    session.commit(*work);
    return rows.empty() ? std::nullopt : std::optional(message_in(rows.only()));
}

std::vector<QuarantinedMessage> to_replay(Session& session, const std::string& stage,
                                          std::optional<domain::Instant> since,
                                          const std::string& reason) {
    const auto schema = needed_schema(stage);
    auto messages = list_quarantine(session, false);
    std::erase_if(messages, [&](const QuarantinedMessage& m) {
        return m.stage_schema != schema || (since && m.quarantined_at < *since) ||
               m.reason.find(reason) == std::string::npos;
    });
    return messages;
}

void resume(Session& session, const std::string& stage) {
    auto work = session.begin();
    search_in(*work, needed_schema(stage));
    query(*work, sql::order_resume);
    session.commit(*work);
}

void replay(Session& session, const std::string& stage, std::int64_t id,
            const std::function<int(const runtime::Message&)>& send) {
    const auto schema = needed_schema(stage);
    const auto name = "message " + std::to_string(id) + " in the quarantine of " + schema;
    auto work = session.begin();
    search_in(*work, schema);
    Params wanted;
    wanted.add(id);
    const auto rows = query(*work, sql::lock_quarantined, wanted);
    if (rows.empty()) throw domain::ConfigError({"no " + name});
    const auto row = rows.only();
    if (row.boolean("is_replayed"))
        throw domain::ConfigError(
            {name + " has been replayed; if it failed again, it is there under a new number"});
    Params params;
    params.add(id).add(static_cast<std::int32_t>(send(message_in(row))));
    query(*work, sql::note_replay, params);
    session.commit(*work);
}

}  // namespace chaiqin::postgres::operations
