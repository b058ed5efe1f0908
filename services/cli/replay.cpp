#include "cli/replay.hpp"

#include <charconv>
#include <future>

#include "crypto/event_key.hpp"
#include "crypto/keyring.hpp"
#include "crypto/sealing.hpp"
#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "runtime/event.hpp"
#include "runtime/event_mac.hpp"
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

/// The sealed file for the headers that it has now.
std::string sealed_again(const runtime::OutgoingMessage& now, const runtime::Message& was,
                         const crypto::Sealer& sealer) {
    try {
        const auto agency = was.header("agency"), id = was.header("submission_id");
        const auto opened =
            sealer.open_with_facts(was.payload, agency, id, crypto::most_packed_file_bytes);
        if (!opened.facts || !runtime::changed_header(*opened.facts, was.headers).empty())
            return was.payload;
        return sealer.seal_with_facts(opened.content, agency, id,
                                      runtime::facts_of_file(now.headers));
    } catch (const domain::PermanentFailure&) {
        return was.payload;
    }
}

}  // namespace

Replay replay_of_file(const runtime::Message& was, const crypto::Sealer& sealer) {
    auto replay = replay_of(was);
    replay.message.payload = sealed_again(replay.message, was, sealer);
    return replay;
}

Replay replay_with_keys(const runtime::Message& was, const std::string& keys_dir,
                        bool vouched_for) {
    if (was.topic == domain::topics::file_received)
        return replay_of_file(was,
                              crypto::Sealer(crypto::load_keys(keys_dir, {crypto::KeyUse::seal})));
    auto replay = replay_of(was);
    auto& message = replay.message;
    if (domain::topics::carries_mac(message.topic)) {
        const auto make_mac = crypto::event_mac(keys_dir);
        if (vouched_for || runtime::has_good_mac(was, make_mac))
            message = runtime::signed_message(std::move(message), make_mac);
        else
            throw domain::ConfigError({message.event_id +
                                       ": its MAC is missing or does not fit, so this platform did "
                                       "not write it as it is; "
                                       "--vouch sends it all the same"});
    }
    return replay;
}

Replay replay_of(const runtime::Message& was) {
    const std::string id(was.header(runtime::event_id_header)), stated(was.header("attempt"));
    Replay replay{{was.topic, was.partition, was.key, id, was.headers, was.payload}, 1};
    // It stands in this database, whichever its sender wrote to.
    std::erase_if(replay.message.headers,
                  [](const auto& header) { return header.first == runtime::store_header; });
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

void send(runtime::Producer& producer, runtime::OutgoingMessage message) {
    std::promise<runtime::Delivered> promise;
    producer.send(std::move(message),
                  [&](const runtime::Delivered& delivered) { promise.set_value(delivered); });
    const auto delivered = promise.get_future().get();
    if (delivered.outcome != runtime::Delivery::delivered)
        throw domain::TransientFailure("not delivered: " + delivered.reason);
}

}  // namespace chaiqin::cli
