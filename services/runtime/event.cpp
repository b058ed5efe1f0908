#include "runtime/event.hpp"

#include <utility>

namespace chaiqin::runtime {

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
