// `chaiqin quarantine list|show|replay` and `chaiqin audit list`.
#include <CLI/CLI.hpp>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <chrono>
#include <future>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "domain/failure.hpp"
#include "kafka/producer.hpp"
#include "postgres/operations/quarantine.hpp"

namespace chaiqin::cli {

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;
using postgres::operations::QuarantinedMessage;

struct Place {
    std::string schema;
    std::int64_t id = 0;
};

postgres::Session session_of(const Surroundings& s) { return postgres::Session({.conninfo = s.postgres, .application_name = "chaiqin quarantine"}); }

void member(Writer& out, const char* name, const std::string& value) {
    out.Key(name);
    out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

std::string json_of(const std::vector<QuarantinedMessage>& messages) {
    rapidjson::StringBuffer buffer;
    Writer out(buffer);
    out.StartObject();
    out.Key("messages");
    out.StartArray();
    for (const auto& m : messages) {
        out.StartObject();
        member(out, "stage", m.stage_schema);
        out.Key("id"), out.Int64(m.id);
        member(out, "event_id", m.event_id);
        member(out, "topic", m.topic);
        out.Key("partition"), out.Int(m.partition);
        out.Key("offset"), out.Int64(m.offset);
        out.Key("bytes"), out.Int64(m.payload_bytes);
        member(out, "reason", m.reason);
        member(out, "quarantined_at", domain::rfc3339_taipei(m.quarantined_at));
        out.Key("replayed_at");
        if (m.replayed_at) out.String(domain::rfc3339_taipei(*m.replayed_at).c_str());
        else out.Null();
        out.EndObject();
    }
    out.EndArray();
    out.EndObject();
    return buffer.GetString();
}

void list(const Root& root, bool all, bool json, const Place* only) {
    auto session = session_of(root.surroundings);
    auto messages = postgres::operations::list_quarantine(session, all || only);
    if (only) std::erase_if(messages, [&](const auto& m) { return m.stage_schema != only->schema || m.id != only->id; });
    if (json) {
        std::cout << json_of(messages) << '\n';
        return;
    }
    for (const auto& m : messages)
        std::cout << m.stage_schema << ' ' << m.id << "  " << m.event_id << "  " << m.topic << '/' << m.partition << '@' << m.offset << "  " << domain::rfc3339_taipei(m.quarantined_at)
                  << (m.replayed_at ? "  replayed" : "") << "\n    " << m.reason << '\n';
    if (messages.empty()) std::cout << "nothing is in quarantine\n";
}

void replay(const Root& root, const Place& place) {
    auto session = session_of(root.surroundings);
    const auto message = postgres::operations::replay_of(session, place.schema, place.id);
    const auto producer = kafka::make_producer({.brokers = root.surroundings.brokers});
    std::promise<runtime::Delivered> promise;
    producer->send(message, [&](const runtime::Delivered& delivered) { promise.set_value(delivered); });
    const auto delivered = promise.get_future().get();
    if (delivered.outcome != runtime::Delivery::delivered) throw domain::TransientFailure("not delivered: " + delivered.reason);
    int attempt = 0;
    const auto slash = message.event_id.rfind('/');
    std::from_chars(message.event_id.data() + slash + 1, message.event_id.data() + message.event_id.size(), attempt);
    postgres::operations::mark_replayed(session, place.schema, place.id, attempt);
    std::cout << "sent to " << message.topic << '/' << message.partition << " as " << message.event_id << '\n';
}

void add_place(CLI::App* command, const std::shared_ptr<Place>& place) {
    command->add_option("STAGE", place->schema, "validation, matching, statistics or notification")->required();
    command->add_option("ID", place->id, "number in that quarantine")->required();
}

void audit(const Root& root, const std::string& from_text, const std::string& to_text, bool json) {
    const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto instant = [](const std::string& text, domain::Instant otherwise) {
        if (text.empty()) return otherwise;
        if (const auto at = domain::parse_rfc3339(text)) return *at;
        if (const auto day = domain::parse_iso_day(text)) return domain::taipei_midnight(*day);
        throw domain::ConfigError({"not a time such as 2026-11-05 or 2026-11-05T09:00:00+08:00: " + text});
    };
    const auto to = instant(to_text, now + std::chrono::seconds(1));
    postgres::Session session({.conninfo = root.surroundings.postgres, .application_name = "chaiqin audit"});
    const auto lines = postgres::operations::list_audit(session, instant(from_text, to - std::chrono::hours(24)), to);
    if (!json) {
        for (const auto& l : lines) std::cout << domain::rfc3339_taipei(l.at) << "  " << l.sub << "  " << l.agency << " for " << l.acting << "  " << l.action << ' ' << l.object << "  " << l.result << '\n';
        return;
    }
    rapidjson::StringBuffer buffer;
    Writer out(buffer);
    out.StartObject();
    out.Key("lines");
    out.StartArray();
    for (const auto& l : lines) {
        out.StartObject();
        member(out, "at", domain::rfc3339_taipei(l.at));
        member(out, "sub", l.sub);
        member(out, "agency", l.agency);
        member(out, "acting", l.acting);
        member(out, "action", l.action);
        member(out, "object", l.object);
        member(out, "result", l.result);
        out.EndObject();
    }
    out.EndArray();
    out.EndObject();
    std::cout << buffer.GetString() << '\n';
}

}  // namespace

void add_quarantine_command(Root root) {
    auto* quarantine = root.app.add_subcommand("quarantine", "messages that a stage gave up: kept whole, replayable");
    quarantine->require_subcommand(1);
    auto all = std::make_shared<bool>(false), json = std::make_shared<bool>(false);
    auto place = std::make_shared<Place>();
    auto* list_command = quarantine->add_subcommand("list", "what is in quarantine");
    list_command->add_flag("--all", *all, "replayed ones too");
    list_command->add_flag("--json", *json, "print JSON");
    list_command->callback([root, all, json] { list(root, *all, *json, nullptr); });
    auto* show = quarantine->add_subcommand("show", "one message");
    add_place(show, place);
    show->add_flag("--json", *json, "print JSON");
    show->callback([root, place, json] { list(root, true, *json, place.get()); });
    auto* replay_command = quarantine->add_subcommand("replay", "send it again to the stage that gave up, as the next attempt");
    replay_command->footer("Example: chaiqin quarantine replay validation 3");
    add_place(replay_command, place);
    replay_command->callback([root, place] { replay(root, *place); });
}

void add_audit_command(Root root) {
    auto* audit_command = root.app.add_subcommand("audit", "reads and loads of other agencies' data");
    audit_command->require_subcommand(1);
    auto from = std::make_shared<std::string>(), to = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    auto* list_command = audit_command->add_subcommand("list", "newest first; the last day by default");
    list_command->footer("Example: chaiqin audit list --from 2026-11-01 --to 2026-11-20 --json");
    list_command->add_option("--from", *from, "day or time, inclusive");
    list_command->add_option("--to", *to, "day or time, exclusive");
    list_command->add_flag("--json", *json, "print JSON");
    list_command->callback([root, from, to, json] { audit(root, *from, *to, *json); });
}

}  // namespace chaiqin::cli
