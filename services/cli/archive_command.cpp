// `chaiqin archive replay`.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/moment.hpp"
#include "cli/operator_cluster.hpp"
#include "cli/operator_session.hpp"
#include "cli/replay.hpp"
#include "cli/terminal.hpp"
#include "crypto/keyring.hpp"
#include "crypto/sealing.hpp"
#include "domain/partitioning.hpp"
#include "domain/topics.hpp"
#include "kafka/producer.hpp"
#include "postgres/operations/archive.hpp"
#include "runtime/event.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::cli {

namespace {

using postgres::operations::ArchivedFile;

/// The message that the gateway once sent, as far as it is still known. The facts that are sealed
/// with the file are the gateway's own words.
runtime::Message message_of(const ArchivedFile& file, const crypto::Sealer& sealer) {
    const auto attempt = std::to_string(file.attempt);
    const auto opened = sealer.open_with_facts(file.sealed, file.agency, file.submission_id,
                                               crypto::most_packed_file_bytes);
    runtime::Headers headers =
        opened.facts
            ? runtime::headers_in_facts(*opened.facts)
            : runtime::Headers{
                  {"attempt", attempt},
                  {"received_at", std::to_string(file.received_at.time_since_epoch().count())},
                  {"size_bytes", std::to_string(file.size_bytes)},
                  {"sha256", file.sha256},
                  {"route", file.route},
                  {"idempotency_hash", file.key_hash}};
    headers.insert(headers.begin(),
                   {{"submission_id", file.submission_id},
                    {"agency", file.agency},
                    {std::string(runtime::event_id_header), file.submission_id + "/" + attempt}});
    return {.topic = std::string(domain::topics::file_received),
            .partition = domain::partition_of(file.agency),
            .key = file.agency,
            .headers = std::move(headers),
            .payload = file.sealed};
}

struct Replayed {
    std::string submission_id, agency;
    int attempt = 1;
};

void print_text(const std::vector<Replayed>& files) {
    for (const auto& file : files)
        std::cout << "sent submission " << file.submission_id << " of " << printable(file.agency)
                  << " as attempt " << file.attempt << '\n';
    std::cout
        << files.size()
        << " files were sent again. When chaiqin_stage_lag_messages is 0 for every stage, run "
           "`chaiqin verify`.\n";
}

void print_json(const std::vector<Replayed>& files) {
    wire::JsonWriter out;
    out.begin_object();
    out.key("files");
    out.begin_array();
    for (const auto& file : files) {
        out.begin_object();
        out.member("submission_id", file.submission_id);
        out.member("agency", file.agency);
        out.member("attempt", file.attempt);
        out.end_object();
    }
    out.end_array();
    out.member("count", static_cast<std::int64_t>(files.size()));
    out.end_object();
    std::cout << out.take() << '\n';
}

std::vector<Replayed> replay(const Root& root, domain::Instant since) {
    const auto& where = root.surroundings;
    const auto cluster = operator_cluster(where);
    auto session = operator_session(where, "archive");
    const crypto::Sealer sealer(crypto::load_keys(where.keys_dir, {crypto::KeyUse::seal}));
    const auto producer = kafka::make_producer({.cluster = cluster});
    std::vector<Replayed> files;
    postgres::operations::each_file_to_replay(session, since, [&](const ArchivedFile& file) {
        auto again = replay_of_file(message_of(file, sealer), sealer);
        send(*producer, std::move(again.message));
        files.push_back({file.submission_id, file.agency, again.attempt});
    });
    return files;
}

}  // namespace

void add_archive_command(Root root) {
    auto* archive = root.app.add_subcommand("archive", "files as they were received, sealed");
    archive->require_subcommand(1);
    auto since = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    auto* command = archive->add_subcommand(
        "replay", "send accepted files again that never reached the matcher");
    command->footer(
        "After Kafka was lost. What the matcher has, is about to get, or has in quarantine stays "
        "as it is.\n"
        "Example: chaiqin archive replay --since 2026-11-05");
    command->add_option("--since", *since, "those received since this day or time (default: all)");
    command->add_flag("--json", *json, "print JSON");
    command->callback([root, since, json] {
        const auto from = since->empty() ? domain::Instant{} : moment_of("--since", *since);
        const auto files = replay(root, from);
        *json ? print_json(files) : print_text(files);
    });
}

}  // namespace chaiqin::cli
