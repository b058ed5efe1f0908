#pragma once
// Bytes of filing.changed: a deadline notice is due.
// `decode_…` throws domain::PermanentFailure for bytes that are no such event.
#include <string>
#include <string_view>

#include "domain/events.hpp"

namespace chaiqin::wire {

std::string encode(const domain::FilingChanged& event);
domain::FilingChanged decode_filing_changed(std::string_view bytes);

}  // namespace chaiqin::wire
