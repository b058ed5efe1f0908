#pragma once
// The command's side of the HTTP API: requests by libcurl, kept connection, JSON answers. Throws
// TransientFailure when the gateway does not answer.
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chaiqin::cli {

struct HttpAnswer {
    long status = 0;
    std::string body;
};

class HttpClient {
public:
    HttpClient(std::string url, std::string token);  ///< ConfigError: no url or token
    ~HttpClient();
    HttpAnswer get(const std::string& path);
    HttpAnswer post(const std::string& path, const std::string& body,
                    const std::vector<std::string>& headers);
    /// Streams a file as the body; `progress` gets the part sent (0..1).
    HttpAnswer post_file(const std::string& path, const std::string& file,
                         const std::vector<std::string>& headers,
                         const std::function<void(double)>& progress);
    static std::string escaped(const std::string& text);

private:
    struct State;
    HttpAnswer perform(const std::string& path, const std::vector<std::string>& headers);
    std::unique_ptr<State> state_;
};

inline constexpr int exit_findings = 1, exit_usage = 2, exit_unavailable = 3, exit_not_allowed = 4;

/// Exit code for an answer that is not what was asked for: 4 not allowed, 3 unavailable, 1 the file
/// breaks a rule or a confirmation is needed, 2 the request was wrong; says the problem's title and
/// detail on stderr.
int exit_code_of(const HttpAnswer& answer);

}  // namespace chaiqin::cli
