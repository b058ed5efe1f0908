#include "wire/submission_updated.hpp"

#include "chaiqin/event/v1/event.pb.h"
#include "domain/failure.hpp"

namespace chaiqin::wire {

std::string encode(const domain::SubmissionUpdated& event) {
    event::v1::SubmissionUpdated message;
    message.set_submission_id(event.submission_id);
    message.set_agency(event.agency);
    message.set_version(event.version.number());
    message.set_state(std::string(domain::state_name(event.version.state)));
    message.set_received_at_us(event.received_at.time_since_epoch().count());
    message.set_occurred_at_us(event.occurred_at.time_since_epoch().count());
    message.set_total(event.total);
    message.set_invalid(event.invalid);
    message.set_unmatched(event.unmatched);
    message.set_counted(event.counted);
    message.set_error_count(event.error_count);
    message.set_warning_count(event.warning_count);
    message.set_deletion(event.deletion);
    message.set_unchanged(event.unchanged);
    message.set_stale(event.stale);
    message.set_superseded(event.superseded);
    return message.SerializeAsString();
}

domain::SubmissionUpdated decode_submission_updated(std::string_view bytes) {
    event::v1::SubmissionUpdated message;
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        throw domain::PermanentFailure("no SubmissionUpdated message");
    }
    const auto state = domain::parse_state(message.state());
    if (!state) throw domain::PermanentFailure("unknown state " + message.state());
    domain::SubmissionUpdated event;
    event.submission_id = message.submission_id();
    event.agency = message.agency();
    event.version = {domain::SubmissionVersion::attempt_of(message.version()), *state};
    event.received_at = domain::Instant(std::chrono::microseconds(message.received_at_us()));
    event.occurred_at = domain::Instant(std::chrono::microseconds(message.occurred_at_us()));
    event.total = message.total();
    event.invalid = message.invalid();
    event.unmatched = message.unmatched();
    event.counted = message.counted();
    event.error_count = message.error_count();
    event.warning_count = message.warning_count();
    event.deletion = message.deletion();
    event.unchanged = message.unchanged();
    event.stale = message.stale();
    event.superseded = message.superseded();
    return event;
}

}  // namespace chaiqin::wire
