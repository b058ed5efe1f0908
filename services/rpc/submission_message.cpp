#include "rpc/submission_message.hpp"

namespace chaiqin::rpc {

namespace pb = query::v1;

std::int64_t microseconds(domain::Instant at) { return at.time_since_epoch().count(); }

void write_receipt(const domain::Receipt& receipt, pb::Submission& to) {
    to.set_submission_id(receipt.submission_id);
    to.set_agency(receipt.agency);
    to.set_file_name(receipt.file_name);
    to.set_route(receipt.route);
    to.set_size_bytes(receipt.size_bytes);
    to.set_sha256(receipt.sha256);
    to.set_received_at(microseconds(receipt.received_at));
}

domain::Receipt read_receipt(const pb::Submission& from) {
    return {.submission_id = from.submission_id(),
            .agency = from.agency(),
            .file_name = from.file_name(),
            .route = from.route(),
            .size_bytes = from.size_bytes(),
            .sha256 = from.sha256(),
            .received_at = domain::Instant(std::chrono::microseconds(from.received_at()))};
}

void write_state(domain::SubmissionState state, pb::Submission& to) {
    const auto& of = to.dispositions();
    const auto text = domain::state_text(state, {.total = to.total(),
                                                 .invalid = of.invalid(),
                                                 .counted = of.counted(),
                                                 .unmatched = of.unmatched()});
    pb::SubmissionState value{};
    pb::SubmissionState_Parse("SUBMISSION_STATE_" + std::string(domain::state_name(state)), &value);
    to.set_state(value);
    to.mutable_state_text()->set_zh(std::string(text.zh));
    to.mutable_state_text()->set_en(std::string(text.en));
    to.set_next_actor(std::string(name_of(text.next_actor)));
}

}  // namespace chaiqin::rpc
