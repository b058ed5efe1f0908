#include "wire/counts_changed.hpp"

#include "chaiqin/event/v1/event.pb.h"
#include "domain/failure.hpp"

namespace chaiqin::wire {

std::string encode(const domain::CountsChanged& event) {
    event::v1::CountsChanged message;
    message.set_batch_id(event.batch_id);
    for (const auto& file : event.files) {
        auto& out = *message.add_files();
        out.set_submission_id(file.submission_id);
        out.set_attempt(file.attempt);
        out.set_agency(file.agency);
        out.set_partial(file.partial);
        out.set_received_at_us(file.received_at.time_since_epoch().count());
        out.set_route(file.route);
        out.set_total(file.total);
        out.set_invalid(file.invalid);
        out.set_unmatched(file.unmatched);
        out.set_counted(file.counted);
    }
    return message.SerializeAsString();
}

domain::CountsChanged decode_counts_changed(std::string_view bytes) {
    event::v1::CountsChanged message;
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        throw domain::PermanentFailure("no CountsChanged message");
    }
    domain::CountsChanged event;
    event.batch_id = message.batch_id();
    for (const auto& in : message.files()) {
        auto& file = event.files.emplace_back();
        file.submission_id = in.submission_id();
        file.attempt = in.attempt();
        file.agency = in.agency();
        file.partial = in.partial();
        file.received_at = domain::Instant(std::chrono::microseconds(in.received_at_us()));
        file.route = in.route();
        file.total = in.total();
        file.invalid = in.invalid();
        file.unmatched = in.unmatched();
        file.counted = in.counted();
    }
    return event;
}

}  // namespace chaiqin::wire
