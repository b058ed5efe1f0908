#pragma once
// Pure: what a check has found of a received file, turned into what is stored (domain::FileVerdict)
// and what goes on to the matcher or, for a rejected file, to notification.
#include <optional>
#include <string>
#include <utility>

#include "checking/check.hpp"
#include "domain/events.hpp"
#include "domain/validated_file.hpp"
#include "domain/validation_store.hpp"
#include "validator/received_file.hpp"

namespace chaiqin::validator {

/// Puts a finding about the whole file (F11, F13) where it belongs in the order of the API;
/// nothing: no change.
void add_file_finding(checking::CheckResult& result, std::optional<domain::Finding> finding);

/// What the matcher needs; takes the columns out of `result`.
domain::ValidatedFile take_validated(const ReceivedFile& file, checking::CheckResult& result);

/// What is stored; takes findings and groups out of `result`. The sealed bytes are the message's.
domain::FileVerdict take_verdict(const ReceivedFile& file, checking::CheckResult& result,
                                 std::string masked_name, std::string ruleset, domain::Instant now);

domain::SubmissionUpdated rejection(const domain::FileVerdict& verdict);

}  // namespace chaiqin::validator
