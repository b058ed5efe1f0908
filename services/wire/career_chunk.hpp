#pragma once
// Bytes of career.received: one chunk of a Table 19 upload.
// `decode_…` throws domain::PermanentFailure for bytes that are no such event.
#include <string>
#include <string_view>

#include "domain/events.hpp"

namespace chaiqin::wire {

std::string encode(const domain::CareerChunk& chunk);
domain::CareerChunk decode_career_chunk(std::string_view bytes);

}  // namespace chaiqin::wire
