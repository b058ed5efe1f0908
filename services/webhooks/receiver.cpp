#include "webhooks/receiver.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "webhooks/socket_address.hpp"

namespace chaiqin::webhooks {

namespace {

using domain::IpAddress;
using domain::RefusedReceiver;

constexpr std::size_t most_url_bytes = 2'000;
constexpr auto stored_within = std::chrono::milliseconds(3'000);

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

/// "" if the URL has no such part.
std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return "";
    const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
    return text;
}

bool is_plain(const std::string& url) {
    return std::all_of(url.begin(), url.end(),
                       [](unsigned char c) { return c > ' ' && c < 0x7f && c != '\\'; });
}

/// As it is written, between the slashes: libcurl reads more forms than a receiver needs.
std::string authority_of(const std::string& url) {
    const auto begin = url.find("://");
    if (begin == std::string::npos) return "";
    return url.substr(begin + 3, url.find_first_of("/?#", begin + 3) - begin - 3);
}

RefusedReceiver not_a_url() {
    return {"網址應以 https:// 開頭，限用英數字元與符號，至多 2,000 字",
            "The address (url) must begin with https://, be in ASCII and have at most 2,000 "
            "characters"};
}

RefusedReceiver not_reachable() {
    return {"網址不得指向本機、內部網路或其他非公開位址",
            "The address (url) must not lead to this machine, an internal network or another "
            "address that is not public"};
}

bool is_port_allowed(int port) { return port == 443 || (port > 1023 && port <= 65'535); }

/// A look-up that cannot be broken off; it goes on alone if nobody waits any longer.
struct LookUp {
    std::mutex mutex;
    std::condition_variable done;
    bool is_done = false;
    std::vector<IpAddress> addresses;
};

std::vector<IpAddress> look_up(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) return {};
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, freeaddrinfo);
    std::vector<IpAddress> addresses;
    for (const auto* one = found; one; one = one->ai_next)
        if (const auto address = address_in(*one->ai_addr)) addresses.push_back(*address);
    return addresses;
}

}  // namespace

std::optional<IpAddress> address_in(const sockaddr& socket_address) {
    IpAddress address;
    if (socket_address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &socket_address, sizeof v4);
        std::memcpy(address.bytes.data(), &v4.sin_addr, 4);
        return address;
    }
    if (socket_address.sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, &socket_address, sizeof v6);
    std::memcpy(address.bytes.data(), &v6.sin6_addr, 16);
    address.is_v6 = true;
    return address;
}

std::optional<IpAddress> parse_address(const std::string& text) {
    IpAddress address;
    if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address;
    address.is_v6 = true;
    if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
    return std::nullopt;
}

std::string text_of(const IpAddress& address) {
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(address.is_v6 ? AF_INET6 : AF_INET, address.bytes.data(), text, sizeof text);
    return text;
}

std::variant<Receiver, RefusedReceiver> parse_receiver(const std::string& url,
                                                       bool allow_loopback) {
    if (url.empty() || url.size() > most_url_bytes || !is_plain(url)) return not_a_url();
    const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
        return not_a_url();
    Receiver receiver;
    receiver.scheme = part(parsed.get(), CURLUPART_SCHEME);
    receiver.host = part(parsed.get(), CURLUPART_HOST);
    if (receiver.host.starts_with('[') && receiver.host.ends_with(']'))
        receiver.host = receiver.host.substr(1, receiver.host.size() - 2);
    std::transform(receiver.host.begin(), receiver.host.end(), receiver.host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto literal = parse_address(receiver.host);
    receiver.names_loopback =
        receiver.host == "localhost" || (literal && domain::is_loopback(*literal));
    const bool is_local = allow_loopback && receiver.names_loopback;
    if (receiver.scheme != "https" && !(receiver.scheme == "http" && is_local)) return not_a_url();
    const auto authority = authority_of(url);
    if (authority.find('@') != std::string::npos)
        return RefusedReceiver{"網址不得含帳號或密碼",
                               "The address (url) must have no user and no password"};
    if (authority.empty() || authority.find('%') != std::string::npos || receiver.host.empty() ||
        receiver.host.ends_with('.'))
        return not_a_url();
    if (url.find('#') != std::string::npos)
        return RefusedReceiver{"網址不得有 # 之後的片段",
                               "The address (url) must have no fragment (#…)"};
    receiver.port = std::atoi(part(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT).c_str());
    if (!is_port_allowed(receiver.port))
        return RefusedReceiver{"網址的埠號應為 443 或大於 1023",
                               "The port of the address (url) must be 443 or above 1023"};
    if (literal && !address_rule(allow_loopback)(receiver, *literal)) return not_reachable();
    if (receiver.host == "localhost" && !allow_loopback) return not_reachable();
    return receiver;
}

AddressRule address_rule(bool allow_loopback) {
    return [allow_loopback](const Receiver& receiver, const IpAddress& address) {
        return receiver.names_loopback ? allow_loopback && domain::is_loopback(address)
                                       : domain::is_global(address);
    };
}

Resolve system_resolver() {
    return [](const std::string& host, std::chrono::milliseconds within) {
        if (const auto literal = parse_address(host)) return std::vector{*literal};
        const auto asked = std::make_shared<LookUp>();
        std::thread([asked, host] {
            auto addresses = look_up(host);
            const std::lock_guard lock(asked->mutex);
            asked->addresses = std::move(addresses);
            asked->is_done = true;
            asked->done.notify_one();
        }).detach();
        std::unique_lock lock(asked->mutex);
        asked->done.wait_for(lock, within, [&] { return asked->is_done; });
        return asked->addresses;
    };
}

std::function<std::optional<RefusedReceiver>(const std::string& url)> receiver_judge(
    bool allow_loopback, Resolve resolve) {
    return [allow_loopback, resolve = std::move(resolve), may = address_rule(allow_loopback)](
               const std::string& url) -> std::optional<RefusedReceiver> {
        const auto parsed = parse_receiver(url, allow_loopback);
        if (const auto* refused = std::get_if<RefusedReceiver>(&parsed)) return *refused;
        const auto& receiver = std::get<Receiver>(parsed);
        for (const auto& address : resolve(receiver.host, stored_within))
            if (!may(receiver, address)) return not_reachable();
        return std::nullopt;
    };
}

}  // namespace chaiqin::webhooks
