#include "postgres/operations/recovery.hpp"

#include "domain/topics.hpp"
#include "postgres/binary.hpp"
#include "postgres/operations/recovery.sql.hpp"

namespace chaiqin::postgres::operations {

namespace {

constexpr const char* intake = "intake";

}  // namespace

std::vector<StoredOffset> stored_offsets(Session& session) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    std::vector<StoredOffset> all;
    for (const auto row : query(*work, sql::gateway_offsets))
        all.push_back({.schema = intake,
                       .stage = "gateway",
                       .topic = std::string(domain::topics::file_received),
                       .partition = row.int4("partition"),
                       .next_offset = row.int8("next_offset")});
    for (const auto& schema : domain::stages::schemas()) {
        search_in(*work, schema);
        for (const auto row : query(*work, sql::stage_offsets))
            all.push_back({.schema = schema,
                           .stage = row.string("stage"),
                           .topic = row.string("topic"),
                           .partition = row.int4("partition"),
                           .next_offset = row.int8("next_offset")});
    }
    session.commit(*work);
    return all;
}

bool set_offset(Session& session, const StoredOffset& from, std::int64_t to) {
    auto work = session.begin();
    Params params;
    params.add(to);
    if (from.schema != intake) {
        search_in(*work, from.schema);
        params.add(from.stage).add(from.topic);
    }
    params.add(from.partition).add(from.next_offset);
    const auto& statement = from.schema == intake ? sql::set_gateway_offset : sql::set_stage_offset;
    const bool is_set = !query(*work, statement, params).empty();
    session.commit(*work);
    return is_set;
}

NewLife begin_new_life(Session& session) {
    NewLife life;
    auto work = session.begin();
    life.number = query(*work, sql::begin_new_life).only().int4("number");
    session.commit(*work);
    std::vector<std::string> roles{"gateway", "query"};
    for (const auto& stage : domain::stages::all) roles.emplace_back(stage.service);
    auto ending = session.begin();
    Params params;
    params.add_array(roles);
    life.ended_sessions = query(*ending, sql::end_sessions, params).only().int8("ended");
    session.commit(*ending);
    return life;
}

}  // namespace chaiqin::postgres::operations
