#include "smtp/mail_sender.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <memory>

#include "domain/global_address.hpp"

namespace chaiqin::smtp {

namespace {

struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Source {
    std::string text;
    std::size_t sent = 0;
};

std::size_t read_source(char* to, std::size_t size, std::size_t count, void* from) {
    auto& source = *static_cast<Source*>(from);
    const auto part = std::min(size * count, source.text.size() - source.sent);
    std::memcpy(to, source.text.data() + source.sent, part);
    source.sent += part;
    return part;
}

/// "354 go on": the last answer before the text of a mail.
constexpr long asks_for_text = 354;

/// The mailbox or the address is no good; other refusals may be the server's state and are tried
/// again.
bool is_for_good(long code) { return code >= 550 && code <= 553; }

std::string base64(const std::string& bytes, std::size_t line) {
    static constexpr char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto at = [&](std::size_t k) {
            return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u;
        };
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
        while (end < subject.size() && (static_cast<unsigned char>(subject[end]) & 0xc0) == 0x80)
            --end;
        out += (i ? "\r\n " : "") + std::string("=?UTF-8?B?") +
               base64(subject.substr(i, end - i), 0) + "?=";
        i = end;
    }
    return out;
}

}  // namespace

std::string message_text(const std::string& from, const domain::WaitingMail& mail,
                         long long unix_seconds) {
    char date[64];
    const auto now = static_cast<std::time_t>(unix_seconds);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &utc);
    return std::string("Date: ") + date + "\r\nFrom: " + from + "\r\nTo: " + mail.recipient +
           "\r\nSubject: " + encoded_subject(mail.subject) + "\r\nMessage-ID: <" + mail.message_id +
           ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
           "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n" +
           base64(mail.body, 76) + "\r\n";
}

struct MailSender::Connection {
    std::unique_ptr<CURL, Free> curl{curl_easy_init()};
};

bool must_be_encrypted(const std::string& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
    char* host = nullptr;
    if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return true;
    const std::unique_ptr<char, decltype(&curl_free)> owned(host, curl_free);
    return !domain::is_this_machine(host);
}

MailSender::MailSender(std::string url, std::string from, bool is_encrypted)
    : url_(std::move(url)),
      from_(std::move(from)),
      is_encrypted_(is_encrypted),
      connection_(std::make_unique<Connection>()) {}
MailSender::~MailSender() = default;

domain::MailAnswer MailSender::send(const domain::WaitingMail& mail) {
    using domain::MailOutcome;
    auto* curl = connection_->curl.get();
    const std::unique_ptr<curl_slist, Free> recipients(
        curl_slist_append(nullptr, mail.recipient.c_str()));
    Source source{message_text(from_, mail, std::time(nullptr)), 0};
    curl_easy_reset(curl);  // keeps the connection
    curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
    if (is_encrypted_) curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from_.c_str());
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_source);
    curl_easy_setopt(curl, CURLOPT_READDATA, &source);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 3000L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 15000L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    const auto result = curl_easy_perform(curl);
    if (result == CURLE_OK) return {MailOutcome::sent, ""};
    long code = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    const std::string reason = std::string("SMTP: ") + curl_easy_strerror(result) +
                               (code ? " (" + std::to_string(code) + ")" : "");
    // The server broke off while it took the text: that may be this text's fault, so the mail is
    // put off and the others go on.
    if (code == asks_for_text) return {MailOutcome::try_again, reason};
    if (code < 400 || code == 421) return {MailOutcome::server_away, reason};
    return {is_for_good(code) ? MailOutcome::refused : MailOutcome::try_again, reason};
}

}  // namespace chaiqin::smtp
