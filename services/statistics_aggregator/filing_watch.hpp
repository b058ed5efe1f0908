#pragma once
// What the calendar makes the aggregator do: freeze a month's figures once its deadline has passed
// and everything received before it is counted, make a new frozen version when one is found later
// or when the calendar has moved the deadline, tell agencies that have not reported, and the
// agencies above them how many have (domain/notice_kind.hpp says on which days). Part of the
// stage's upkeep: whoever owns the partition of counts.changed does it, nobody else.
#include <functional>
#include <map>

#include "domain/filing_store.hpp"
#include "domain/registry.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::statistics_aggregator {

class FilingWatch {
public:
    /// End offsets of file.received now. TransientFailure while the broker is away.
    using InputEnds = std::function<std::map<std::int32_t, std::int64_t>()>;
    FilingWatch(domain::FilingStore& store, const domain::RegistrySource& registry,
                InputEnds input_ends)
        : store_(store), registry_(registry), input_ends_(std::move(input_ends)) {}

    void look(runtime::StageContext& context, runtime::Outbox& outbox);

private:
    void freeze_due(runtime::StageContext& context, const domain::OfficeCalendar& calendar);
    void freeze_moved(runtime::StageContext& context, const domain::OfficeCalendar& calendar);
    void freeze_again_due(runtime::StageContext& context);
    void tell_due(runtime::StageContext& context, const domain::OfficeCalendar& calendar,
                  runtime::Outbox& outbox);

    void send_digests_due(runtime::StageContext& context, const domain::OfficeCalendar& calendar,
                          runtime::Outbox& outbox);

    domain::FilingStore& store_;
    const domain::RegistrySource& registry_;
    InputEnds input_ends_;
    domain::Instant compared_at_{}, digests_looked_at_{};
    /// Months whose deadline was moved after they were frozen, and for which deadline this process
    /// has cut the input again.
    std::map<domain::Month, domain::Instant> cut_again_;
};

}  // namespace chaiqin::statistics_aggregator
