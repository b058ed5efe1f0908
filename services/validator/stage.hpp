#pragma once
// The validator's stage (the file to read first): sealed files in; verdict, findings, archive and
// one FileValidated an accepted file out, or SubmissionUpdated for a rejected one. Person ids leave
// it only as keyed tokens. Called by the stage loop, one thread a partition; different partitions
// may be in different threads.
#include <array>
#include <memory>
#include <optional>

#include "crypto/keyring.hpp"
#include "domain/partitioning.hpp"
#include "domain/registry.hpp"
#include "domain/validation_store.hpp"
#include "runtime/stage.hpp"

namespace chaiqin::validator {

class ValidatorStage final : public runtime::Stage {
public:
    ValidatorStage(domain::ValidationStore& store, const domain::RegistrySource& registry,
                   const crypto::Keyring& keys, domain::Month first_month);
    ~ValidatorStage() override;

    runtime::Applied apply(runtime::StageContext& context, std::span<const runtime::Message> batch,
                           runtime::Outbox& outbox) override;
    /// Once a minute: accepted files that lost their event are judged again and sent on.
    bool wants_upkeep(std::int32_t partition, domain::Instant now) override;
    void upkeep(runtime::StageContext& context, runtime::Outbox& outbox) override;

private:
    struct Keys;
    class Batch;
    /// The sweep of one partition; touched by its thread only. Lost with the process, which costs a
    /// longer look.
    struct Sweep {
        std::optional<domain::Instant> last;  ///< when it was asked for
        domain::Instant settled_until{};      ///< nothing accepted before can be lost
    };

    domain::ValidationStore& store_;
    const domain::RegistrySource& registry_;
    std::unique_ptr<Keys> keys_;
    domain::Month first_month_;
    std::array<Sweep, domain::agency_partition_count> sweeps_;
};

}  // namespace chaiqin::validator
