#pragma once
// Findings as operators and auditors see them, who see nothing of a file's content: no values, and
// messages without what they quote. Used by the readers of findings. Pure.
#include <string>

#include "chaiqin/query/v1/query.pb.h"
#include "domain/rules.hpp"

namespace chaiqin::query::readers {

namespace pb = query::v1;

/// The message of the code's rule without what it would quote from the file; only the code if the
/// rule is gone. `unknown_key`: the finding is about a key that the format does not know.
std::string message_without_values(const std::string& code, const std::string& message,
                                   bool unknown_key, const domain::RuleSet& rules);
/// The text of the code's rule without what it would quote; only the code if the rule is gone.
std::string rule_text(const std::string& code, const domain::RuleSet& rules);
void hide_values(pb::Finding& finding, const domain::RuleSet& rules);

}  // namespace chaiqin::query::readers
