#pragma once
// Bytes of counts.changed: a batch of the matcher is committed.
// `decode_…` throws domain::PermanentFailure for bytes that are no such event.
#include <string>
#include <string_view>

#include "domain/events.hpp"

namespace chaiqin::wire {

std::string encode(const domain::CountsChanged& event);
domain::CountsChanged decode_counts_changed(std::string_view bytes);

}  // namespace chaiqin::wire
