#include "runtime/event_mac.hpp"

#include <algorithm>
#include <utility>

#include "domain/failure.hpp"
#include "domain/topics.hpp"

namespace chaiqin::runtime {

namespace {

/// Each text after its length, so that no two messages have the same head.
void append(std::string& head, std::string_view text) {
    head += std::to_string(text.size());
    head += ':';
    head += text;
}

/// Everything but the payload, in whatever order the headers come. The event id stands in a message
/// of Kafka as a header, in one that is still to be sent beside them.
std::string head_of(std::string_view topic, std::int32_t partition, std::string_view key,
                    std::string_view event_id, const Headers& headers) {
    auto sorted = headers;
    std::erase_if(sorted, [](const auto& header) {
        return header.first == mac_header || header.first == event_id_header;
    });
    std::ranges::sort(sorted);
    std::string head;
    append(head, topic);
    append(head, std::to_string(partition));
    append(head, key);
    append(head, event_id);
    append(head, std::to_string(sorted.size()));
    for (const auto& [name, value] : sorted) {
        append(head, name);
        append(head, value);
    }
    return head;
}

/// Takes the same time wherever the two differ.
bool are_equal(std::string_view a, std::string_view b) {
    unsigned difference = a.size() != b.size();
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
        difference |= static_cast<unsigned>(a[i] ^ b[i]);
    return difference == 0;
}

}  // namespace

OutgoingMessage signed_message(OutgoingMessage message, const MakeMac& make_mac) {
    std::erase_if(message.headers, [](const auto& header) { return header.first == mac_header; });
    auto mac = make_mac(
        head_of(message.topic, message.partition, message.key, message.event_id, message.headers),
        message.payload);
    message.headers.emplace_back(mac_header, std::move(mac));
    return message;
}

bool has_good_mac(const Message& message, const MakeMac& make_mac) {
    const auto head = head_of(message.topic, message.partition, message.key,
                              message.header(event_id_header), message.headers);
    return are_equal(make_mac(head, message.payload), message.header(mac_header));
}

void SigningProducer::send(OutgoingMessage message, OnDelivery on_delivery) {
    if (domain::topics::carries_mac(message.topic)) {
        try {
            message = signed_message(std::move(message), make_mac_);
        } catch (const domain::DeploymentFailure& failure) {
            return on_delivery({Delivery::not_queued, -1, -1, failure.what()});
        }
    }
    producer_.send(std::move(message), std::move(on_delivery));
}

Applied VerifyingStage::apply(StageContext& context, std::span<const Message> batch,
                              Outbox& outbox) {
    (void)make_mac_("", "");
    for (const auto& message : batch)
        if (domain::topics::carries_mac(message.topic) && !has_good_mac(message, make_mac_))
            throw domain::PermanentFailure(
                std::string(bad_mac) +
                ": the event was not written by this platform, or changed on the way");
    return stage_.apply(context, batch, outbox);
}

}  // namespace chaiqin::runtime
