#include "cli/http_client.hpp"

#include <curl/curl.h>
#include <rapidjson/document.h>

#include <cctype>
#include <cstdio>
#include <iostream>

#include "cli/terminal.hpp"
#include "domain/failure.hpp"

namespace chaiqin::cli {

struct HttpClient::State {
    std::string url, token;
    CURL* curl = curl_easy_init();
    ~State() { curl_easy_cleanup(curl); }
};

namespace {

std::size_t collect(char* from, std::size_t size, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(from, size * count);
    return size * count;
}

int tell_progress(void* to, curl_off_t, curl_off_t, curl_off_t total, curl_off_t sent) {
    const auto& progress = *static_cast<const std::function<void(double)>*>(to);
    if (total > 0 && progress) progress(static_cast<double>(sent) / static_cast<double>(total));
    return 0;
}

}  // namespace

HttpClient::HttpClient(std::string url, std::string token) : state_(std::make_unique<State>()) {
    std::vector<std::string> problems;
    if (url.empty())
        problems.emplace_back("--url is needed: the gateway, e.g. http://127.0.0.1:8800");
    if (token.empty())
        problems.emplace_back("--token is needed (or CHAIQIN_TOKEN); deploy/token prints one");
    if (!problems.empty()) throw domain::ConfigError(std::move(problems));
    while (!url.empty() && url.back() == '/') url.pop_back();
    state_->url = std::move(url);
    state_->token = std::move(token);
}

HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::perform(const std::string& path, const std::vector<std::string>& headers) {
    HttpAnswer answer;
    curl_slist* list =
        curl_slist_append(nullptr, ("Authorization: Bearer " + state_->token).c_str());
    list = curl_slist_append(list, "Expect:");
    for (const auto& header : headers) list = curl_slist_append(list, header.c_str());
    curl_easy_setopt(state_->curl, CURLOPT_URL, (state_->url + path).c_str());
    curl_easy_setopt(state_->curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(state_->curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(state_->curl, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(state_->curl, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
    curl_easy_setopt(state_->curl, CURLOPT_NOSIGNAL, 1L);
    // No limit on the whole (a large upload takes its time), but none that stands still: less than
    // a byte a second for 2 min.
    curl_easy_setopt(state_->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(state_->curl, CURLOPT_LOW_SPEED_TIME, 120L);
    const auto result = curl_easy_perform(state_->curl);
    curl_slist_free_all(list);
    if (result != CURLE_OK)
        throw domain::TransientFailure("the gateway at " + state_->url + ": " +
                                       curl_easy_strerror(result));
    curl_easy_getinfo(state_->curl, CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

HttpAnswer HttpClient::get(const std::string& path) {
    curl_easy_reset(state_->curl);
    return perform(path, {});
}

HttpAnswer HttpClient::post(const std::string& path, const std::string& body,
                            const std::vector<std::string>& headers) {
    curl_easy_reset(state_->curl);
    curl_easy_setopt(state_->curl, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(state_->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(body.size()));
    return perform(path, headers);
}

HttpAnswer HttpClient::post_file(const std::string& path, const std::string& file,
                                 const std::vector<std::string>& headers,
                                 const std::function<void(double)>& progress) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(file.c_str(), "rb"), std::fclose);
    if (!in) throw domain::ConfigError({"cannot read " + file});
    std::fseek(in.get(), 0, SEEK_END);
    const auto size = std::ftell(in.get());
    std::rewind(in.get());
    curl_easy_reset(state_->curl);
    curl_easy_setopt(state_->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(state_->curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(size));
    curl_easy_setopt(state_->curl, CURLOPT_READDATA, in.get());
    curl_easy_setopt(state_->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(state_->curl, CURLOPT_XFERINFOFUNCTION, tell_progress);
    curl_easy_setopt(state_->curl, CURLOPT_XFERINFODATA,
                     const_cast<std::function<void(double)>*>(&progress));
    return perform(path, headers);
}

std::string HttpClient::escaped(const std::string& text) {
    char* raw = curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size()));
    std::string out(raw);
    curl_free(raw);
    return out;
}

int exit_code_of(const HttpAnswer& answer) {
    rapidjson::Document body;
    body.Parse(answer.body.data(), answer.body.size());
    const auto text = [&](const char* name) {
        return !body.HasParseError() && body.IsObject() && body.HasMember(name) &&
                       body[name].IsString()
                   ? std::string(body[name].GetString())
                   : std::string();
    };
    const auto code = text("code");
    std::cerr << "chaiqin: " << answer.status << ' ' << printable(code) << ": "
              << printable(text("title")) << '\n';
    if (const auto detail = text("detail"); !detail.empty())
        std::cerr << "  " << printable(detail) << '\n';
    if (answer.status == 401 || answer.status == 403 || answer.status == 404)
        return exit_not_allowed;
    if (answer.status >= 500 || answer.status == 429 || answer.status == 408)
        return exit_unavailable;
    // A rule's code (F02 …) or a question back: something to put right, not a wrong call.
    const bool is_rule = code.size() == 3 && std::isupper(static_cast<unsigned char>(code[0])) &&
                         std::isdigit(static_cast<unsigned char>(code[1]));
    return is_rule || answer.status == 409 || code == "idempotency_conflict" ? exit_findings
                                                                             : exit_usage;
}

}  // namespace chaiqin::cli
