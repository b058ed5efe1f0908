#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/json_writing.hpp"
#include "domain/failure.hpp"
#include "kafka/admin.hpp"
#include "postgres/migrations.hpp"

namespace chaiqin::cli {

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

struct StageTopic {
    const char *schema, *stage, *topic;
};
/// Who reads what: a progress row for each partition.
constexpr StageTopic stage_topics[] = {
    {"validation", "validator", "chaiqin.file.received.v1"},
    {"matching", "agency_matcher", "chaiqin.file.validated.v1"},
    {"matching", "agency_matcher", "chaiqin.career.received.v1"},
    {"statistics", "statistics_aggregator", "chaiqin.counts.changed.v1"},
    {"notification", "notification", "chaiqin.submission.updated.v1"},
    {"notification", "notification", "chaiqin.filing.changed.v1"},
};

using Differences = std::vector<kafka::TopicDifference>;

void say_json(const Differences& differences, bool applied) {
    rapidjson::StringBuffer buffer;
    Writer out(buffer);
    out.StartObject();
    out.Key("differences");
    out.StartArray();
    for (const auto& difference : differences) {
        out.StartObject();
        member(out, "topic", difference.topic);
        member(out, "what", difference.what);
        out.Key("applied"), out.Bool(applied && difference.can_be_applied);
        out.EndObject();
    }
    out.EndArray();
    out.EndObject();
    std::cout << buffer.GetString() << '\n';
}

void say_text(const Differences& differences, bool applied) {
    for (const auto& difference : differences)
        std::cout << difference.topic << ": " << difference.what
                  << (applied && difference.can_be_applied ? " (applied)" : "") << '\n';
    if (differences.empty()) std::cout << "topics are as wished\n";
}

/// Exit code: 1 while something differs.
int say(const Differences& differences, bool applied, bool json) {
    json ? say_json(differences, applied) : say_text(differences, applied);
    return std::any_of(differences.begin(), differences.end(),
                       [&](const auto& one) { return !applied || !one.can_be_applied; });
}

void make_progress(const Surroundings& s, const std::vector<kafka::WishedTopic>& wished) {
    postgres::Session session({.conninfo = s.postgres, .application_name = "chaiqin topics"});
    for (const auto& row : stage_topics)
        for (const auto& topic : wished)
            if (topic.name == row.topic)
                postgres::make_progress_rows(session, row.schema, row.stage, row.topic,
                                             topic.partitions);
}

}  // namespace

void add_topics_command(Root root) {
    auto* topics = root.app.add_subcommand("topics", "Kafka topics as code (topics.json)");
    topics->require_subcommand(1);
    auto replicas = std::make_shared<int>(1);
    auto json = std::make_shared<bool>(false);
    auto* apply = topics->add_subcommand(
        "apply", "make the topics and progress rows that are missing, set what differs");
    apply->add_option("--replicas", *replicas, "replicas of a new topic (3 in production)");
    apply->footer("Example: chaiqin topics apply --brokers 127.0.0.1:8802");
    apply->add_flag("--json", *json, "print JSON");
    apply->callback([root, replicas, json] {
        const auto& s = root.surroundings;
        const auto wished = kafka::read_topics(read_text_file(s.topics_file));
        root.exit_code = say(kafka::topics_apply(s.brokers, wished, *replicas), true, *json);
        make_progress(s, wished);
    });
    auto* diff =
        topics->add_subcommand("diff", "what differs from topics.json; exit 1 if anything does");
    diff->footer("Example: chaiqin topics diff --brokers 127.0.0.1:8802");
    diff->add_flag("--json", *json, "print JSON");
    diff->callback([root, json] {
        const auto& s = root.surroundings;
        root.exit_code =
            say(kafka::topics_diff(s.brokers, kafka::read_topics(read_text_file(s.topics_file))),
                false, *json);
    });
}

}  // namespace chaiqin::cli
