#include "statistics_aggregator/stage.hpp"

#include <utility>

#include "domain/partitioning.hpp"
#include "domain/topics.hpp"
#include "runtime/event.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "wire/counts_changed.hpp"
#include "wire/submission_updated.hpp"

namespace chaiqin::statistics_aggregator {

using runtime::metrics;

namespace {

constexpr auto announced_within = std::chrono::seconds(60);
constexpr int missed_at_once = 500;
constexpr auto ledger_every = std::chrono::seconds(60), filings_every = std::chrono::seconds(10);

/// Also at once when the clock was set back. Moves `looked_at`.
bool is_due(domain::Instant& looked_at, domain::Instant now, std::chrono::seconds every) {
    if (now - looked_at < every && looked_at <= now) return false;
    looked_at = now;
    return true;
}

runtime::OutgoingMessage announcement(const domain::SubmissionUpdated& event) {
    const auto attempt = std::to_string(event.version.attempt);
    return runtime::event_message({.topic = std::string(domain::topics::submission_updated),
                                   .partition = domain::partition_of(event.agency),
                                   .key = event.agency,
                                   .id = event.submission_id + "/" + attempt + "/counted",
                                   .source = domain::stages::statistics_aggregator.service,
                                   .at = event.occurred_at,
                                   .headers = {{"submission_id", event.submission_id},
                                               {"attempt", attempt},
                                               {"agency", event.agency}},
                                   .payload = wire::encode(event)});
}

}  // namespace

runtime::Applied AggregatorStage::apply(runtime::StageContext& context,
                                        std::span<const runtime::Message> batch,
                                        runtime::Outbox& outbox) {
    std::vector<std::int64_t> batch_ids;
    std::vector<domain::CountedFile> files;
    for (const auto& message : batch) {
        auto event = wire::decode_counts_changed(message.payload);
        if (event.batch_id) batch_ids.push_back(event.batch_id);
        for (auto& file : event.files) files.push_back(std::move(file));
    }
    settle(context, batch_ids, files, outbox);
    return runtime::Applied::done;
}

void AggregatorStage::settle(runtime::StageContext& context,
                             std::span<const std::int64_t> batch_ids,
                             std::span<const domain::CountedFile> files, runtime::Outbox& outbox) {
    const auto applied = store_.apply(context.work, batch_ids, context.now);
    if (applied.unknown)
        metrics().add("chaiqin_deltas_unknown_total", static_cast<double>(applied.unknown));
    for (const auto& event : store_.mark_counted(context.work, files, context.now)) {
        metrics().add("chaiqin_stage_records_total", event.total);
        outbox.publish(announcement(event));
    }
}

bool AggregatorStage::wants_upkeep(std::int32_t, domain::Instant now) {
    if (is_due(ledger_looked_at_, now, ledger_every)) ledger_due_ = true;
    if (is_due(filings_looked_at_, now, filings_every)) filings_due_ = true;
    return ledger_due_ || filings_due_;
}

void AggregatorStage::upkeep(runtime::StageContext& context, runtime::Outbox& outbox) {
    if (std::exchange(ledger_due_, false)) {
        apply_missed(context, outbox);
    } else if (std::exchange(filings_due_, false)) {
        filings_.look(context, outbox);
    }
}

void AggregatorStage::apply_missed(runtime::StageContext& context, runtime::Outbox& outbox) {
    const auto missed = store_.missed(context.work, context.now - announced_within, missed_at_once);
    if (!missed.empty()) {
        runtime::log_warn("batches of the ledger that nobody announced are applied",
                          {{"count", missed.size()}});
        settle(context, missed, store_.files_of(context.work, missed), outbox);
    }
    const auto difference = store_.conservation_difference(context.work);
    metrics().set("chaiqin_conservation_difference", static_cast<double>(difference));
    if (difference != 0)
        runtime::log_error("the conservation law does not hold; run `chaiqin verify`",
                           {{"difference", difference}});
}

}  // namespace chaiqin::statistics_aggregator
