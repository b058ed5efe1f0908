#include "validator/received_file.hpp"

#include <charconv>
#include <limits>

#include "domain/failure.hpp"
#include "runtime/event.hpp"

namespace chaiqin::validator {

namespace {

std::string needed(const runtime::Message& message, std::string_view name) {
    const auto text = message.header(name);
    if (text.empty()) throw domain::PermanentFailure("header " + std::string(name) + " is missing");
    return std::string(text);
}

std::int64_t number(const runtime::Message& message, std::string_view name, std::int64_t least,
                    std::int64_t most) {
    const auto text = message.header(name);
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size() || value < least || value > most)
        throw domain::PermanentFailure("header " + std::string(name) +
                                       " is missing or not a number in its range");
    return value;
}

}  // namespace

ReceivedFile received_file(const runtime::Message& message) {
    constexpr std::int64_t latest_us = 253'402'300'799'000'000;  // the end of the year 9999
    ReceivedFile file;
    file.submission_id = needed(message, "submission_id");
    file.agency = needed(message, "agency");
    file.sha256 = needed(message, "sha256");
    file.route = message.header("route");
    file.key_hash = message.header("idempotency_hash");
    file.traceparent = message.header("traceparent");
    file.attempt = static_cast<std::uint32_t>(
        number(message, "attempt", 1, std::numeric_limits<std::int32_t>::max()));
    file.received_at =
        domain::Instant(std::chrono::microseconds(number(message, "received_at", 0, latest_us)));
    file.sealed = message.payload;
    file.headers = &message.headers;
    if (message.header(runtime::event_id_header) != file.event_id())
        throw domain::PermanentFailure("header ce_id does not name the submission and attempt");
    return file;
}

void ReceivedFile::need_headers_as_sealed(const std::optional<std::string>& facts) const {
    if (headers == nullptr || !facts) return;
    if (const auto name = runtime::changed_header(*facts, *headers); !name.empty())
        throw domain::PermanentFailure("header " + name +
                                       " does not say what was sealed with the file");
}

}  // namespace chaiqin::validator
