// `chaiqin table19 load` and `chaiqin registry load`: master data through the HTTP API.
#include <rapidjson/document.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "cli/commands.hpp"
#include "cli/http_client.hpp"
#include "cli/terminal.hpp"
#include "domain/career_load.hpp"
#include "domain/failure.hpp"

namespace chaiqin::cli {

namespace {

struct Table19Load {
    std::string file, authority;
    std::string mode{domain::load_mode_name(domain::LoadMode::snapshot)};
    bool force = false, wait = false, json = false;
};

std::function<void(double)> terminal_progress(const char* what) {
    if (!isatty(STDERR_FILENO)) return {};
    return [what](double part) {
        std::cerr << '\r' << what << ' ' << static_cast<int>(part * 100) << " %" << std::flush;
    };
}

void say_rejected(const rapidjson::Value& body) {
    for (const auto& row : body["rejected"].GetArray())
        std::cout << "  line " << row["line"].GetInt64() << ": "
                  << printable(row["reason"].GetString()) << '\n';
}

/// "re-matched 120 of 4000" while it goes on.
void tell_rematch(const rapidjson::Value& body) {
    if (!isatty(STDERR_FILENO) || !body["rematch"].IsObject() || !body["rematch"]["done"].IsInt64())
        return;
    std::cerr << "\rre-matched " << body["rematch"]["done"].GetInt64() << " of "
              << body["rematch"]["persons"].GetInt64() << std::flush;
}

bool is_over(const rapidjson::Value& body) {
    const auto state = domain::parse_load_state(body["state"].GetString());
    if (state != domain::LoadState::loaded) return state != domain::LoadState::received;
    const auto& rematch = body["rematch"];
    return !rematch.IsObject() || !rematch["done"].IsInt64() ||
           rematch["done"].GetInt64() >= rematch["persons"].GetInt64();
}

void say_load(const std::string& id, const rapidjson::Value& body) {
    const std::string_view state = body["state"].GetString();
    std::cout << printable(id) << ' ' << printable(state);
    if (body["reason"].IsString()) std::cout << ": " << printable(body["reason"].GetString());
    if (domain::parse_load_state(state) == domain::LoadState::loaded)
        std::cout << ", " << body["rows"].GetInt64() << " rows, "
                  << body["persons_changed"].GetInt64() << " persons changed, "
                  << body["rejected_count"].GetInt64() << " rejected";
    std::cout << '\n';
    if (body["rejected"].IsArray()) say_rejected(body);
}

/// Until it is applied and everybody it changed is re-matched, or refused.
int wait_for_load(HttpClient& client, const std::string& id, bool json) {
    for (;;) {
        const auto answer = client.get("/api/v1/table19/loads/" + HttpClient::escaped(id));
        if (answer.status != 200 && answer.status != 503) return exit_code_of(answer);
        rapidjson::Document body;
        body.Parse(answer.body.data(), answer.body.size());
        if (answer.status == 200) tell_rematch(body);
        if (answer.status == 200 && is_over(body)) {
            if (isatty(STDERR_FILENO)) std::cerr << '\n';
            if (json)
                std::cout << answer.body << '\n';
            else
                say_load(id, body);
            const bool clean =
                domain::parse_load_state(body["state"].GetString()) == domain::LoadState::loaded &&
                body["rejected_count"].GetInt64() == 0;
            return clean ? 0 : exit_findings;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
}

std::string from_base64url(std::string_view encoded) {
    static constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string bytes;
    unsigned bits = 0, held = 0;
    for (const char c : encoded) {
        bits = bits << 6 | static_cast<unsigned>(digits.find(c) & 63);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes += static_cast<char>(bits >> held & 255);
    }
    return bytes;
}

/// The token's own agency, unchecked: the gateway decides whether it may load.
std::string own_agency(const std::string& token) {
    const auto begin = token.find('.') + 1;
    const auto claims =
        from_base64url(std::string_view(token).substr(begin, token.find('.', begin) - begin));
    rapidjson::Document body;
    body.Parse(claims.data(), claims.size());
    if (body.HasParseError() || !body.IsObject() || !body.HasMember("agency") ||
        !body["agency"].IsString())
        throw domain::ConfigError({"--authority is needed: the token names no agency"});
    return body["agency"].GetString();
}

void load_table19(const Root& root, const Table19Load& options) {
    HttpClient client(root.surroundings.url, root.surroundings.token);
    const auto authority =
        options.authority.empty() ? own_agency(root.surroundings.token) : options.authority;
    const auto answer = client.post_file(
        "/api/v1/table19/loads?mode=" + options.mode +
            "&authority=" + HttpClient::escaped(authority) + (options.force ? "&force=true" : ""),
        options.file, {"Content-Type: text/csv"}, terminal_progress("uploading"));
    if (isatty(STDERR_FILENO)) std::cerr << '\n';
    if (answer.status != 202) {
        root.exit_code = exit_code_of(answer);
        return;
    }
    rapidjson::Document body;
    body.Parse(answer.body.data(), answer.body.size());
    const std::string id = body["load_id"].GetString();
    if (options.wait)
        root.exit_code = wait_for_load(client, id, options.json);
    else
        std::cout << (options.json ? answer.body : printable(id) + " received") << '\n';
}

void load_registry(const Root& root, const std::string& file, bool confirm, bool json) {
    HttpClient client(root.surroundings.url, root.surroundings.token);
    const auto answer = client.post_file(
        std::string("/api/v1/registry/agencies") + (confirm ? "?confirm=true" : ""), file,
        {"Content-Type: text/csv"}, terminal_progress("uploading"));
    if (isatty(STDERR_FILENO)) std::cerr << '\n';
    if (answer.status != 200) {
        root.exit_code = exit_code_of(answer);
        return;
    }
    rapidjson::Document body;
    body.Parse(answer.body.data(), answer.body.size());
    root.exit_code = body["rejected_count"].GetInt64() ? 1 : 0;
    if (json) {
        std::cout << answer.body << '\n';
        return;
    }
    std::cout << body["rows"].GetInt64() << " rows: " << body["added"].GetInt64() << " added, "
              << body["changed"].GetInt64() << " changed, " << body["unchanged"].GetInt64()
              << " unchanged, " << body["rejected_count"].GetInt64() << " rejected\n";
    say_rejected(body);
}

}  // namespace

void add_load_commands(Root root) {
    auto* table19 = root.app.add_subcommand("table19", "Table 19 (表19 經歷檔)");
    table19->require_subcommand(1);
    auto options = std::make_shared<Table19Load>();
    auto* load = table19->add_subcommand("load", "upload an authority's rows");
    load->footer(
        "Example: chaiqin table19 load career.csv --authority Z00000001A --mode snapshot --wait");
    load->add_option("FILE", options->file, "CSV")->required()->check(CLI::ExistingFile);
    load->add_option("--authority", options->authority,
                     "supervising agency whose rows these are; default the token's own agency");
    load->add_option("--mode", options->mode, "snapshot or changes")
        ->capture_default_str()
        ->check(CLI::IsMember({"snapshot", "changes"}));
    load->add_flag("--force", options->force,
                   "load a snapshot with over 20 % fewer rows (operator)");
    load->add_flag(
        "--wait", options->wait,
        "wait until it is applied and re-matched; exit 1 if refused or rows were rejected");
    load->add_flag("--json", options->json, "print the API's answer");
    load->callback([root, options] { load_table19(root, *options); });

    auto* registry = root.app.add_subcommand("registry", "agencies with dated versions");
    registry->require_subcommand(1);
    auto file = std::make_shared<std::string>();
    auto confirm = std::make_shared<bool>(false), json = std::make_shared<bool>(false);
    auto* agencies = registry->add_subcommand("load", "upload agencies");
    agencies->footer("Example: chaiqin registry load agencies.csv --confirm");
    agencies->add_option("FILE", *file, "CSV")->required()->check(CLI::ExistingFile);
    agencies->add_flag("--confirm", *confirm, "apply although over 1 % of the agencies change");
    agencies->add_flag("--json", *json, "print the API's answer");
    agencies->callback(
        [root, file, confirm, json] { load_registry(root, *file, *confirm, *json); });
}

}  // namespace chaiqin::cli
