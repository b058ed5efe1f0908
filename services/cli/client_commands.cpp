// `chaiqin submit` and `chaiqin status`: the client for agencies' own systems.
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
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
#include "cli/terminal.hpp"
#include "crypto/digest.hpp"
#include "domain/failure.hpp"
#include "domain/submission_state.hpp"

namespace chaiqin::cli {

namespace {

struct Submit {
    std::vector<std::string> files;
    std::string acting, key;
    bool wait = false, json = false;
    int patience_s = 30;
};

const char* text(const rapidjson::Value& object, const char* name) {
    return object.HasMember(name) && object[name].IsString() ? object[name].GetString() : "";
}

std::string shown(const rapidjson::Value& object, const char* name) {
    return printable(text(object, name));
}

bool is_end(std::string_view name) {
    const auto state = domain::parse_state(name);
    return state && domain::ends_wait(*state);
}

void say_state(const std::string& answer) {
    rapidjson::Document s;
    s.Parse(answer.data(), answer.size());
    if (!s.IsObject() || !s.HasMember("state")) return;  // a problem, told on stderr
    std::cout << shown(s, "submission_id") << ' ' << shown(s, "state") << ' '
              << shown(s, "file_name");
    if (s.HasMember("state_text") && s["state_text"].IsObject())
        std::cout << ": " << shown(s["state_text"], "zh");
    if (s.HasMember("error_count") && s["error_count"].IsInt64())
        std::cout << " (" << s["error_count"].GetInt64() << " errors, "
                  << s["warning_count"].GetInt64() << " warnings)";
    std::cout << '\n';
}

/// Asks again while nobody answers or the platform says it is not available (503, 429), as long as
/// `patience_s` says; then what came of it.
HttpAnswer patiently(const char* what, int patience_s, const std::function<HttpAnswer()>& ask) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(patience_s);
    for (int tries = 1;; ++tries) {
        const auto pause = std::chrono::seconds(std::min(10, tries));
        const bool is_last = std::chrono::steady_clock::now() + pause > end;
        try {
            const auto answer = ask();
            if ((answer.status != 503 && answer.status != 429) || is_last) return answer;
            std::cerr << "chaiqin: " << printable(what) << ": " << answer.status
                      << ", trying again\n";
        } catch (const domain::TransientFailure& failure) {
            if (is_last) throw;
            std::cerr << "chaiqin: " << printable(what) << ": " << failure.what()
                      << ", trying again\n";
        }
        std::this_thread::sleep_for(pause);
    }
}

/// What a command came to: its exit code, and the API's last answer.
struct Outcome {
    int code = 0;
    std::string body;
};

Outcome refused(const HttpAnswer& answer) { return {exit_code_of(answer), answer.body}; }

/// Where the submission stands; 1 if it has ended and is not COUNTED.
Outcome standing(const HttpAnswer& answer) {
    if (answer.status != 200) return refused(answer);
    rapidjson::Document body;
    body.Parse(answer.body.data(), answer.body.size());
    const std::string_view state = text(body, "state");
    return {is_end(state) && state != domain::state_name(domain::SubmissionState::counted)
                ? exit_findings
                : 0,
            answer.body};
}

/// Where the submission stands at its end.
Outcome follow(HttpClient& client, const std::string& id, int patience_s) {
    const auto path = "/api/v1/submissions/" + HttpClient::escaped(id) + "?wait=30s";
    for (;;) {
        const auto answer = patiently("status", patience_s, [&] { return client.get(path); });
        if (answer.status != 200) return refused(answer);
        rapidjson::Document body;
        body.Parse(answer.body.data(), answer.body.size());
        if (is_end(text(body, "state"))) return standing(answer);
    }
}

/// One file, again with the same key until it is known what became of it: counted once whatever
/// happens.
Outcome submit_one(HttpClient& client, const Submit& options, const std::string& path) {
    const auto content = read_text_file(path);
    const auto name = std::filesystem::path(path).filename().string();
    std::vector<std::string> headers{
        "Content-Type: application/json", "X-File-Name: " + HttpClient::escaped(name),
        "Idempotency-Key: " +
            (options.key.empty() ? crypto::hex(crypto::random_bytes(16)) : options.key)};
    if (!options.acting.empty()) headers.push_back("X-Acting-Agency: " + options.acting);
    const auto answer = patiently(name.c_str(), options.patience_s, [&] {
        return client.post("/api/v1/submissions", content, headers);
    });
    if (answer.status != 202) return refused(answer);
    rapidjson::Document body;
    body.Parse(answer.body.data(), answer.body.size());
    const std::string id = text(body["files"][0]["receipt"], "submission_id");
    if (options.wait) return follow(client, id, options.patience_s);
    if (!options.json) std::cout << printable(id) << " accepted " << printable(name) << '\n';
    return {0, answer.body};
}

/// One file: the API's answer as it is. Several: one object as the API has it for several, with
/// the problem of a refused upload in the place of its submission.
void say_json(const Submit& options, const std::vector<Outcome>& outcomes) {
    if (outcomes.size() == 1) {
        std::cout << outcomes.front().body << '\n';
        return;
    }
    rapidjson::Document all(rapidjson::kObjectType), list(rapidjson::kArrayType);
    for (const auto& outcome : outcomes) {
        rapidjson::Document body(&all.GetAllocator());
        body.Parse(outcome.body.data(), outcome.body.size());
        if (body.IsObject() && body.HasMember("files"))
            for (auto& file : body["files"].GetArray()) list.PushBack(file, all.GetAllocator());
        else
            list.PushBack(body, all.GetAllocator());
    }
    all.AddMember(rapidjson::StringRef(options.wait ? "submissions" : "files"), list,
                  all.GetAllocator());
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> out(buffer);
    all.Accept(out);
    std::cout << buffer.GetString() << '\n';
}

int submit_all(HttpClient& client, const Submit& options) {
    std::vector<Outcome> outcomes;
    int code = 0;
    for (std::size_t i = 0; i < options.files.size(); ++i) {
        if (isatty(STDERR_FILENO))
            std::cerr << "\r" << i + 1 << " of " << options.files.size() << "  " << std::flush;
        outcomes.push_back(submit_one(client, options, options.files[i]));
        code = std::max(code, outcomes.back().code);
        if (options.wait && !options.json) say_state(outcomes.back().body);
    }
    if (isatty(STDERR_FILENO)) std::cerr << '\n';
    if (options.json) say_json(options, outcomes);
    return code;
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
    submit->add_flag("--json", options->json,
                     "print the API's answer; of several files one object for all");
    submit
        ->add_option("--patience", options->patience_s,
                     "seconds to go on asking a platform that is not available")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    submit->callback([root, options] {
        if (!options->key.empty() && options->files.size() > 1)
            throw domain::ConfigError({"--idempotency-key is for one file"});
        HttpClient client(root.surroundings.url, root.surroundings.token);
        root.exit_code = submit_all(client, *options);
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
        const auto outcome =
            *wait ? follow(client, *id, Submit{}.patience_s)
                  : standing(client.get("/api/v1/submissions/" + HttpClient::escaped(*id)));
        if (*json)
            std::cout << outcome.body << '\n';
        else
            say_state(outcome.body);
        root.exit_code = outcome.code;
    });
}

}  // namespace chaiqin::cli
