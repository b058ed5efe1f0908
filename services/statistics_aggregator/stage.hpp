#pragma once
// The aggregator's stage (the file to read first): announced batches of the matcher's ledger in,
// published counts and claims moved once, every file said to be COUNTED. One partition, one thread.
#include "domain/statistics_store.hpp"
#include "runtime/stage.hpp"
#include "statistics_aggregator/filing_watch.hpp"

namespace chaiqin::statistics_aggregator {

class AggregatorStage final : public runtime::Stage {
public:
    AggregatorStage(domain::StatisticsStore& store, FilingWatch& filings)
        : store_(store), filings_(filings) {}

    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch,
                           runtime::Outbox& outbox) override;
    /// Once a minute: batches nobody announced, and the conservation law as a metric. Every ten
    /// seconds: deadlines.
    bool wants_upkeep(std::int32_t partition, domain::Instant now) override;
    void upkeep(runtime::StageContext& context, runtime::Outbox& outbox) override;

private:
    void settle(runtime::StageContext& context, std::span<const std::int64_t> batch_ids,
                std::span<const domain::CountedFile> files, runtime::Outbox& outbox);

    void apply_missed(runtime::StageContext& context, runtime::Outbox& outbox);

    domain::StatisticsStore& store_;
    FilingWatch& filings_;
    domain::Instant ledger_looked_at_{}, filings_looked_at_{};
    bool ledger_due_ = false, filings_due_ = false;
};

}  // namespace chaiqin::statistics_aggregator
