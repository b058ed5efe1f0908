// `chaiqin verify` and `chaiqin rebuild-statistics`.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/operator_session.hpp"
#include "postgres/operations/verification.hpp"

namespace chaiqin::cli {

namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void text_or_null(Writer& out, const char* name, const std::string& value) {
    out.Key(name);
    value.empty() ? out.Null() : out.String(value.c_str());
}

void print_json(const postgres::operations::Verification& v) {
    rapidjson::StringBuffer buffer;
    Writer out(buffer);
    out.StartObject();
    out.Key("holds"), out.Bool(v.differences.empty());
    out.Key("submissions"), out.Int64(v.submissions);
    out.Key("lines"), out.Int64(v.lines);
    out.Key("unmatched"), out.Int64(v.unmatched);
    out.Key("counted"), out.Int64(v.counted);
    out.Key("live_counted"), out.Int64(v.live_counted);
    out.Key("published"), out.Int64(v.published);
    out.Key("unapplied"), out.Int64(v.unapplied);
    out.Key("unapplied_batches"), out.Int64(v.unapplied_batches);
    out.Key("differences");
    out.StartArray();
    for (const auto& d : v.differences) {
        out.StartObject();
        out.Key("check"), out.String(d.check.c_str());
        out.Key("what"), out.String(d.what.c_str());
        out.Key("count"), out.Int64(d.count);
        text_or_null(out, "agency", d.agency);
        text_or_null(out, "month", d.month);
        text_or_null(out, "submission_id", d.submission_id);
        out.Key("detail"), out.String(d.detail.c_str());
        out.EndObject();
    }
    out.EndArray();
    out.EndObject();
    std::cout << buffer.GetString() << '\n';
}

void print_text(const postgres::operations::Verification& v) {
    std::cout << v.submissions << " submissions, " << v.lines << " lines: COUNTED " << v.counted
              << " = live matched records " << v.live_counted << " = published " << v.published
              << " + unapplied " << v.unapplied << "; UNMATCHED " << v.unmatched << '\n';
    for (const auto& d : v.differences)
        std::cout << "DIFFERENCE: " << d.what << " (" << d.count << " in all); first: " << d.agency
                  << ' ' << d.month << ' ' << d.submission_id << ' ' << d.detail << '\n';
    std::cout << (v.differences.empty() ? "the conservation law holds\n"
                                        : "the conservation law does NOT hold\n");
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
    std::cout << '{';
    for (const auto& [name, table] : tables)
        std::cout << '"' << name << "\":{\"rows\":" << table->rows
                  << ",\"differing\":" << table->differing << "},";
    std::cout << "\"batches_applied\":" << r.batches_applied
              << ",\"switched\":" << (r.switched ? "true" : "false") << "}\n";
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
        const auto result = postgres::operations::verify(session);
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
