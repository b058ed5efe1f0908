#pragma once
// The matcher's stage (the file to read first): validated files in, file rows, findings and count
// deltas out. It reads what is stored by sets, lets FileBatch decide, writes, and publishes one
// CountsChanged a batch, for every accepted file. Upkeep re-matches what Table 19 changes have
// touched, one bounded chunk at a time. Called by the stage loop, one thread a partition; different
// partitions may be in different threads.
#include <array>
#include <atomic>

#include "agency_matcher/switches.hpp"
#include "agency_matcher/table19_memory.hpp"
#include "domain/matching_store.hpp"
#include "domain/partitioning.hpp"
#include "domain/registry.hpp"
#include "domain/validated_file.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::agency_matcher {

class MatcherStage final : public runtime::Stage {
public:
    MatcherStage(domain::MatchingStore& store, const domain::RegistrySource& registry,
                 Table19Memory& memory, Switches switches = {});

    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch,
                           runtime::Outbox& outbox) override;
    bool wants_upkeep(std::int32_t partition, domain::Instant now) override;
    void upkeep(runtime::StageContext& context, runtime::Outbox& outbox) override;
    void committed(std::int32_t partition) override;

private:
    void add_warned_lines(domain::UnitOfWork& work, std::vector<domain::ValidatedFile>& files);
    std::int64_t rematch(runtime::StageContext& context, const domain::Table19& table,
                         runtime::Outbox& outbox);

    domain::MatchingStore& store_;
    const domain::RegistrySource& registry_;
    Table19Memory& memory_;
    Switches switches_;
    /// Second cursor of each partition as last seen, and as the open transaction leaves it; -1: not
    /// yet.
    std::array<std::atomic<std::int64_t>, domain::agency_partition_count> cursor_,
        cursor_after_commit_;
};

/// The event that tells of a committed batch.
runtime::OutgoingMessage counts_changed(std::int64_t batch_id, domain::Instant committed_at,
                                        std::vector<domain::CountedFile> files);

}  // namespace chaiqin::agency_matcher
