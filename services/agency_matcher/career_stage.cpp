#include "agency_matcher/career_stage.hpp"

#include "agency_matcher/stage.hpp"
#include "wire/career_chunk.hpp"

namespace chaiqin::agency_matcher {

namespace {
constexpr std::chrono::seconds look_every{1};
}

runtime::Applied CareerStage::apply(runtime::StageContext& context,
                                    std::span<const runtime::Message> batch,
                                    runtime::Outbox& /*outbox*/) {
    for (const auto& message : batch)
        staging_.stage(context.work, wire::decode_career_chunk(message.payload));
    return runtime::Applied::done;
}

bool CareerStage::wants_upkeep(std::int32_t /*partition*/, domain::Instant now) {
    return now - looked_ >= look_every || now < looked_;
}

void CareerStage::upkeep(runtime::StageContext& context, runtime::Outbox& outbox) {
    looked_ = context.now;
    for (const auto batch_id : staging_.take_unannounced(context.work))
        outbox.publish(counts_changed(batch_id, context.now, {}));
}

}  // namespace chaiqin::agency_matcher
