// `chaiqin submit` and `chaiqin status`: the client for agencies' own systems.
#include <CLI/CLI.hpp>
#include <rapidjson/document.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include "cli/commands.hpp"
#include "cli/http_client.hpp"
#include "crypto/digest.hpp"

namespace chaiqin::cli {

namespace {

struct Submit {
    std::vector<std::string> files;
    std::string acting;
    bool wait = false, json = false;
};

const char* text(const rapidjson::Value& object, const char* name) {
    return object.HasMember(name) && object[name].IsString() ? object[name].GetString() : "";
}

bool is_end(std::string_view state) { return state == "COUNTED" || state == "COUNTED_PARTIAL" || state == "REJECTED_FILE" || state == "QUARANTINED"; }

/// Prints a submission's answer; 1 if it did not end well.
int say_state(const rapidjson::Document& s) {
    std::cout << text(s, "submission_id") << ' ' << text(s, "state") << ' ' << text(s, "file_name");
    if (s.HasMember("state_text") && s["state_text"].IsObject()) std::cout << ": " << text(s["state_text"], "zh");
    if (s.HasMember("error_count") && s["error_count"].IsInt64()) std::cout << " (" << s["error_count"].GetInt64() << " errors, " << s["warning_count"].GetInt64() << " warnings)";
    std::cout << '\n';
    const std::string_view state = text(s, "state");
    return state == "COUNTED_PARTIAL" || state == "REJECTED_FILE" ? 1 : 0;
}

int follow(HttpClient& client, const std::string& id, bool wait, bool json) {
    for (;;) {
        const auto answer = client.get("/api/v1/submissions/" + HttpClient::escaped(id) + (wait ? "?wait=30s" : ""));
        if (answer.status == 503 && wait) {
            std::this_thread::sleep_for(std::chrono::seconds(1));
            continue;
        }
        if (answer.status != 200) return exit_code_of(answer);
        rapidjson::Document body;
        body.Parse(answer.body.data(), answer.body.size());
        if (wait && !is_end(text(body, "state"))) continue;
        if (!json) return say_state(body);
        std::cout << answer.body << '\n';
        return is_end(text(body, "state")) && std::string_view(text(body, "state")) != "COUNTED" ? 1 : 0;
    }
}

/// One file, again with the same key while the platform says it is not available: counted once whatever happens.
int submit_one(HttpClient& client, const Submit& options, const std::string& path) {
    const auto content = read_text_file(path);
    const auto name = std::filesystem::path(path).filename().string();
    std::vector<std::string> headers{"Content-Type: application/json", "X-File-Name: " + HttpClient::escaped(name),
                                     "Idempotency-Key: " + crypto::hex(crypto::random_bytes(16))};
    if (!options.acting.empty()) headers.push_back("X-Acting-Agency: " + options.acting);
    HttpAnswer answer;
    for (int tries = 0; tries < 30; ++tries) {
        answer = client.post("/api/v1/submissions", content, headers);
        if (answer.status != 503 && answer.status != 429) break;
        std::cerr << "chaiqin: " << name << ": " << answer.status << ", trying again\n";
        std::this_thread::sleep_for(std::chrono::seconds(std::min(10, 1 + tries)));
    }
    if (answer.status != 202) return exit_code_of(answer) == 4 ? 4 : answer.status >= 500 ? 3 : 1;
    rapidjson::Document body;
    body.Parse(answer.body.data(), answer.body.size());
    const std::string id = text(body["files"][0]["receipt"], "submission_id");
    if (options.wait) return follow(client, id, true, options.json);
    if (options.json) std::cout << answer.body << '\n';
    else std::cout << id << " accepted " << name << '\n';
    return 0;
}

}  // namespace

void add_client_commands(Root root) {
    auto options = std::make_shared<Submit>();
    auto* submit = root.app.add_subcommand("submit", "send files; prints a submission id a file");
    submit->footer("Example: chaiqin submit 11510.json --url http://127.0.0.1:8800 --token \"$(deploy/token Z00000001A)\" --wait");
    submit->add_option("FILE", options->files, "files to send")->required()->check(CLI::ExistingFile);
    submit->add_option("--acting-agency", options->acting, "delegated agency to act for (兼辦)");
    submit->add_flag("--wait", options->wait, "wait until each file is counted or rejected; exit 1 if any has errors");
    submit->add_flag("--json", options->json, "print the API's answers");
    submit->callback([root, options] {
        HttpClient client(root.surroundings.url, root.surroundings.token);
        for (std::size_t i = 0; i < options->files.size(); ++i) {
            if (isatty(STDERR_FILENO)) std::cerr << "\r" << i + 1 << " of " << options->files.size() << std::flush;
            root.exit_code = std::max(root.exit_code, submit_one(client, *options, options->files[i]));
        }
        if (isatty(STDERR_FILENO)) std::cerr << '\n';
    });

    auto id = std::make_shared<std::string>();
    auto wait = std::make_shared<bool>(false), json = std::make_shared<bool>(false);
    auto* status = root.app.add_subcommand("status", "the state of a submission");
    status->footer("Example: chaiqin status 0199… --wait");
    status->add_option("ID", *id, "submission id")->required();
    status->add_flag("--wait", *wait, "wait for the end");
    status->add_flag("--json", *json, "print the API's answer");
    status->callback([root, id, wait, json] {
        HttpClient client(root.surroundings.url, root.surroundings.token);
        root.exit_code = follow(client, *id, *wait, *json);
    });
}

}  // namespace chaiqin::cli
