// `chaiqin verify` and `chaiqin rebuild-statistics`.
#include <CLI/CLI.hpp>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "postgres/operations/verification.hpp"

namespace chaiqin::cli {

namespace {

postgres::Session session_of(const Surroundings& s) {
    return postgres::Session({.conninfo = s.postgres, .application_name = "chaiqin verify", .statement_timeout = std::chrono::minutes(30)});
}

void print_json(const postgres::operations::Verification& v) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> out(buffer);
    out.StartObject();
    out.Key("submissions"), out.Int64(v.submissions);
    out.Key("live_counted"), out.Int64(v.live_counted);
    out.Key("published"), out.Int64(v.published);
    out.Key("unapplied"), out.Int64(v.unapplied);
    out.Key("unmatched"), out.Int64(v.unmatched);
    out.Key("differences");
    out.StartArray();
    for (const auto& d : v.differences) {
        out.StartObject();
        out.Key("what"), out.String(d.what.c_str());
        out.Key("agency"), out.String(d.agency.c_str());
        out.Key("month");
        d.month.empty() ? out.Null() : out.String(d.month.c_str());
        out.Key("detail"), out.String(d.detail.c_str());
        out.EndObject();
    }
    out.EndArray();
    out.EndObject();
    std::cout << buffer.GetString() << '\n';
}

void print_text(const postgres::operations::Verification& v) {
    std::cout << "submissions " << v.submissions << ", live matched records " << v.live_counted << " = published " << v.published << " + unapplied " << v.unapplied
              << "; unmatched " << v.unmatched << '\n';
    for (const auto& d : v.differences)
        std::cout << "DIFFERENCE " << d.agency << (d.month.empty() ? "" : " " + d.month) << ": " << d.what << " (" << d.detail << ")\n";
    std::cout << (v.differences.empty() ? "the conservation law holds\n" : "the conservation law does NOT hold\n");
}

}  // namespace

void add_verify_command(Root root) {
    auto json = std::make_shared<bool>(false);
    auto* verify = root.app.add_subcommand("verify", "the conservation law over the whole store; exit 1 on any difference");
    verify->footer("Example: chaiqin verify --json");
    verify->add_flag("--json", *json, "print JSON");
    verify->callback([root, json] {
        auto session = session_of(root.surroundings);
        const auto result = postgres::operations::verify(session);
        *json ? print_json(result) : print_text(result);
        root.exit_code = result.differences.empty() ? 0 : 1;
    });
}

void add_rebuild_command(Root root) {
    auto dry = std::make_shared<bool>(false), json = std::make_shared<bool>(false);
    auto* rebuild = root.app.add_subcommand("rebuild-statistics", "recount from the records beside the live table, compare, switch");
    rebuild->footer("Example: chaiqin rebuild-statistics --dry-run");
    rebuild->add_flag("--dry-run", *dry, "compare only; exit 1 on any difference");
    rebuild->add_flag("--json", *json, "print JSON");
    rebuild->callback([root, dry, json] {
        auto session = session_of(root.surroundings);
        const auto result = postgres::operations::rebuild_statistics(session, !*dry);
        if (*json)
            std::cout << "{\"cells\":" << result.cells << ",\"differing\":" << result.differing << ",\"switched\":" << (result.switched ? "true" : "false") << "}\n";
        else
            std::cout << result.cells << " cells recounted, " << result.differing << " differed" << (result.switched ? "; the recount is published" : "; nothing changed") << '\n';
        root.exit_code = *dry && result.differing ? 1 : 0;
    });
}

}  // namespace chaiqin::cli
