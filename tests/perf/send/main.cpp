// chaiqin-send: sends files over HTTP as machine clients would, from many connections, and times
// every receipt; with --wait also the moment at which each file was counted. A measuring tool: it
// takes as little of the machine as it can. Reads lines `token<TAB>path` on standard input, writes
// `path<TAB>submission_id<TAB>ms to 202<TAB>ms to the end state<TAB>state` lines in their order.
#include <curl/curl.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct File {
    std::string token, path;
    std::string submission_id, state;
    double accepted_ms = 0, ended_ms = 0;
};

struct Options {
    std::string url = "http://127.0.0.1:8800";
    int connections = 16;
    double rate = 0;
    bool wait = false;
};

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    std::string bytes(std::filesystem::file_size(path), '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

/// The text of `"key":"…"` in a JSON answer of the gateway; "" where there is none.
std::string text_of(const std::string& json, const std::string& key) {
    const auto at = json.find("\"" + key + "\":\"");
    if (at == std::string::npos) return "";
    const auto from = at + key.size() + 4;
    return json.substr(from, json.find('"', from) - from);
}

/// One kept connection.
class Connection {
public:
    explicit Connection(const std::string& url) : url_(url), curl_(curl_easy_init()) {
        if (!curl_) throw std::runtime_error("libcurl does not start");
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { curl_easy_cleanup(curl_); }

    /// Status and body; status 0: no answer.
    std::pair<long, std::string> call(const std::string& path, const std::string& token,
                                      const std::string* body = nullptr,
                                      const std::string& file_name = "",
                                      const std::string& key = "") {
        curl_slist* headers =
            curl_slist_append(nullptr, ("Authorization: Bearer " + token).c_str());
        if (body) {
            headers = curl_slist_append(headers, "Content-Type: application/json");
            headers = curl_slist_append(headers, "Expect:");
            headers = curl_slist_append(headers, ("X-File-Name: " + file_name).c_str());
            headers = curl_slist_append(headers, ("Idempotency-Key: " + key).c_str());
        }
        std::string answer;
        curl_easy_reset(curl_);
        curl_easy_setopt(curl_, CURLOPT_URL, (url_ + path).c_str());
        curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl_, CURLOPT_TIMEOUT, 120L);
        curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &Connection::keep);
        curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &answer);
        if (body) {
            curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE,
                             static_cast<curl_off_t>(body->size()));
            curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body->data());
        }
        const auto code = curl_easy_perform(curl_);
        long status = 0;
        if (code == CURLE_OK) curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
        curl_slist_free_all(headers);
        return {status, std::move(answer)};
    }

private:
    static std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* into) {
        static_cast<std::string*>(into)->append(bytes, size * count);
        return size * count;
    }
    std::string url_;
    CURL* curl_;
};

double ms_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

bool is_terminal(const std::string& state) {
    return state == "COUNTED" || state == "COUNTED_PARTIAL" || state == "REJECTED_FILE";
}

/// Again with the same key while the gateway says that it cannot take the file now.
void send_one(Connection& connection, File& file, const std::string& key, bool wait) {
    const auto body = read_file(file.path);
    const auto name = std::filesystem::path(file.path).filename().string();
    const auto begin = Clock::now();
    for (;;) {
        const auto [status, answer] =
            connection.call("/api/v1/submissions", file.token, &body, name, key);
        if (status == 202) {
            file.accepted_ms = ms_since(begin);
            file.submission_id = text_of(answer, "submission_id");
            break;
        }
        if (status != 429 && status != 503)
            throw std::runtime_error(file.path + ": " + std::to_string(status) + " " + answer);
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    while (wait && !is_terminal(file.state)) {
        const auto [status, answer] =
            connection.call("/api/v1/submissions/" + file.submission_id + "?wait=10s", file.token);
        if (status != 200)
            throw std::runtime_error(file.submission_id + ": " + std::to_string(status));
        file.state = text_of(answer, "state");
        file.ended_ms = ms_since(begin);
    }
}

std::vector<File> read_files(std::istream& in) {
    std::vector<File> files;
    for (std::string line; std::getline(in, line);) {
        const auto tab = line.find('\t');
        if (tab == std::string::npos) throw std::runtime_error("not token<TAB>path: " + line);
        files.push_back({line.substr(0, tab), line.substr(tab + 1), "", "", 0, 0});
    }
    return files;
}

/// At a rate each file has its moment, from the first on; else each connection takes the next one.
void send_all(std::vector<File>& files, const Options& options) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::string trouble;
    const auto run = std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
    const auto begin = Clock::now();
    const auto work = [&] {
        try {
            Connection connection(options.url);
            for (std::size_t i = next++; i < files.size(); i = next++) {
                if (options.rate > 0)
                    std::this_thread::sleep_until(
                        begin + std::chrono::duration_cast<Clock::duration>(
                                    std::chrono::duration<double>(double(i) / options.rate)));
                send_one(connection, files[i], run + "-" + std::to_string(i), options.wait);
            }
        } catch (const std::exception& failure) {
            const std::lock_guard lock(mutex);
            trouble = failure.what();
            next = files.size();
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < options.connections; ++i) threads.emplace_back(work);
    for (auto& thread : threads) thread.join();
    if (!trouble.empty()) throw std::runtime_error(trouble);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Sends `token<TAB>path` lines of standard input as submissions and times them"};
    app.footer("Example: chaiqin-send --url http://127.0.0.1:8800 --wait < files.tsv > sent.tsv");
    Options options;
    app.add_option("--url", options.url, "the gateway");
    app.add_option("--connections", options.connections, "at once")->check(CLI::Range(1, 256));
    app.add_option("--rate", options.rate, "files a second; 0: as fast as they are taken");
    app.add_flag("--wait", options.wait, "also wait until each file has its end state");
    CLI11_PARSE(app, argc, argv);
    try {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        auto files = read_files(std::cin);
        send_all(files, options);
        for (const auto& file : files)
            std::cout << file.path << '\t' << file.submission_id << '\t' << file.accepted_ms << '\t'
                      << file.ended_ms << '\t' << file.state << '\n';
        return 0;
    } catch (const std::exception& failure) {
        std::cerr << "chaiqin-send: " << failure.what() << '\n';
        return 3;
    }
}
