#include "wire/career_chunk.hpp"

#include "chaiqin/event/v1/event.pb.h"
#include "domain/failure.hpp"

namespace chaiqin::wire {

std::string encode(const domain::CareerChunk& chunk) {
    event::v1::CareerChunk message;
    message.set_load_id(chunk.load_id);
    message.set_authority(chunk.authority);
    message.set_mode(std::string(domain::load_mode_name(chunk.mode)));
    message.set_force(chunk.force);
    message.set_index(chunk.index);
    message.set_last(chunk.last);
    message.set_total_bytes(chunk.total_bytes);
    message.set_sha256(chunk.sha256);
    message.set_received_at_us(chunk.received_at.time_since_epoch().count());
    message.set_sealed(chunk.sealed);
    return message.SerializeAsString();
}

domain::CareerChunk decode_career_chunk(std::string_view bytes) {
    event::v1::CareerChunk message;
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        throw domain::PermanentFailure("no CareerChunk message");
    }
    const auto mode = domain::parse_load_mode(message.mode());
    if (!mode) throw domain::PermanentFailure("unknown mode of a load: " + message.mode());
    domain::CareerChunk chunk;
    chunk.load_id = message.load_id();
    chunk.authority = message.authority();
    chunk.mode = *mode;
    chunk.force = message.force();
    chunk.index = message.index();
    chunk.last = message.last();
    chunk.total_bytes = message.total_bytes();
    chunk.sha256 = message.sha256();
    chunk.received_at = domain::Instant(std::chrono::microseconds(message.received_at_us()));
    chunk.sealed = std::move(*message.mutable_sealed());
    return chunk;
}

}  // namespace chaiqin::wire
