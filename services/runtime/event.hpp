#pragma once
// How an event of ours becomes a Kafka message: the one place of its CloudEvents headers
// (docs/events.md: Headers), and of those that are sealed with a file. Used by whoever publishes:
// gateway, validator, agency_matcher, statistics_aggregator. Pure.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/calendar.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::runtime {

struct Event {
    std::string topic;
    std::int32_t partition = 0;
    std::string key;
    /// A consumer applies an id once.
    std::string id;
    /// The service that publishes it.
    std::string_view source;
    domain::Instant at{};
    /// What else the message says in headers; those that are "" are left out.
    Headers headers;
    std::string payload;
};

OutgoingMessage event_message(Event event);

/// What the headers of a file say about it: lines "name=value". The gateway seals them with the
/// file, so whoever opens it sees whether somebody changed a header on the way.
std::string facts_of_file(const Headers& headers);
/// The same lines as headers; those without a value left out.
Headers headers_in_facts(std::string_view sealed_facts);
/// The first header that says something else than the sealed facts; "" if there is none.
std::string changed_header(std::string_view sealed_facts, const Headers& headers);

}  // namespace chaiqin::runtime
