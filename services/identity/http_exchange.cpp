#include "identity/http_exchange.hpp"

#include <curl/curl.h>

#include <memory>

#include "domain/global_address.hpp"

namespace chaiqin::identity {

namespace {

constexpr std::size_t most_bytes = 1u << 20;
constexpr long within_ms = 2000;

std::size_t append(char* data, std::size_t size, std::size_t count, void* to) {
    auto& text = *static_cast<std::string*>(to);
    if (text.size() + size * count > most_bytes) return 0;
    text.append(data, size * count);
    return size * count;
}

bool is_unreserved(unsigned char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
    std::string copy(text);
    curl_free(text);
    return copy;
}

}  // namespace

bool is_safe_address(const std::string& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
    if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return false;
    const auto scheme = part_of(parsed.get(), CURLUPART_SCHEME);
    return scheme == "https" ||
           (scheme == "http" && domain::is_this_machine(part_of(parsed.get(), CURLUPART_HOST)));
}

std::string url_encoded(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_unreserved(byte)) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

std::string form_encoded(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string form;
    for (const auto& [name, value] : members) {
        if (!form.empty()) form += '&';
        form += url_encoded(name) + "=" + url_encoded(value);
    }
    return form;
}

std::optional<HttpAnswer> http_exchange(const HttpQuestion& question) {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (!ready || !is_safe_address(question.url)) return std::nullopt;
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                   curl_easy_cleanup);
    if (!curl) return std::nullopt;
    HttpAnswer answer;
    const auto form = form_encoded(question.form);
    curl_easy_setopt(curl.get(), CURLOPT_URL, question.url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, within_ms);
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
    if (!question.form.empty()) {
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, form.c_str());
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(form.size()));
    }
    if (!question.user.empty()) {
        curl_easy_setopt(curl.get(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        curl_easy_setopt(curl.get(), CURLOPT_USERNAME, question.user.c_str());
        curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, question.password.c_str());
    }
    if (curl_easy_perform(curl.get()) != CURLE_OK) return std::nullopt;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

}  // namespace chaiqin::identity
