#include "smtp/mail_sender.hpp"

#include <curl/curl.h>

#include <cstring>
#include <ctime>
#include <memory>

#include "domain/failure.hpp"

namespace chaiqin::smtp {

namespace {

struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::string base64(const std::string& bytes, std::size_t line) {
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto at = [&](std::size_t k) { return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u; };
        const unsigned value = at(0) << 16 | at(1) << 8 | at(2);
        out += digits[value >> 18];
        out += digits[value >> 12 & 63];
        out += i + 1 < bytes.size() ? digits[value >> 6 & 63] : '=';
        out += i + 2 < bytes.size() ? digits[value & 63] : '=';
        if (line && (column += 4) >= line) {
            out += "\r\n";
            column = 0;
        }
    }
    return out;
}

/// RFC 2047 in pieces that keep a line under 76 characters and never cut a code point.
std::string encoded_subject(const std::string& subject) {
    std::string out;
    for (std::size_t i = 0; i < subject.size();) {
        std::size_t end = std::min(subject.size(), i + 42);
        while (end < subject.size() && (static_cast<unsigned char>(subject[end]) & 0xc0) == 0x80) --end;
        out += (i ? "\r\n " : "") + std::string("=?UTF-8?B?") + base64(subject.substr(i, end - i), 0) + "?=";
        i = end;
    }
    return out;
}

std::string message_of(const Mail& mail) {
    char date[64];
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &utc);
    return std::string("Date: ") + date + "\r\nFrom: " + mail.from + "\r\nTo: " + mail.to + "\r\nSubject: " + encoded_subject(mail.subject) +
           "\r\nMessage-ID: <" + mail.message_id + ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
           "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n" + base64(mail.body, 76) + "\r\n";
}

struct Source {
    std::string text;
    std::size_t at = 0;
};

std::size_t read_source(char* to, std::size_t size, std::size_t count, void* from) {
    auto& source = *static_cast<Source*>(from);
    const auto bytes = std::min(size * count, source.text.size() - source.at);
    std::memcpy(to, source.text.data() + source.at, bytes);
    source.at += bytes;
    return bytes;
}

}  // namespace

void send_mail(const std::string& smtp_url, const Mail& mail) {
    std::unique_ptr<CURL, Free> curl(curl_easy_init());
    std::unique_ptr<curl_slist, Free> recipients(curl_slist_append(nullptr, mail.to.c_str()));
    Source source{message_of(mail), 0};
    curl_easy_setopt(curl.get(), CURLOPT_URL, smtp_url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, mail.from.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, read_source);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &source);
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS, 3000L);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 15000L);
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    const auto result = curl_easy_perform(curl.get());
    if (result == CURLE_OK) return;
    long code = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &code);
    const std::string reason = std::string("SMTP: ") + curl_easy_strerror(result) + (code ? " (" + std::to_string(code) + ")" : "");
    if (code >= 500) throw domain::PermanentFailure(reason);
    throw domain::TransientFailure(reason);
}

}  // namespace chaiqin::smtp
