// `chaiqin check`: the whole catalogue offline, for vendors, with the library that the platform
// itself uses. Nothing is sent anywhere.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

#include "checking/findings/check_answer.hpp"
#include "checking/reading/text.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::cli {

namespace {

namespace fs = std::filesystem;

constexpr int exit_findings = 1;

struct CheckOptions {
    std::vector<std::string> files;
    std::string received_at, registry_file, agency;
    std::string first_month = "11401";
    bool json = false;
};

[[noreturn]] void refuse(const std::string& sentence) {
    throw domain::ConfigError({"check: " + sentence});
}

/// The file taken as the platform takes it, by a registry that holds nothing yet.
domain::AgencyRegistry agencies_of(const std::string& file, domain::Day today) {
    const auto read = wire::parse_agency_rows(read_text_file(file));
    if (const auto* fault = std::get_if<wire::TableFault>(&read))
        throw domain::ConfigError({file + ":" + std::to_string(fault->line) + ": " +
                                   fault->what_zh + " (" + fault->en_without_line() + ")"});
    const domain::AgencyRegistry nothing{domain::AgencyRegistry::Versions{}};
    const auto plan =
        domain::plan_registry_load(std::get<domain::AgencyUploads>(read), nothing, today);
    for (const auto& rejected : plan.rejected)
        std::cerr << file << ':' << rejected.line << ": " << printable(rejected.reason) << '\n';
    return domain::with_changes(nothing, plan);
}

domain::RegistryPtr load_registry(const CheckOptions& options, const fs::path& schemas,
                                  domain::Instant received_at) {
    auto registry = std::make_shared<domain::Registry>();
    registry->rules =
        wire::make_rule_set(wire::parse_rules(read_text_file(schemas / "rules/rules.csv")));
    registry->leave_types =
        wire::parse_leave_types(read_text_file(schemas / "registry/leave-types.csv"));
    registry->calendar = wire::make_office_calendar(
        wire::parse_calendar_days(read_text_file(schemas / "registry/office-calendar.json")),
        wire::parse_deadline_rule(read_text_file(schemas / "registry/settings.csv")));
    if (!options.registry_file.empty())
        registry->agencies = agencies_of(options.registry_file, domain::taipei_day(received_at));
    return registry;
}

/// Columns on a terminal: a wide (East Asian) character takes two.
std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0) == 0x80) continue;
        columns += byte >= 0xE3 ? 2 : 1;
    }
    return columns;
}

std::string padded(std::string_view text, std::size_t columns) {
    const auto taken = columns_of(text);
    return std::string(text) + std::string(columns > taken ? columns - taken : 0, ' ');
}

std::string row_name(const domain::Finding& finding) {
    if (!finding.index) return finding.kind == domain::FindingKind::file ? "檔案" : "表頭";
    return (finding.kind == domain::FindingKind::leave ? "差假 " : "加班 ") +
           std::to_string(*finding.index + 1);
}

using TableRow = std::array<std::string, 6>;

void print_table(const std::vector<TableRow>& rows) {
    std::array<std::size_t, std::tuple_size_v<TableRow>> widths{};
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columns_of(row[i]));
    }
    for (const auto& row : rows) {
        for (std::size_t i = 0; i + 1 < row.size(); ++i)
            std::cout << "  " << padded(row[i], widths[i]);
        std::cout << "  " << row.back() << '\n';
    }
}

void print(const checking::CheckedFile& file) {
    const auto& result = file.result;
    std::cout << printable(checking::mask_person_ids(file.file_name)) << "："
              << (file.passed() ? "檢核通過" : "檢核未通過") << "，" << result.record_count
              << " 筆，錯誤 " << result.error_count << "，警示 " << result.warning_count << '\n';
    std::vector<TableRow> rows = {{"代碼", "筆次", "表單編號", "欄名", "內容", "訊息"}};
    for (const auto& listed : result.findings) {
        const auto& finding = listed.finding;
        const bool warning = finding.severity == domain::Severity::warning;
        rows.push_back({finding.code, row_name(finding), printable(finding.record_no.value_or("")),
                        printable(finding.field_name), printable(finding.value.value_or("")),
                        (warning ? "警示：" : "") + printable(finding.message)});
    }
    if (rows.size() > 1) print_table(rows);
    if (result.findings.size() < result.error_count + result.warning_count) {
        std::cout << "  (僅列出 " << result.findings.size() << " 項，總數如上)\n";
    }
    if (!result.skipped_rules.empty()) {
        std::cout << "  未執行之檢核 (需 --registry 或 --agency)：";
        for (const auto& code : result.skipped_rules) std::cout << ' ' << code;
        std::cout << '\n';
    }
    std::cout << checking::check_note << "\n\n";
}

domain::Instant moment_of(const CheckOptions& options) {
    if (options.received_at.empty()) {
        return std::chrono::time_point_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now());
    }
    const auto given = domain::parse_rfc3339(options.received_at);
    if (!given) refuse("--received-at must be RFC 3339, such as 2026-11-05T09:30:00+08:00");
    return *given;
}

/// Whether all files passed.
bool run(const CheckOptions& options, const Surroundings& surroundings) {
    checking::CheckRequest request;
    request.received_at = moment_of(options);
    const auto first_month = domain::parse_roc_month(options.first_month);
    if (!first_month) refuse("--first-month must be a ROC month, such as 11401");
    request.first_month = *first_month;
    request.registry = load_registry(options, find_schemas(surroundings), request.received_at);
    request.registry_known = !options.registry_file.empty();
    request.acting_agency = options.agency;
    request.detail_cap_per_code = checking::check_detail_cap_per_code;
    request.detail_cap = checking::check_detail_cap;
    std::vector<checking::CheckedFile> files;
    for (const auto& path : options.files) {
        const auto bytes = read_text_file(path);
        request.file_name = fs::path(path).filename().string();
        request.bytes = bytes;
        files.push_back({request.file_name, checking::check_file(request)});
    }
    if (options.json)
        std::cout << checking::check_answer(files) << '\n';
    else
        std::for_each(files.begin(), files.end(), print);
    return std::all_of(files.begin(), files.end(), [](const auto& file) { return file.passed(); });
}

}  // namespace

std::filesystem::path find_schemas(const Surroundings& surroundings) {
    if (!surroundings.schemas_dir.empty()) return surroundings.schemas_dir;
    std::error_code unreadable;
    for (auto folder = fs::read_symlink("/proc/self/exe", unreadable).parent_path();
         !folder.empty(); folder = folder.parent_path()) {
        if (fs::exists(folder / "schemas/rules/rules.csv")) return folder / "schemas";
        if (folder == folder.parent_path()) break;
    }
    throw domain::ConfigError({"no schemas folder found; name it with --schemas_dir DIR"});
}

void add_check_command(Root root) {
    const auto options = std::make_shared<CheckOptions>();
    auto* command =
        root.app.add_subcommand("check", "Check files offline with all rules; nothing is sent");
    command->footer(
        "Examples:\n"
        "  chaiqin check upload.json\n"
        "  chaiqin check *.json --agency Z00000001A --registry agencies.csv --json\n"
        "Exit code 0: all passed, 1: a file has errors, 2: wrong use.");
    command->add_option("files", options->files, "files to check")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--received-at", options->received_at,
                        "time of receipt (RFC 3339); default now");
    command
        ->add_option("--registry", options->registry_file,
                     "agencies (CSV) for the rules that look them up")
        ->check(CLI::ExistingFile);
    command->add_option("--agency", options->agency, "the agency acted for (E05)");
    command
        ->add_option("--first-month", options->first_month,
                     "the platform's first month (ROC yyyMM)")
        ->capture_default_str();
    command->add_flag("--json", options->json, "print the answer of POST /api/v1/checks");
    command->callback(
        [options, root] { root.exit_code = run(*options, root.surroundings) ? 0 : exit_findings; });
}

}  // namespace chaiqin::cli
