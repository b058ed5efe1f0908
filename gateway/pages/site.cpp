#include "gateway/pages/site.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "domain/failure.hpp"
#include "gateway/http/header_value.hpp"
#include "gateway/http/problems.hpp"

namespace chaiqin::gateway {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> types{
    {{".html", "text/html; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".svg", "image/svg+xml"},
     {".png", "image/png"},
     {".ico", "image/x-icon"},
     {".json", "application/json"},
     {".txt", "text/plain; charset=utf-8"},
     {".webmanifest", "application/manifest+json"}}};

/// "" for what is not served.
std::string_view type_of(const std::string& extension) {
    for (const auto& [one, type] : types)
        if (one == extension) return type;
    return {};
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Whether the browser takes the coding; "gzip;q=0" says no.
bool takes(const std::string& accepted, std::string_view coding) {
    for (std::size_t begin = 0; begin < accepted.size();) {
        const auto end = std::min(accepted.find(',', begin), accepted.size());
        const auto one = parse_header_value(std::string_view(accepted).substr(begin, end - begin));
        begin = end + 1;
        if (!one || one->value != coding) continue;
        const auto weight = one->parameter("q").value_or("1");
        return weight.find_first_not_of("0.") != std::string::npos;
    }
    return false;
}

bool is_below(std::string_view path, std::string_view folder) {
    return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

}  // namespace

Site::Site(const std::string& folder, std::string public_url)
    : public_url_(std::move(public_url)),
      public_host_(public_url_.substr(std::min(public_url_.find("://") + 3, public_url_.size()))) {
    if (folder.empty()) return;
    namespace fs = std::filesystem;
    if (!fs::exists(fs::path(folder) / "index.html"))
        throw domain::ConfigError({"portal_dir: no index.html in " + folder});
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto& path = entry.path();
        const auto type = type_of(path.extension().string());
        if (!entry.is_regular_file() || type.empty()) continue;
        auto& file = files_["/" + fs::relative(path, folder).generic_string()];
        file = {.content_type = std::string(type),
                .plain = content_of(path),
                .gzip = content_of(path.string() + ".gz"),
                .brotli = content_of(path.string() + ".br")};
    }
}

std::optional<Response> Site::answer(const Request& request) const {
    const auto& path = request.path;
    if (is_below(path, "/api") || path == "/healthz" || path == "/readyz") return std::nullopt;
    if (files_.empty()) return std::nullopt;
    if (auto elsewhere = redirected(request)) return elsewhere;
    if (is_below(path, "/auth") && path != "/auth/done") return std::nullopt;
    if (request.method != "GET" && request.method != "HEAD") {
        auto response = answer_with(Problem::other_method, {"GET, HEAD"});
        response.headers.emplace_back("Allow", "GET, HEAD");
        return response;
    }
    if (const auto file = files_.find(path); file != files_.end() && path != "/index.html")
        return answer_with_file(file->second, request, is_below(path, "/assets"));
    const auto last = path.substr(path.rfind('/') + 1);
    const bool is_no_page = path == "/metrics" || last.find('.') != std::string::npos;
    if (is_below(path, "/assets") || is_no_page) return answer_with(Problem::unknown_path);
    return answer_with_file(files_.find("/index.html")->second, request, false);
}

Response Site::answer_with_file(const File& file, const Request& request, bool for_ever) const {
    Response response;
    response.content_type = file.content_type;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    response.headers.emplace_back("Cache-Control",
                                  for_ever ? "public, max-age=31536000, immutable" : "no-cache");
    const auto accepted = request.header("accept-encoding");
    if (!file.brotli.empty() && takes(accepted, "br")) {
        response.headers.emplace_back("Content-Encoding", "br");
        response.body = file.brotli;
    } else if (!file.gzip.empty() && takes(accepted, "gzip")) {
        response.headers.emplace_back("Content-Encoding", "gzip");
        response.body = file.gzip;
    } else {
        response.body = file.plain;
    }
    return response;
}

/// To the host that people know, so that a cookie set there is found again.
std::optional<Response> Site::redirected(const Request& request) const {
    const bool is_page = request.method == "GET" || request.method == "HEAD";
    const auto host = request.header("host");
    if (!is_page || public_host_.empty() || host.empty() || host == public_host_)
        return std::nullopt;
    Response response;
    response.status = 308;
    response.content_type = "text/plain; charset=utf-8";
    response.headers.emplace_back("Location", public_url_ + request.target);
    return response;
}

}  // namespace chaiqin::gateway
