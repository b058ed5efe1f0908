#pragma once
// Events that the counts rest on carry a MAC over all that a stage reads of them: topic, partition,
// key, headers and payload (ADR 0019; domain/topics says which topics). Whoever sends signs,
// whoever applies verifies, and both stand here. Threads: the producer is for all, the stage for
// the workers of its loop.
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/ports.hpp"

namespace chaiqin::runtime {

inline constexpr std::string_view mac_header = "mac";
/// How the reason begins for which a stage gives up a message without a good MAC.
inline constexpr std::string_view bad_mac = "bad_mac";

/// The MAC of head and payload (crypto::EventKey). DeploymentFailure: there is no key.
using MakeMac = std::function<std::string(std::string_view head, std::string_view payload)>;

/// The message with its MAC, in place of one that it may have.
OutgoingMessage signed_message(OutgoingMessage message, const MakeMac& make_mac);
/// Whether the message has the MAC that it needs.
bool has_good_mac(const Message& message, const MakeMac& make_mac);

/// Signs what goes to topics with a MAC. Without a key nothing is sent: the report says not_queued.
class SigningProducer final : public Producer {
public:
    SigningProducer(Producer& producer, MakeMac make_mac)
        : producer_(producer), make_mac_(std::move(make_mac)) {}
    void send(OutgoingMessage message, OnDelivery on_delivery) override;
    Flush flush(std::chrono::milliseconds wait) override { return producer_.flush(wait); }
    bool is_connected() override { return producer_.is_connected(); }

private:
    Producer& producer_;
    const MakeMac make_mac_;
};

/// Lets a stage apply only what has a good MAC; anything else is a PermanentFailure (bad_mac). It
/// also waits for the key before a stage decides what it could not announce.
class VerifyingStage final : public Stage {
public:
    VerifyingStage(Stage& stage, MakeMac make_mac)
        : stage_(stage), make_mac_(std::move(make_mac)) {}
    Applied apply(StageContext& context, std::span<const Message> batch, Outbox& outbox) override;
    bool wants_upkeep(std::int32_t partition, domain::Instant now) override {
        return stage_.wants_upkeep(partition, now);
    }
    void upkeep(StageContext& context, Outbox& outbox) override { stage_.upkeep(context, outbox); }
    void committed(std::int32_t partition) override { stage_.committed(partition); }

private:
    Stage& stage_;
    const MakeMac make_mac_;
};

}  // namespace chaiqin::runtime
