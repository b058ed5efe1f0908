#pragma once
// Parts that several answers share; for the .cpp files of this folder only.
#include "rpc/messages.hpp"

namespace chaiqin::rpc {

std::int64_t us(domain::Instant at);
domain::Instant instant(std::int64_t us);
void write_submission(const domain::Submission& from, pb::Submission& to);
domain::Submission read_submission(const pb::Submission& from);

}  // namespace chaiqin::rpc
