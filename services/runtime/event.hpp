#pragma once
// How an event of ours becomes a Kafka message: the one place of its CloudEvents headers
// (docs/events.md: Headers). Used by whoever publishes: gateway, validator, agency_matcher,
// statistics_aggregator. Pure.
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

}  // namespace chaiqin::runtime
