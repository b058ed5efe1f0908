// `chaiqin verify` and `chaiqin rebuild-statistics`.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <string_view>

#include "cli/commands.hpp"
#include "cli/operator_session.hpp"
#include "cli/terminal.hpp"
#include "domain/partitioning.hpp"
#include "domain/topics.hpp"
#include "kafka/admin.hpp"
#include "postgres/operations/verification.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::cli {

namespace {

std::optional<std::string_view> if_any(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

void print_json(const postgres::operations::Verification& v) {
    wire::JsonWriter out;
    out.begin_object();
    out.member("holds", v.differences.empty());
    out.member("submissions", v.submissions);
    out.member("lines", v.lines);
    out.member("unmatched", v.unmatched);
    out.member("counted", v.counted);
    out.member("live_counted", v.live_counted);
    out.member("published", v.published);
    out.member("unapplied", v.unapplied);
    out.member("unapplied_batches", v.unapplied_batches);
    out.key("differences");
    out.begin_array();
    for (const auto& d : v.differences) {
        out.begin_object();
        out.member("check", d.check);
        out.member("what", d.what);
        out.member("count", d.count);
        out.member("agency", if_any(d.agency));
        out.member("month", if_any(d.month));
        out.member("submission_id", if_any(d.submission_id));
        out.member("detail", d.detail);
        out.key("submission_ids");
        out.begin_array();
        for (const auto& id : d.submission_ids) out.value(id);
        out.end_array();
        out.end_object();
    }
    out.end_array();
    out.end_object();
    std::cout << out.take() << '\n';
}

void print_text(const postgres::operations::Verification& v) {
    std::cout << v.submissions << " submissions, " << v.lines << " lines: COUNTED " << v.counted
              << " = live matched records " << v.live_counted << " = published " << v.published
              << " + unapplied " << v.unapplied << "; UNMATCHED " << v.unmatched << '\n';
    for (const auto& d : v.differences) {
        std::cout << "DIFFERENCE: " << d.what << " (" << d.count << " in all); first: "
                  << printable(d.agency + ' ' + d.month + ' ' + d.submission_id + ' ' + d.detail)
                  << '\n';
        for (std::size_t i = 1; i < d.submission_ids.size(); ++i)
            std::cout << "    and submission " << d.submission_ids[i] << '\n';
    }
    std::cout << (v.differences.empty() ? "the conservation law holds\n"
                                        : "the conservation law does NOT hold\n");
}

/// Where file.received ends. Without Kafka the rest is checked all the same.
postgres::operations::TopicEnds ends_of_received(const Surroundings& where) {
    if (where.brokers.empty()) return {};
    try {
        return kafka::end_offsets(kafka::cluster_of(where.brokers, where.kafka),
                                  std::string(domain::topics::file_received),
                                  domain::agency_partition_count);
    } catch (const domain::TransientFailure& failure) {
        std::cerr << "Kafka was not asked which files it has: " << failure.what() << '\n';
        return {};
    }
}

void print(const postgres::operations::Rebuild& r, bool json) {
    const std::pair<const char*, const postgres::operations::Recounted*> tables[] = {
        {"counts", &r.counts}, {"claims", &r.claims}, {"posts", &r.posts}};
    if (!json) {
        for (const auto& [name, table] : tables)
            std::cout << name << ": " << table->rows << " recounted, " << table->differing
                      << " differed\n";
        if (r.batches_applied)
            std::cout << r.batches_applied << " outstanding batches "
                      << (r.switched ? "applied\n" : "are taken as applied\n");
        std::cout << (r.switched ? "the recount is published\n" : "nothing was changed\n");
        return;
    }
    wire::JsonWriter out;
    out.begin_object();
    for (const auto& [name, table] : tables)
        out.key(name)
            .begin_object()
            .member("rows", table->rows)
            .member("differing", table->differing)
            .end_object();
    out.member("batches_applied", r.batches_applied).member("switched", r.switched).end_object();
    std::cout << out.take() << '\n';
}

}  // namespace

void add_verify_command(Root root) {
    auto json = std::make_shared<bool>(false);
    auto* verify = root.app.add_subcommand(
        "verify", "the conservation law over the whole store; exit 1 on any difference");
    verify->footer("Example: chaiqin verify --json");
    verify->add_flag("--json", *json, "print JSON");
    verify->callback([root, json] {
        auto session = operator_session(root.surroundings, "verify");
        const auto result = postgres::operations::verify(
            session, [&] { return ends_of_received(root.surroundings); });
        *json ? print_json(result) : print_text(result);
        root.exit_code = result.differences.empty() ? 0 : 1;
    });
}

void add_rebuild_command(Root root) {
    auto dry = std::make_shared<bool>(false), json = std::make_shared<bool>(false);
    auto* rebuild = root.app.add_subcommand(
        "rebuild-statistics", "recount from the records beside the live table, compare, switch");
    rebuild->footer("Example: chaiqin rebuild-statistics --dry-run");
    rebuild->add_flag("--dry-run", *dry, "compare only; exit 1 on any difference");
    rebuild->add_flag("--json", *json, "print JSON");
    rebuild->callback([root, dry, json] {
        auto session = operator_session(root.surroundings, "rebuild-statistics");
        const auto result = postgres::operations::rebuild_statistics(session, !*dry);
        print(result, *json);
        root.exit_code = *dry && result.differing() ? 1 : 0;
    });
}

}  // namespace chaiqin::cli
