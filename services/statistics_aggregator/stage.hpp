#pragma once
// The aggregator's stage (the file to read first): announced batches of the matcher's ledger in, published counts and
// claims moved once, every file said to be COUNTED. One partition, one thread.
#include "domain/statistics_store.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::statistics_aggregator {

class AggregatorStage final : public runtime::Stage {
public:
    explicit AggregatorStage(domain::StatisticsStore& store) : store_(store) {}

    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch, runtime::Outbox& outbox) override;
    /// Once a minute: batches nobody announced, and the conservation law as a metric.
    bool wants_upkeep(std::int32_t partition, domain::Instant now) override;
    void upkeep(runtime::StageContext& context, runtime::Outbox& outbox) override;

private:
    void settle(runtime::StageContext& context, std::span<const std::int64_t> batch_ids, std::span<const domain::CountedFile> files, runtime::Outbox& outbox);

    domain::StatisticsStore& store_;
    domain::Instant looked_{};
};

}  // namespace chaiqin::statistics_aggregator
