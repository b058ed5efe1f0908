#include "gateway/ingest/file_message.hpp"

#include <charconv>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"
#include "domain/partitioning.hpp"
#include "runtime/event.hpp"

namespace chaiqin::gateway {

namespace {

constexpr std::size_t most_name_bytes = 1024;

std::optional<std::int64_t> number_header(const runtime::Message& message, std::string_view name) {
    const auto text = message.header(name);
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

domain::SentBy sent_by(const Sender& sender, const std::string& submission_id,
                       const crypto::Keyring& keys, const crypto::Sealer& sealer) {
    domain::SentBy who{.sub_hash = crypto::header_hash(keys, "sub", sender.sub)};
    if (!sender.name.empty() && sender.name.size() <= most_name_bytes)
        who.sealed_name = sealer.seal(sender.name, sender.agency, submission_id);
    return who;
}

runtime::OutgoingMessage message_of(const domain::Receipt& receipt, const Sender& sender,
                                    const domain::SentBy& who, const std::string& key_hash,
                                    const std::string& topic) {
    return runtime::event_message(
        {.topic = topic,
         .partition = domain::partition_of(receipt.agency),
         .key = receipt.agency,
         .id = receipt.submission_id + "/1",
         .source = "gateway",
         .at = receipt.received_at,
         .headers = {{"submission_id", receipt.submission_id},
                     {"attempt", "1"},
                     {"agency", receipt.agency},
                     {"route", receipt.route},
                     {"client_kind", sender.client_kind},
                     {"received_at",
                      std::to_string(receipt.received_at.time_since_epoch().count())},
                     {"size_bytes", std::to_string(receipt.size_bytes)},
                     {"sha256", receipt.sha256},
                     {"sub_hash", who.sub_hash},
                     {"sender_name", crypto::base64url(who.sealed_name)},
                     {"idempotency_hash", key_hash},
                     {"traceparent", sender.trace_parent}},
         .payload = {}});
}

std::string sealed_payload(const runtime::OutgoingMessage& message, const crypto::Sealer& sealer,
                           std::string_view packed) {
    return sealer.seal_with_facts(packed, runtime::value_of(message.headers, "agency"),
                                  runtime::value_of(message.headers, "submission_id"),
                                  runtime::facts_of_file(message.headers));
}

std::optional<domain::TakenFile> taken_file(const runtime::Message& message,
                                            const crypto::Sealer& sealer) {
    const auto received_at = number_header(message, "received_at"),
               size = number_header(message, "size_bytes");
    domain::TakenFile taken;
    taken.receipt.submission_id = message.header("submission_id");
    taken.receipt.agency = message.header("agency");
    taken.receipt.route = message.header("route");
    taken.receipt.sha256 = message.header("sha256");
    if (!received_at || !size || taken.receipt.submission_id.size() != 36 ||
        taken.receipt.agency.empty())
        return std::nullopt;
    taken.receipt.received_at = domain::Instant(std::chrono::microseconds(*received_at));
    taken.receipt.size_bytes = *size;
    taken.key_hash = message.header("idempotency_hash");
    taken.sent_by.sub_hash = message.header("sub_hash");
    taken.sent_by.sealed_name =
        crypto::from_base64url(message.header("sender_name"), 2 * most_name_bytes).value_or("");
    taken.partition = message.partition;
    taken.offset = message.offset;
    try {
        const auto opened =
            sealer.open_with_facts(message.payload, taken.receipt.agency,
                                   taken.receipt.submission_id, crypto::most_packed_file_bytes);
        if (opened.facts && !runtime::changed_header(*opened.facts, message.headers).empty())
            return std::nullopt;
        taken.receipt.file_name = crypto::unpack_file(opened.content).masked_name;
    } catch (const domain::PermanentFailure&) {
        return std::nullopt;
    }
    return taken;
}

}  // namespace chaiqin::gateway
