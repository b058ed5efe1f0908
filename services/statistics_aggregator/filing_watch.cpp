#include "statistics_aggregator/filing_watch.hpp"

#include <algorithm>

#include "domain/events.hpp"
#include "domain/partitioning.hpp"
#include "domain/topics.hpp"
#include "runtime/event.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "wire/filing_changed.hpp"

namespace chaiqin::statistics_aggregator {

using domain::Month;

namespace {

/// A request that was received before the deadline is in the broker's log by then, or refused.
constexpr auto cut_after = std::chrono::seconds(60);
constexpr int told_at_once = 1000;
/// The deadline of a month lies at most so many months after it.
constexpr Month deadline_within = 2;

const std::string first_freeze =
    "the deadline has passed and every file received before it is counted";

domain::Instant end_of(domain::Day deadline) { return domain::taipei_midnight(deadline + 1); }
std::string last_day_before(domain::Instant end) {
    return domain::iso_day(domain::taipei_day(end) - 1);
}

runtime::OutgoingMessage notice_due(const domain::FilingChanged& event, domain::Instant now) {
    return runtime::event_message({.topic = std::string(domain::topics::filing_changed),
                                   .partition = domain::partition_of(event.agency),
                                   .key = event.agency,
                                   .id = event.agency + "/" + domain::iso_month(event.month) + "/" +
                                         std::string(domain::row_of(event.kind).name),
                                   .source = domain::stages::statistics_aggregator.service,
                                   .at = now,
                                   .headers = {{"agency", event.agency}},
                                   .payload = wire::encode(event)});
}

}  // namespace

void FilingWatch::look(runtime::StageContext& context, runtime::Outbox& outbox) {
    const auto registry = registry_.current();
    freeze_due(context, registry->calendar);
    freeze_moved(context, registry->calendar);
    freeze_again_due(context);
    runtime::metrics().set("chaiqin_calendar_days_left",
                           registry->calendar.last() - domain::taipei_day(context.now));
    tell_due(context, registry->calendar, outbox);
    send_digests_due(context, registry->calendar, outbox);
}

void FilingWatch::freeze_due(runtime::StageContext& context,
                             const domain::OfficeCalendar& calendar) {
    const auto since = store_.in_operation_since(context.work);
    if (!since) return;
    const Month first = domain::month_of(domain::taipei_day(*since)) - deadline_within;
    const Month last = domain::month_of(domain::taipei_day(context.now));
    std::chrono::seconds overdue{};
    for (const auto month : store_.unfrozen(context.work, first, last)) {
        const auto end = end_of(calendar.deadline(month));
        if (end <= *since || context.now < end + cut_after) continue;
        if (!store_.has_cut(context.work, month))
            store_.keep_cut(context.work, month, input_ends_());
        const auto freezing =
            store_.freeze(context.work, month, {end, domain::rule_text(calendar.deadline_rule())},
                          context.now, first_freeze);
        if (freezing == domain::Freezing::frozen)
            runtime::log_info("reporting rates frozen", {{"month", domain::iso_month(month)}});
        if (freezing == domain::Freezing::waiting)
            overdue = std::max(overdue, std::chrono::duration_cast<std::chrono::seconds>(
                                            context.now - end - cut_after));
    }
    runtime::metrics().set("chaiqin_freeze_overdue_seconds", static_cast<double>(overdue.count()));
}

/// A calendar that was loaded after the freeze and moves the deadline makes a new version, once the
/// new deadline has passed; a changed rule does not. The input is cut again: files that came before
/// the new deadline may not be counted yet.
void FilingWatch::freeze_moved(runtime::StageContext& context,
                               const domain::OfficeCalendar& calendar) {
    const auto rule = domain::rule_text(calendar.deadline_rule());
    for (const auto& [month, frozen] : store_.frozen_deadlines(context.work)) {
        const auto end = end_of(calendar.deadline(month));
        if (end == frozen.end || rule != frozen.rule || context.now < end + cut_after) continue;
        if (cut_again_[month] != end) {
            store_.keep_cut(context.work, month, input_ends_());
            cut_again_[month] = end;
        }
        const auto reason = "the office calendar has moved the deadline from " +
                            last_day_before(frozen.end) + " to " + last_day_before(end);
        if (store_.freeze(context.work, month, {end, rule}, context.now, reason) ==
            domain::Freezing::frozen)
            runtime::log_info("the deadline was moved after the freeze: new frozen version",
                              {{"month", domain::iso_month(month)}});
    }
}

/// Compares every frozen month with the claims: once a minute is often enough.
void FilingWatch::freeze_again_due(runtime::StageContext& context) {
    if (context.now - compared_at_ < std::chrono::seconds(60) && compared_at_ <= context.now)
        return;
    compared_at_ = context.now;
    for (const auto month : store_.freeze_again(context.work, context.now))
        runtime::log_info(
            "a file received in time was counted after the freeze: new frozen version",
            {{"month", domain::iso_month(month)}});
}

/// After the deadline only once the month is frozen: till then a file received in time may still be
/// on its way.
void FilingWatch::tell_due(runtime::StageContext& context, const domain::OfficeCalendar& calendar,
                           runtime::Outbox& outbox) {
    const auto today = domain::taipei_day(context.now);
    const Month last = domain::month_of(today), first = last - deadline_within;
    const auto unfrozen = store_.unfrozen(context.work, first, last);
    for (Month month = first; month <= last; ++month) {
        const auto deadline = calendar.deadline(month);
        const auto kind = domain::deadline_notice_due(today, deadline);
        const bool is_frozen = std::find(unfrozen.begin(), unfrozen.end(), month) == unfrozen.end();
        if (!kind || (domain::is_after_deadline(*kind) && !is_frozen)) continue;
        const auto agencies = store_.to_be_told(context.work, month, end_of(deadline), *kind,
                                                context.now, told_at_once);
        for (const auto& agency : agencies)
            outbox.publish(notice_due({agency, month, *kind, deadline}, context.now));
        if (!agencies.empty())
            runtime::log_info("deadline notices", {{"month", domain::iso_month(month)},
                                                   {"kind", domain::row_of(*kind).name},
                                                   {"agencies", agencies.size()}});
    }
}

/// The statement reads the whole hierarchy, so it is not asked every ten seconds.
void FilingWatch::send_digests_due(runtime::StageContext& context,
                                   const domain::OfficeCalendar& calendar,
                                   runtime::Outbox& outbox) {
    if (context.now - digests_looked_at_ < std::chrono::minutes(10) &&
        digests_looked_at_ <= context.now)
        return;
    digests_looked_at_ = context.now;
    const auto today = domain::taipei_day(context.now);
    const Month last = domain::month_of(today);
    for (Month month = last - deadline_within; month < last; ++month) {
        const auto deadline = calendar.deadline(month);
        const auto kind = domain::digest_due(today, deadline);
        if (!kind) continue;
        const auto below =
            store_.to_be_sent_a_digest(context.work, month, end_of(deadline), *kind, context.now);
        for (const auto& one : below)
            outbox.publish(notice_due(
                {one.agency, month, *kind, deadline, one.obliged, one.reported}, context.now));
        if (!below.empty())
            runtime::log_info("digests for supervising agencies",
                              {{"month", domain::iso_month(month)},
                               {"kind", domain::row_of(*kind).name},
                               {"agencies", below.size()}});
    }
}

}  // namespace chaiqin::statistics_aggregator
