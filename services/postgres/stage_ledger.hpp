#pragma once
// runtime::StageLedger in a stage's schema: progress, applied, outbox, outbox_dead, quarantine.
#include <memory>
#include <string>

#include "postgres/session.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::postgres {

struct StageLedgerSettings {
    SessionSettings
        session;  ///< application_name = the stage; take-over ends backends of that name and role
    std::string schema, stage;
    // Only tests switch these off: negative controls that show what each mechanism is for.
    bool compare_and_set = true;
    bool applied_ids = true;
    bool store_generation = true;
};

std::unique_ptr<runtime::StageLedger> make_stage_ledger(StageLedgerSettings settings);

}  // namespace chaiqin::postgres
