#pragma once
// Bytes of submission.updated: a submission has reached a terminal state.
// `decode_…` throws domain::PermanentFailure for bytes that are no such event.
#include <string>
#include <string_view>

#include "domain/events.hpp"

namespace chaiqin::wire {

std::string encode(const domain::SubmissionUpdated& event);
domain::SubmissionUpdated decode_submission_updated(std::string_view bytes);

}  // namespace chaiqin::wire
