#include "cli/replay.hpp"

#include <charconv>

#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "wire/file_validated.hpp"

namespace chaiqin::cli {

namespace {

/// A validated file carries its attempt inside as well. Bytes that cannot be read stay as they are.
std::string with_attempt(const std::string& payload, int attempt) {
    try {
        auto file = wire::decode_file_validated(payload);
        file.attempt = static_cast<std::uint32_t>(attempt);
        return wire::encode(file);
    } catch (const domain::PermanentFailure&) {
        return payload;
    }
}

}  // namespace

Replay replay_of(const runtime::Message& quarantined) {
    const std::string id(quarantined.header(runtime::event_id_header)),
        stated(quarantined.header("attempt"));
    Replay replay{{quarantined.topic, quarantined.partition, quarantined.key, id,
                   quarantined.headers, quarantined.payload},
                  1};
    std::from_chars(stated.data(), stated.data() + stated.size(), replay.attempt);
    if (stated.empty() || !id.ends_with("/" + stated)) return replay;
    ++replay.attempt;
    auto& message = replay.message;
    message.event_id = id.substr(0, id.size() - stated.size()) + std::to_string(replay.attempt);
    for (auto& [name, value] : message.headers) {
        if (name == "attempt") value = std::to_string(replay.attempt);
        if (name == runtime::event_id_header) value = message.event_id;
    }
    if (message.topic == domain::topics::file_validated)
        message.payload = with_attempt(message.payload, replay.attempt);
    return replay;
}

}  // namespace chaiqin::cli
