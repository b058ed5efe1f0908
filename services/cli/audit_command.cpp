// `chaiqin audit list` shows who read, loaded or changed what; `chaiqin audit verify` finds a line
// that was changed, taken out or put in.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/moment.hpp"
#include "cli/operator_session.hpp"
#include "cli/terminal.hpp"
#include "crypto/audit_chain.hpp"
#include "crypto/keyring.hpp"
#include "crypto/sealing.hpp"
#include "domain/failure.hpp"
#include "domain/uuid.hpp"
#include "postgres/operations/audit.hpp"
#include "runtime/clock.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::cli {

namespace {

constexpr std::size_t most_name_bytes = 4096;

void print_json(const std::vector<domain::AuditLine>& lines) {
    wire::JsonWriter out;
    out.begin_object();
    out.key("lines");
    out.begin_array();
    for (const auto& l : lines) {
        out.begin_object();
        out.member("at", domain::rfc3339_taipei(l.at));
        out.member("sub", l.sub);
        out.member("agency", l.agency);
        out.member("acting", l.acting);
        out.member("action", l.action);
        out.member("object", l.object);
        out.member("result", l.result);
        out.end_object();
    }
    out.end_array();
    out.end_object();
    std::cout << out.take() << '\n';
}

void list(const Root& root, const std::string& from_text, const std::string& to_text, bool json) {
    const auto now = runtime::make_clock(root.surroundings.clock_file)->now();
    const auto to =
        to_text.empty() ? now + std::chrono::minutes(1) : moment_of("--to", to_text, true);
    const auto from = from_text.empty() ? std::min(to, now) - std::chrono::hours(24)
                                        : moment_of("--from", from_text);
    auto session = operator_session(root.surroundings, "audit");
    const auto lines = postgres::operations::list_audit(session, from, to);
    if (json) return print_json(lines);
    for (const auto& l : lines)
        std::cout << domain::rfc3339_taipei(l.at) << "  "
                  << printable(l.sub + "  " + l.agency + " for " + l.acting + "  " + l.action +
                               ' ' + l.object + "  " + l.result)
                  << '\n';
}

/// What does not fit in the chain; none: everything fits.
struct Audit {
    std::int64_t days = 0, lines = 0, days_without_anchor = 0;
    struct Fault {
        domain::Day day = 0;
        /// 0 where it is the whole day.
        std::int32_t line = 0;
        std::string what;
    };
    std::vector<Fault> faults;
};

using PublicKeys = std::vector<crypto::ReceiptSigner::PublicKey>;

void check_day(const domain::AuditDay& day, const std::vector<domain::AuditLine>& lines,
               const PublicKeys& keys, bool may_lack_anchor, Audit& audit) {
    crypto::AuditDayCheck check(day, keys);
    std::optional<crypto::AuditBreak> found;
    for (const auto& line : lines)
        if (found = check.next(line); found) break;
    if (!found) found = check.end(may_lack_anchor);
    if (found) audit.faults.push_back({day.day, found->number, found->what});
}

Audit check_audit(postgres::Session& session, const PublicKeys& keys) {
    auto work = session.begin(postgres::Isolation::repeatable_read_read_only);
    Audit audit;
    const auto days = postgres::operations::audit_days(*work);
    std::int32_t ordinal = 0;
    bool may_lack_anchor = true;
    for (const auto& day : days) {
        ++audit.days;
        if (day.ordinal == 0) {
            audit.faults.push_back({day.day, 1, "was put in: no signed head knows this day"});
            continue;
        }
        if (day.ordinal != ++ordinal)
            audit.faults.push_back({day.day, 0, "a day before it is missing"});
        ordinal = day.ordinal;
        if (!day.anchor.empty() || &day == &days.back()) may_lack_anchor = false;
        if (day.anchor.empty()) ++audit.days_without_anchor;
        const auto lines = postgres::operations::audit_lines(*work, day.day);
        audit.lines += static_cast<std::int64_t>(lines.size());
        check_day(day, lines, keys, may_lack_anchor, audit);
    }
    session.commit(*work);
    return audit;
}

void print_json(const Audit& audit) {
    wire::JsonWriter out;
    out.begin_object().member("holds", audit.faults.empty());
    out.member("days", audit.days).member("lines", audit.lines);
    out.member("days_without_anchor", audit.days_without_anchor);
    out.key("faults");
    out.begin_array();
    for (const auto& fault : audit.faults)
        out.begin_object()
            .member("day", domain::iso_day(fault.day))
            .member("line", fault.line)
            .member("what", fault.what)
            .end_object();
    out.end_array().end_object();
    std::cout << out.take() << '\n';
}

void print_text(const Audit& audit) {
    for (const auto& fault : audit.faults) {
        std::cout << domain::iso_day(fault.day);
        if (fault.line > 0) std::cout << ", line " << fault.line;
        std::cout << ": " << fault.what << '\n';
    }
    std::cout << audit.lines << " lines on " << audit.days << " days";
    if (audit.days_without_anchor > 0)
        std::cout << ", " << audit.days_without_anchor << " days from before heads were signed";
    std::cout << (audit.faults.empty() ? ": the chain holds\n" : ": the chain does NOT hold\n");
}

void verify(const Root& root, bool json) {
    if (root.surroundings.keys_dir.empty())
        throw domain::ConfigError(
            {"--keys_dir is needed (or CHAIQIN_KEYS_DIR): heads are signed with its receipt keys"});
    const auto ring = crypto::load_keys(root.surroundings.keys_dir, {crypto::KeyUse::receipt});
    const auto keys = crypto::ReceiptSigner(ring).public_keys();
    auto session = operator_session(root.surroundings, "audit");
    const auto audit = check_audit(session, keys);
    json ? print_json(audit) : print_text(audit);
    root.exit_code = audit.faults.empty() ? 0 : 1;
}

/// The sender's name as it stands in the token; empty if it had none.
std::string opened_name(const Root& root, const postgres::operations::FileSender& sender,
                        const std::string& submission_id) {
    if (sender.by.sealed_name.empty()) return {};
    if (root.surroundings.keys_dir.empty())
        throw domain::ConfigError({"--keys_dir is needed (or CHAIQIN_KEYS_DIR): names are sealed"});
    const crypto::Sealer sealer(
        crypto::load_keys(root.surroundings.keys_dir, {crypto::KeyUse::seal}));
    return sealer.open(sender.by.sealed_name, sender.agency, submission_id, most_name_bytes);
}

void show_sender(const Root& root, const std::string& wanted, bool json) {
    const auto submission_id = domain::canonical_uuid(wanted);
    if (submission_id.empty())
        throw domain::ConfigError({"SUBMISSION must be the submission_id of a receipt"});
    auto session = operator_session(root.surroundings, "audit");
    const auto sender = postgres::operations::sender_of(session, submission_id);
    if (!sender) throw domain::ConfigError({"there is no receipt of submission " + submission_id});
    const auto name = opened_name(root, *sender, submission_id);
    const auto at = domain::rfc3339_taipei(sender->received_at);
    if (json) {
        wire::JsonWriter out;
        out.begin_object().member("submission_id", submission_id).member("agency", sender->agency);
        out.member("received_at", at).member("sub_hash", sender->by.sub_hash);
        out.member("name", name).end_object();
        std::cout << out.take() << '\n';
        return;
    }
    std::cout << "submission " << submission_id << " of " << printable(sender->agency)
              << ", received " << at << "\nname       "
              << (name.empty() ? "not known: the token had none" : printable(name))
              << "\nsub        "
              << (sender->by.sub_hash.empty() ? "not known" : printable(sender->by.sub_hash))
              << " (keyed: the same for all files of one sender)\n";
}

}  // namespace

void add_audit_command(Root root) {
    auto* audit = root.app.add_subcommand("audit", "who read, loaded or changed what");
    audit->require_subcommand(1);
    auto from = std::make_shared<std::string>(), to = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    auto* list_command = audit->add_subcommand("list", "newest first; the last day by default");
    list_command->footer("Example: chaiqin audit list --from 2026-11-01 --to 2026-11-20 --json");
    list_command->add_option("--from", *from, "day or time, inclusive");
    list_command->add_option("--to", *to, "day, inclusive, or time, exclusive");
    list_command->add_flag("--json", *json, "print JSON");
    list_command->callback([root, from, to, json] { list(root, *from, *to, *json); });
    auto* verify_command =
        audit->add_subcommand("verify", "find a line that was changed, taken out or put in");
    verify_command->footer("Example: chaiqin audit verify --json");
    verify_command->add_flag("--json", *json, "print JSON");
    verify_command->callback([root, json] { verify(root, *json); });
    auto submission = std::make_shared<std::string>();
    auto* sender_command = audit->add_subcommand("sender", "who sent a file");
    sender_command->footer("Example: chaiqin audit sender 3f0c9e52-1a77-8c1f-9d0e-5b8f6a2c4d10");
    sender_command->add_option("SUBMISSION", *submission, "submission_id of its receipt")
        ->required();
    sender_command->add_flag("--json", *json, "print JSON");
    sender_command->callback([root, submission, json] { show_sender(root, *submission, *json); });
}

}  // namespace chaiqin::cli
