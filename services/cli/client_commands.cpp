// `chaiqin submit` and `chaiqin status`: the client for agencies' own systems.
#include <rapidjson/document.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <thread>

#include "cli/commands.hpp"
#include "cli/http_client.hpp"
#include "crypto/digest.hpp"
#include "domain/failure.hpp"

namespace chaiqin::cli {

namespace {

struct Submit {
    std::vector<std::string> files;
    std::string acting, key;
    bool wait = false, json = false;
};

const char* text(const rapidjson::Value& object, const char* name) {
    return object.HasMember(name) && object[name].IsString() ? object[name].GetString() : "";
}

bool is_end(std::string_view state) {
    return state == "COUNTED" || state == "COUNTED_PARTIAL" || state == "REJECTED_FILE" ||
           state == "QUARANTINED";
}

void say_state(const std::string& answer) {
    rapidjson::Document s;
    s.Parse(answer.data(), answer.size());
    std::cout << text(s, "submission_id") << ' ' << text(s, "state") << ' ' << text(s, "file_name");
    if (s.HasMember("state_text") && s["state_text"].IsObject())
        std::cout << ": " << text(s["state_text"], "zh");
    if (s.HasMember("error_count") && s["error_count"].IsInt64())
        std::cout << " (" << s["error_count"].GetInt64() << " errors, "
                  << s["warning_count"].GetInt64() << " warnings)";
    std::cout << '\n';
}

constexpr int most_tries = 30;

/// Asks again while nobody answers or the platform says it is not available (503, 429); then what
/// came of it.
HttpAnswer patiently(const char* what, const std::function<HttpAnswer()>& ask) {
    for (int tries = 1;; ++tries) {
        try {
            const auto answer = ask();
            if ((answer.status != 503 && answer.status != 429) || tries == most_tries)
                return answer;
            std::cerr << "chaiqin: " << what << ": " << answer.status << ", trying again\n";
        } catch (const domain::TransientFailure& failure) {
            if (tries == most_tries) throw;
            std::cerr << "chaiqin: " << what << ": " << failure.what() << ", trying again\n";
        }
        std::this_thread::sleep_for(std::chrono::seconds(std::min(10, tries)));
    }
}

/// Where the submission stands, with `wait` at its end; 1 if that is not COUNTED.
int follow(HttpClient& client, const std::string& id, bool wait, std::string& answer_body) {
    const auto path = "/api/v1/submissions/" + HttpClient::escaped(id);
    for (;;) {
        const auto answer =
            wait ? patiently("status", [&] { return client.get(path + "?wait=30s"); })
                 : client.get(path);
        if (answer.status != 200) return exit_code_of(answer);
        rapidjson::Document body;
        body.Parse(answer.body.data(), answer.body.size());
        const std::string_view state = text(body, "state");
        if (wait && !is_end(state)) continue;
        answer_body = answer.body;
        return is_end(state) && state != "COUNTED" ? exit_findings : 0;
    }
}

int show_status(HttpClient& client, const std::string& id, bool wait, bool json) {
    std::string answer;
    const int code = follow(client, id, wait, answer);
    if (json && !answer.empty())
        std::cout << answer << '\n';
    else if (!answer.empty())
        say_state(answer);
    return code;
}

/// One file, again with the same key until it is known what became of it: counted once whatever
/// happens.
int submit_one(HttpClient& client, const Submit& options, const std::string& path) {
    const auto content = read_text_file(path);
    const auto name = std::filesystem::path(path).filename().string();
    std::vector<std::string> headers{
        "Content-Type: application/json", "X-File-Name: " + HttpClient::escaped(name),
        "Idempotency-Key: " +
            (options.key.empty() ? crypto::hex(crypto::random_bytes(16)) : options.key)};
    if (!options.acting.empty()) headers.push_back("X-Acting-Agency: " + options.acting);
    const auto answer = patiently(
        name.c_str(), [&] { return client.post("/api/v1/submissions", content, headers); });
    if (answer.status != 202) return exit_code_of(answer);
    rapidjson::Document body;
    body.Parse(answer.body.data(), answer.body.size());
    const std::string id = text(body["files"][0]["receipt"], "submission_id");
    if (options.wait) return show_status(client, id, true, options.json);
    if (options.json)
        std::cout << answer.body << '\n';
    else
        std::cout << id << " accepted " << name << '\n';
    return 0;
}

}  // namespace

void add_client_commands(Root root) {
    auto options = std::make_shared<Submit>();
    auto* submit = root.app.add_subcommand("submit", "send files; prints a submission id a file");
    submit->footer(
        "Example: chaiqin submit 11510.json --url http://127.0.0.1:8800 --token \"$(deploy/token "
        "Z00000001A)\" --wait");
    submit->add_option("FILE", options->files, "files to send")
        ->required()
        ->check(CLI::ExistingFile);
    submit->add_option("--acting-agency", options->acting, "delegated agency to act for (兼辦)");
    submit->add_option("--idempotency-key", options->key,
                       "key of a file that may have been sent before (default: a random one)");
    submit->add_flag("--wait", options->wait,
                     "wait until each file is counted or rejected; exit 1 if any has errors");
    submit->add_flag("--json", options->json, "print the API's answers");
    submit->callback([root, options] {
        if (!options->key.empty() && options->files.size() > 1)
            throw domain::ConfigError({"--idempotency-key is for one file"});
        HttpClient client(root.surroundings.url, root.surroundings.token);
        for (std::size_t i = 0; i < options->files.size(); ++i) {
            if (isatty(STDERR_FILENO))
                std::cerr << "\r" << i + 1 << " of " << options->files.size() << "  " << std::flush;
            root.exit_code =
                std::max(root.exit_code, submit_one(client, *options, options->files[i]));
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
        root.exit_code = show_status(client, *id, *wait, *json);
    });
}

}  // namespace chaiqin::cli
