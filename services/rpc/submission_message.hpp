#pragma once
// What both sides write into the message of a submission: the gateway for a file that it has just
// accepted, the query service for one that is stored. For .cpp files (a generated header).
#include "chaiqin/query/v1/query.pb.h"
#include "domain/receipt.hpp"
#include "domain/submission_state.hpp"

namespace chaiqin::rpc {

/// As FORM_TIME says.
std::int64_t microseconds(domain::Instant at);
void write_receipt(const domain::Receipt& receipt, query::v1::Submission& to);
domain::Receipt read_receipt(const query::v1::Submission& from);
/// State, its sentence and who acts next, by the dispositions that are already in the message.
void write_state(domain::SubmissionState state, query::v1::Submission& to);

}  // namespace chaiqin::rpc
