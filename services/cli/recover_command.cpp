// `chaiqin recover`: after PostgreSQL or Kafka was set back to an earlier moment.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include "cli/commands.hpp"
#include "cli/operator_cluster.hpp"
#include "cli/operator_session.hpp"
#include "cli/terminal.hpp"
#include "domain/partitioning.hpp"
#include "domain/topics.hpp"
#include "kafka/admin.hpp"
#include "postgres/operations/recovery.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::cli {

namespace {

using postgres::operations::StoredOffset;

/// A reader whose next offset the topic does not have.
struct Displaced {
    StoredOffset stands;
    kafka::Extent holds;

    /// The topic was set back: what it holds now is read from its beginning; repeats are left out.
    bool is_ahead() const { return stands.next_offset > holds.high; }
    /// Messages below `low` are gone that the reader has not had.
    std::int64_t missing() const {
        return is_ahead() ? 0 : std::max<std::int64_t>(0, holds.low - stands.next_offset);
    }
    std::string where() const {
        return stands.stage + " at " + stands.topic + "/" + std::to_string(stands.partition);
    }
};

struct Recovery {
    std::vector<Displaced> read_again, missing;
    postgres::operations::NewLife life;
};

int partitions_of(const std::string& topic) {
    for (const auto& known : domain::topics::all)
        if (known.name == topic) return known.partitions;
    return 0;
}

std::vector<Displaced> displaced(postgres::Session& session, const kafka::Cluster& cluster) {
    std::map<std::string, std::map<std::int32_t, kafka::Extent>> extents;
    std::vector<Displaced> all;
    for (const auto& stands : postgres::operations::stored_offsets(session)) {
        auto& of_topic = extents[stands.topic];
        if (of_topic.empty())
            of_topic = kafka::extents(cluster, stands.topic, partitions_of(stands.topic));
        const Displaced one{stands, of_topic.at(stands.partition)};
        if (one.is_ahead() || one.missing() > 0) all.push_back(one);
    }
    return all;
}

Recovery recover(postgres::Session& session, const kafka::Cluster& cluster) {
    Recovery done;
    for (const auto& one : displaced(session, cluster)) {
        if (!one.is_ahead()) {
            done.missing.push_back(one);
        } else if (postgres::operations::set_offset(session, one.stands, one.holds.low)) {
            done.read_again.push_back(one);
        }
    }
    done.life = postgres::operations::begin_new_life(session);
    return done;
}

void print_text(const Recovery& done) {
    for (const auto& one : done.read_again)
        std::cout << printable(one.where()) << " stood at " << one.stands.next_offset
                  << ", but the topic ends at " << one.holds.high << ": it is read again from "
                  << one.holds.low << '\n';
    for (const auto& one : done.missing)
        std::cout << "MISSING: " << printable(one.where()) << " needs offset "
                  << one.stands.next_offset << ", but the topic begins at " << one.holds.low << ": "
                  << one.missing() << " messages are gone\n";
    std::cout << "the store begins its life number " << done.life.number << "; "
              << done.life.ended_sessions
              << " sessions were ended, and the services start anew\n"
                 "What stages had announced is sent again. When all parts are ready\n"
                 "(deploy/status), run `chaiqin verify`: it names what is missing.\n";
}

void print_json(const Recovery& done) {
    wire::JsonWriter out;
    const auto list = [&](const char* name, const std::vector<Displaced>& all) {
        out.key(name);
        out.begin_array();
        for (const auto& one : all) {
            out.begin_object();
            out.member("stage", one.stands.stage);
            out.member("topic", one.stands.topic);
            out.member("partition", one.stands.partition);
            out.member("next_offset", one.stands.next_offset);
            out.member("low", one.holds.low);
            out.member("high", one.holds.high);
            out.end_object();
        }
        out.end_array();
    };
    out.begin_object();
    list("read_again", done.read_again);
    list("missing", done.missing);
    out.member("life", done.life.number);
    out.member("ended_sessions", done.life.ended_sessions);
    out.end_object();
    std::cout << out.take() << '\n';
}

}  // namespace

void add_recover_command(Root root) {
    auto json = std::make_shared<bool>(false);
    auto* command = root.app.add_subcommand(
        "recover", "after PostgreSQL or Kafka was set back; the services start anew");
    command->footer(
        "Exit code 1 if Kafka lacks messages that a stage has not read yet.\n"
        "Example: chaiqin recover --postgres 'dbname=chaiqin user=chaiqin' --brokers "
        "127.0.0.1:8802");
    command->add_flag("--json", *json, "print JSON");
    command->callback([root, json] {
        const auto cluster = operator_cluster(root.surroundings);
        auto session = operator_session(root.surroundings, "recover");
        const auto done = recover(session, cluster);
        *json ? print_json(done) : print_text(done);
        root.exit_code = done.missing.empty() ? 0 : 1;
    });
}

}  // namespace chaiqin::cli
