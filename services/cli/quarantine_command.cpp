// `chaiqin quarantine list|show|replay|resume`.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/moment.hpp"
#include "cli/operator_cluster.hpp"
#include "cli/operator_session.hpp"
#include "cli/replay.hpp"
#include "cli/terminal.hpp"
#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "kafka/producer.hpp"
#include "postgres/operations/quarantine.hpp"
#include "runtime/event_mac.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::cli {

namespace {

using postgres::operations::QuarantinedMessage;

struct Place {
    std::string stage;
    std::int64_t id = 0;
};

/// What of a stage is replayed together.
struct Choice {
    bool all = false, vouched_for = false;
    std::string stage, since, reason;
};

std::string json_of(const std::vector<QuarantinedMessage>& messages,
                    const runtime::Headers* headers = nullptr) {
    wire::JsonWriter out;
    out.begin_object();
    out.key("messages");
    out.begin_array();
    for (const auto& m : messages) {
        out.begin_object();
        out.member("stage", m.stage_schema);
        out.member("id", m.id);
        out.member("event_id", m.event_id);
        out.member("topic", m.topic);
        out.member("partition", m.partition);
        out.member("offset", m.offset);
        out.member("bytes", m.payload_bytes);
        out.member("reason", m.reason);
        out.member("quarantined_at", domain::rfc3339_taipei(m.quarantined_at));
        out.key("replayed_at");
        m.replayed_at ? out.value(domain::rfc3339_taipei(*m.replayed_at)) : out.null();
        if (headers) {
            out.key("headers");
            out.begin_object();
            for (const auto& [name, value] : *headers) out.member(name, value);
            out.end_object();
        }
        out.end_object();
    }
    out.end_array();
    out.end_object();
    return out.take();
}

void list(const Root& root, bool all, bool json) {
    auto session = operator_session(root.surroundings, "quarantine");
    const auto messages = postgres::operations::list_quarantine(session, all);
    if (json) {
        std::cout << json_of(messages) << '\n';
        return;
    }
    for (const auto& m : messages)
        std::cout << m.stage_schema << ' ' << m.id << "  " << printable(m.event_id) << "  "
                  << printable(m.topic) << '/' << m.partition << '@' << m.offset << "  "
                  << domain::rfc3339_taipei(m.quarantined_at) << (m.replayed_at ? "  replayed" : "")
                  << "\n    " << printable(m.reason) << '\n';
    if (messages.empty()) std::cout << "nothing is in quarantine\n";
}

/// What is known of one message; its payload is sealed or without persons, and not shown.
void show(const Root& root, const Place& place, bool json) {
    auto session = operator_session(root.surroundings, "quarantine");
    auto messages = postgres::operations::list_quarantine(session, true);
    std::erase_if(messages,
                  [schema = domain::stages::schema_of(place.stage), &place](const auto& m) {
                      return m.stage_schema != schema || m.id != place.id;
                  });
    const auto message = postgres::operations::quarantined_message(session, place.stage, place.id);
    if (messages.empty() || !message)
        throw domain::ConfigError(
            {"no message " + std::to_string(place.id) + " in the quarantine of " + place.stage});
    if (json) {
        std::cout << json_of(messages, &message->headers) << '\n';
        return;
    }
    const auto& m = messages.front();
    std::cout << "event     " << printable(m.event_id) << "\ntopic     " << printable(m.topic)
              << '/' << m.partition << " offset " << m.offset << "\nkey       " << printable(m.key)
              << "\nbytes     " << m.payload_bytes << "\nsince     "
              << domain::rfc3339_taipei(m.quarantined_at) << "\nreplayed  "
              << (m.replayed_at ? domain::rfc3339_taipei(*m.replayed_at) : "no") << "\nreason    "
              << printable(m.reason) << '\n';
    for (const auto& [name, value] : message->headers)
        std::cout << "header    " << printable(name) << ": " << printable(value) << '\n';
}

std::string sent_json(const Replay& replay) {
    wire::JsonWriter out;
    out.begin_object();
    out.member("event_id", replay.message.event_id);
    out.member("topic", replay.message.topic);
    out.member("partition", replay.message.partition);
    out.member("attempt", replay.attempt);
    out.end_object();
    return out.take();
}

int send_again(runtime::Producer& producer, Replay replay, bool json) {
    const auto said = json ? sent_json(replay)
                           : "sent to " + replay.message.topic + "/" +
                                 std::to_string(replay.message.partition) + " as " +
                                 replay.message.event_id;
    send(producer, std::move(replay.message));
    std::cout << (json ? said : printable(said)) << '\n';
    return replay.attempt;
}

/// The messages that the command names: all of a choice, or the one at a place.
std::vector<Place> chosen(postgres::Session& session, const Place& place, const Choice& choice) {
    if (!choice.all) {
        if (place.stage.empty() || place.id == 0)
            throw domain::ConfigError({"STAGE and ID are needed, or --all --stage STAGE"});
        return {place};
    }
    if (choice.stage.empty() || !place.stage.empty())
        throw domain::ConfigError({"--all goes with --stage STAGE, and not with STAGE and ID"});
    const auto since =
        choice.since.empty() ? std::nullopt : std::optional(moment_of("--since", choice.since));
    std::vector<Place> places;
    int forged = 0;
    for (const auto& m :
         postgres::operations::to_replay(session, choice.stage, since, choice.reason))
        if (!choice.vouched_for && m.reason.starts_with(runtime::bad_mac))
            ++forged;
        else
            places.push_back({m.stage_schema, m.id});
    if (forged > 0)
        std::cerr << forged << " messages stay: " << runtime::bad_mac
                  << " (--vouch sends them all the same)\n";
    return places;
}

void replay(const Root& root, const Place& place, const Choice& choice, bool json) {
    auto session = operator_session(root.surroundings, "quarantine");
    const auto cluster = operator_cluster(root.surroundings);
    const auto places = chosen(session, place, choice);
    const auto producer = kafka::make_producer({.cluster = cluster});
    for (const auto& one : places)
        postgres::operations::replay(session, one.stage, one.id, [&](const auto& message) {
            return send_again(
                *producer,
                replay_with_keys(message, root.surroundings.keys_dir, choice.vouched_for), json);
        });
    if (choice.all) std::cerr << places.size() << " messages were sent again\n";
}

void resume(const Root& root, const std::string& stage, bool json) {
    auto session = operator_session(root.surroundings, "quarantine");
    postgres::operations::resume(session, stage);
    if (json) {
        wire::JsonWriter out;
        out.begin_object();
        out.member("resumed", domain::stages::schema_of(stage));
        out.end_object();
        std::cout << out.take() << '\n';
    } else {
        std::cout << "waiting processes of " << stage << " go on within seconds\n";
    }
}

std::string stage_help() { return "the stage or its schema: " + domain::stages::schema_list(); }

void add_replay(CLI::App* quarantine, const Root& root) {
    auto place = std::make_shared<Place>();
    auto choice = std::make_shared<Choice>();
    auto json = std::make_shared<bool>(false);
    auto* command = quarantine->add_subcommand(
        "replay", "send it again to the stage that gave up, as the next attempt");
    command->footer(
        "Example: chaiqin quarantine replay validation 3\n"
        "Example: chaiqin quarantine replay --all --stage validation --since 2026-11-05 "
        "--reason \"header route\"");
    command->add_option("STAGE", place->stage, stage_help());
    command->add_option("ID", place->id, "number in that quarantine");
    command->add_flag("--all", choice->all, "all that a stage gave up and nobody has replayed");
    command->add_option("--stage", choice->stage, stage_help());
    command->add_option("--since", choice->since, "those given up since this day or time");
    command->add_option("--reason", choice->reason, "those whose reason contains this text");
    command->add_flag("--vouch", choice->vouched_for,
                      "sign an event without a good MAC: you know who wrote it");
    command->add_flag("--json", *json, "print JSON");
    command->callback([root, place, choice, json] { replay(root, *place, *choice, *json); });
}

void add_resume(CLI::App* quarantine, const Root& root) {
    auto stage = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    auto* command = quarantine->add_subcommand(
        "resume", "let a stage go on that waits because it gave up too many messages");
    command->footer("Example: chaiqin quarantine resume validation");
    command->add_option("STAGE", *stage, stage_help())->required();
    command->add_flag("--json", *json, "print JSON");
    command->callback([root, stage, json] { resume(root, *stage, *json); });
}

}  // namespace

void add_quarantine_command(Root root) {
    auto* quarantine = root.app.add_subcommand(
        "quarantine", "messages that a stage gave up: kept whole, replayable");
    quarantine->require_subcommand(1);
    auto all = std::make_shared<bool>(false), json = std::make_shared<bool>(false);
    auto place = std::make_shared<Place>();
    auto* list_command = quarantine->add_subcommand("list", "what is in quarantine");
    list_command->footer("Example: chaiqin quarantine list --all");
    list_command->add_flag("--all", *all, "replayed ones too");
    list_command->add_flag("--json", *json, "print JSON");
    list_command->callback([root, all, json] { list(root, *all, *json); });
    auto* show_command = quarantine->add_subcommand("show", "one message");
    show_command->footer("Example: chaiqin quarantine show validation 3 --json");
    show_command->add_option("STAGE", place->stage, stage_help())->required();
    show_command->add_option("ID", place->id, "number in that quarantine")->required();
    show_command->add_flag("--json", *json, "print JSON");
    show_command->callback([root, place, json] { show(root, *place, *json); });
    add_replay(quarantine, root);
    add_resume(quarantine, root);
}

}  // namespace chaiqin::cli
