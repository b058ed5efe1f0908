#include "runtime/event.hpp"

#include <utility>

namespace chaiqin::runtime {

namespace {

constexpr std::string_view sealed_headers[] = {"attempt",  "received_at", "size_bytes",
                                               "sha256",   "route",       "idempotency_hash",
                                               "sub_hash", "client_kind"};

std::string fact(std::string_view name, const Headers& headers) {
    std::string line(name);
    line += '=';
    line += value_of(headers, name);
    line += '\n';
    return line;
}

}  // namespace

std::string facts_of_file(const Headers& headers) {
    std::string facts;
    for (const auto name : sealed_headers) facts += fact(name, headers);
    return facts;
}

Headers headers_in_facts(std::string_view sealed_facts) {
    Headers headers;
    for (const auto name : sealed_headers) {
        const auto start = std::string(name) + '=';
        if (!sealed_facts.starts_with(start)) return headers;
        const auto end = sealed_facts.find('\n');
        auto value = sealed_facts.substr(0, end).substr(start.size());
        if (!value.empty()) headers.emplace_back(name, value);
        sealed_facts.remove_prefix(end == std::string_view::npos ? sealed_facts.size() : end + 1);
    }
    return headers;
}

std::string changed_header(std::string_view sealed_facts, const Headers& headers) {
    if (sealed_facts == facts_of_file(headers)) return {};
    for (const auto name : sealed_headers) {
        const auto line = fact(name, headers);
        if (!sealed_facts.starts_with(line)) return std::string(name);
        sealed_facts.remove_prefix(line.size());
    }
    return std::string(sealed_headers[0]);
}

OutgoingMessage event_message(Event event) {
    Headers headers{{"ce_specversion", "1.0"},
                    {"ce_type", event.topic},
                    {"ce_source", "chaiqin/" + std::string(event.source)},
                    {"ce_time", domain::rfc3339_taipei(event.at)}};
    for (auto& header : event.headers)
        if (!header.second.empty()) headers.push_back(std::move(header));
    return {.topic = std::move(event.topic),
            .partition = event.partition,
            .key = std::move(event.key),
            .event_id = std::move(event.id),
            .headers = std::move(headers),
            .payload = std::move(event.payload)};
}

}  // namespace chaiqin::runtime
