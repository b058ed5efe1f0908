#pragma once
// Takes Table 19 uploads from Kafka: each chunk is put aside as it came, sealed; the loader applies
// complete loads. Upkeep tells the aggregator of loads that have been applied. Called by its own
// stage loop, one thread.
#include <atomic>

#include "domain/career_store.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::agency_matcher {

class CareerStage final : public runtime::Stage {
public:
    explicit CareerStage(domain::CareerStaging& staging) : staging_(staging) {}

    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch,
                           runtime::Outbox& outbox) override;
    bool wants_upkeep(std::int32_t partition, domain::Instant now) override;
    void upkeep(runtime::StageContext& context, runtime::Outbox& outbox) override;

private:
    domain::CareerStaging& staging_;
    domain::Instant looked_{};
};

}  // namespace chaiqin::agency_matcher
