#include "wire/filing_changed.hpp"

#include "chaiqin/event/v1/event.pb.h"
#include "domain/failure.hpp"

namespace chaiqin::wire {

std::string encode(const domain::FilingChanged& event) {
    event::v1::FilingChanged message;
    message.set_agency(event.agency);
    message.set_month(event.month);
    message.set_kind(std::string(domain::row_of(event.kind).name));
    message.set_deadline(domain::iso_day(event.deadline));
    message.set_obliged(event.obliged);
    message.set_reported(event.reported);
    return message.SerializeAsString();
}

domain::FilingChanged decode_filing_changed(std::string_view bytes) {
    event::v1::FilingChanged message;
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        throw domain::PermanentFailure("no FilingChanged message");
    }
    const auto deadline = domain::parse_iso_day(message.deadline());
    if (!deadline) throw domain::PermanentFailure("the deadline of a FilingChanged is no date");
    const auto kind = domain::parse_notice_kind(message.kind());
    if (!kind) throw domain::PermanentFailure("unknown kind of notice " + message.kind());
    domain::FilingChanged event;
    event.agency = message.agency();
    event.month = message.month();
    event.kind = *kind;
    event.deadline = *deadline;
    event.obliged = message.obliged();
    event.reported = message.reported();
    return event;
}

}  // namespace chaiqin::wire
