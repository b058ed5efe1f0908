#include "webhooks/post.hpp"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

#include "webhooks/socket_address.hpp"

namespace chaiqin::webhooks {

namespace {

using domain::WebhookAnswer;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t most_answer_bytes = 16 * 1024;

struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, Free>;

void append(List& list, const std::string& text) {
    auto* longer = curl_slist_append(list.get(), text.c_str());
    if (!longer) return;
    (void)list.release();
    list.reset(longer);
}

/// What the callbacks share with the exchange.
struct Exchange {
    const Receiver& receiver;
    const AddressRule& rule;
    bool is_refused = false;
    std::size_t answer_bytes = 0;
};

/// Read and thrown away; over the limit the rest is not read.
std::size_t throw_away(char*, std::size_t size, std::size_t count, void* of) {
    auto& exchange = *static_cast<Exchange*>(of);
    exchange.answer_bytes += size * count;
    return exchange.answer_bytes > most_answer_bytes ? 0 : size * count;
}

/// The second barrier: whatever led to this address, it is judged itself.
curl_socket_t open_socket(void* of, curlsocktype, curl_sockaddr* to) {
    auto& exchange = *static_cast<Exchange*>(of);
    const auto address = address_in(to->addr);
    if (!address || !exchange.rule(exchange.receiver, *address)) {
        exchange.is_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

WebhookAnswer failed(const char* error) { return {.status = 0, .error = error}; }

WebhookAnswer answer_of(CURL* curl, CURLcode code, const Exchange& exchange) {
    if (exchange.is_refused) return failed("address_refused");
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    const bool is_cut = code == CURLE_WRITE_ERROR && exchange.answer_bytes > most_answer_bytes;
    if ((code == CURLE_OK || is_cut) && status >= 200)
        return {.status = static_cast<int>(status), .error = {}};
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            return failed("timeout");
        case CURLE_COULDNT_RESOLVE_HOST:
            return failed("name_not_resolved");
        case CURLE_COULDNT_CONNECT:
            return failed("connection_failed");
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
            return failed("tls_failed");
        default:
            return failed("no_answer");
    }
}

/// "host:443:192.0.2.1,[2001:db8::1]": libcurl asks no resolver of its own. Nothing for a host that
/// is an address: there is nothing to resolve.
std::string resolved(const Receiver& receiver, const std::vector<domain::IpAddress>& addresses) {
    if (parse_address(receiver.host)) return "";
    auto entry = receiver.host + ":" + std::to_string(receiver.port) + ":";
    for (const auto& address : addresses) {
        if (!entry.ends_with(':')) entry += ',';
        entry += address.is_v6 ? "[" + text_of(address) + "]" : text_of(address);
    }
    return entry;
}

void set_limits(CURL* curl, milliseconds within) {
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(within.count()));
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "chaiqin-webhooks/" CHAIQIN_VERSION);
}

WebhookAnswer exchanged(const domain::WebhookPost& post, const std::string& resolve_entry,
                        milliseconds within, Exchange exchange) {
    const std::unique_ptr<CURL, Free> curl(curl_easy_init());
    if (!curl) return failed("no_answer");
    List headers, resolves;
    append(headers, "Content-Type: application/json");
    append(headers, "Expect:");
    for (const auto& [name, value] : post.headers) append(headers, name + ": " + value);
    if (!resolve_entry.empty()) append(resolves, resolve_entry);
    set_limits(curl.get(), within);
    curl_easy_setopt(curl.get(), CURLOPT_URL, post.url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_RESOLVE, resolves.get());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(post.body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, post.body.data());
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, throw_away);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(curl.get(), CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl.get(), CURLOPT_OPENSOCKETDATA, &exchange);
    const auto code = curl_easy_perform(curl.get());
    return answer_of(curl.get(), code, exchange);
}

}  // namespace

WebhookAnswer send(const domain::WebhookPost& post, const PostSettings& settings) {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (!ready) return failed("no_answer");
    const auto until = steady_clock::now() + settings.within;
    const auto parsed = parse_receiver(post.url, settings.allow_loopback);
    const auto* receiver = std::get_if<Receiver>(&parsed);
    if (!receiver) return failed("address_refused");
    const auto rule = settings.rule ? settings.rule : address_rule(settings.allow_loopback);
    const auto addresses = settings.resolve(receiver->host, settings.within);
    if (addresses.empty())
        return failed(steady_clock::now() >= until ? "timeout" : "name_not_resolved");
    for (const auto& address : addresses)
        if (!rule(*receiver, address)) return failed("address_refused");
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    if (left.count() <= 0) return failed("timeout");
    return exchanged(post, resolved(*receiver, addresses), left,
                     Exchange{.receiver = *receiver, .rule = rule});
}

}  // namespace chaiqin::webhooks
