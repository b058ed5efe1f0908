#include "gateway/ingest/career_upload.hpp"

#include "domain/failure.hpp"
#include "runtime/event.hpp"
#include "wire/career_chunk.hpp"

namespace chaiqin::gateway {

using boost::asio::awaitable;
using std::chrono::steady_clock;

namespace {

constexpr int tries_a_chunk = 3;  // a repeated chunk has the same event id and is taken once
constexpr auto chunk_within = std::chrono::seconds(5);

}  // namespace

CareerUploadStream::CareerUploadStream(Parts parts, domain::CareerChunk head)
    : parts_(std::move(parts)), state_(std::make_shared<State>()) {
    state_->chunk = std::move(head);
}

awaitable<void> CareerUploadStream::add(std::string_view piece) {
    while (!piece.empty()) {
        if (state_->content.size() == career_chunk_bytes) co_await send(false);
        const auto taken = piece.substr(0, career_chunk_bytes - state_->content.size());
        state_->content += taken;
        state_->chunk.total_bytes += taken.size();
        piece.remove_prefix(taken.size());
    }
}

awaitable<void> CareerUploadStream::finish() { co_await send(true); }

awaitable<void> CareerUploadStream::send(bool last) {
    auto make = [state = state_, &sealer = parts_.sealer, topic = parts_.topic, last] {
        state->digest.add(state->content);
        auto chunk = state->chunk;
        chunk.last = last;
        if (last)
            chunk.sha256 = state->digest.hex_digest();
        else
            chunk.total_bytes = 0;
        chunk.sealed = sealer.seal(state->content, chunk.authority, chunk.load_id);
        return std::make_shared<const runtime::OutgoingMessage>(
            runtime::event_message({.topic = topic,
                                    .key = chunk.authority,
                                    .id = chunk.load_id + "/" + std::to_string(chunk.index) + "/1",
                                    .source = "gateway",
                                    .at = chunk.received_at,
                                    .headers = {{"attempt", "1"}},
                                    .payload = wire::encode(chunk)}));
    };
    auto message = co_await parts_.workers.run(
        std::move(make), steady_clock::now() + std::chrono::seconds(30), state_->chunk.authority);
    if (!message) throw domain::TransientFailure("the workers are busy");
    auto outcome = runtime::Delivery::unknown;
    for (int i = 0; i < tries_a_chunk && outcome != runtime::Delivery::delivered; ++i)
        outcome = co_await deliver(*message);
    if (outcome != runtime::Delivery::delivered)
        throw domain::TransientFailure("Kafka does not take a chunk of a Table 19 upload");
    ++state_->chunk.index;
    state_->content.clear();
}

awaitable<runtime::Delivery> CareerUploadStream::deliver(
    std::shared_ptr<const runtime::OutgoingMessage> message) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const Promised<runtime::Delivery> delivered(executor);
    auto job = [&producer = parts_.producer, message, delivered] {
        producer.send(*message, [delivered](const runtime::Delivered& report) {
            delivered.set(report.outcome);
        });
        return true;
    };
    const auto deadline = steady_clock::now() + chunk_within;
    const auto sent = co_await parts_.workers.run(std::move(job), deadline, message->key);
    if (!sent) co_return runtime::Delivery::unknown;
    const auto report = co_await delivered.until(deadline);
    co_return report.value_or(runtime::Delivery::unknown);
}

}  // namespace chaiqin::gateway
