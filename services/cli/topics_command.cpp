#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "kafka/admin.hpp"
#include "postgres/migrations.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::cli {

namespace {

using Differences = std::vector<kafka::TopicDifference>;

void say_json(const Differences& differences, bool applied) {
    wire::JsonWriter out;
    out.begin_object();
    out.key("differences");
    out.begin_array();
    for (const auto& difference : differences) {
        out.begin_object();
        out.member("topic", difference.topic);
        out.member("what", difference.what);
        out.member("applied", applied && difference.can_be_applied);
        out.end_object();
    }
    out.end_array();
    out.end_object();
    std::cout << out.take() << '\n';
}

void say_text(const Differences& differences, bool applied) {
    for (const auto& difference : differences)
        std::cout << printable(difference.topic + ": " + difference.what)
                  << (applied && difference.can_be_applied ? " (applied)" : "") << '\n';
    if (differences.empty()) std::cout << "topics are as wished\n";
}

/// Exit code: 1 while something differs.
int say(const Differences& differences, bool applied, bool json) {
    json ? say_json(differences, applied) : say_text(differences, applied);
    return std::any_of(differences.begin(), differences.end(),
                       [&](const auto& one) { return !applied || !one.can_be_applied; });
}

/// A progress row for each partition of each topic that a stage reads.
void make_progress(const Surroundings& s, const std::vector<kafka::WishedTopic>& wished) {
    postgres::Session session({.conninfo = s.postgres, .application_name = "chaiqin topics"});
    for (const auto& stage : domain::stages::all)
        for (const auto& topic : wished)
            if (stage.reads(topic.name))
                postgres::make_progress_rows(session, stage.schema, stage.service, topic.name,
                                             topic.partitions);
}

}  // namespace

void add_topics_command(Root root) {
    auto* topics = root.app.add_subcommand("topics", "Kafka topics as code (topics.json)");
    topics->require_subcommand(1);
    auto replicas = std::make_shared<int>(0);
    auto json = std::make_shared<bool>(false);
    auto* apply = topics->add_subcommand(
        "apply", "make the topics and progress rows that are missing, set what differs");
    apply->add_option("--replicas", *replicas, "replicas of a new topic, instead of the file's");
    apply->footer("Example: chaiqin topics apply --brokers 127.0.0.1:8802");
    apply->add_flag("--json", *json, "print JSON");
    apply->callback([root, replicas, json] {
        const auto& s = root.surroundings;
        auto wished = kafka::read_topics(read_text_file(s.topics_file));
        if (*replicas > 0)
            for (auto& topic : wished) topic.replicas = *replicas;
        root.exit_code =
            say(kafka::topics_apply(kafka::cluster_of(s.brokers, s.kafka), wished), true, *json);
        make_progress(s, wished);
    });
    auto* diff =
        topics->add_subcommand("diff", "what differs from topics.json; exit 1 if anything does");
    diff->footer("Example: chaiqin topics diff --brokers 127.0.0.1:8802");
    diff->add_flag("--json", *json, "print JSON");
    diff->callback([root, json] {
        const auto& s = root.surroundings;
        root.exit_code = say(kafka::topics_diff(kafka::cluster_of(s.brokers, s.kafka),
                                                kafka::read_topics(read_text_file(s.topics_file))),
                             false, *json);
    });
}

}  // namespace chaiqin::cli
