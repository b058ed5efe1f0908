#pragma once
// The portal's words for the codes of the API, as exported files show them. A code without a word
// stands for itself. Pure.
#include <string>
#include <string_view>

namespace chaiqin::gateway {

enum class Words {
    none,
    states,
    routes,
    reasons,
    menders,
    filing,
    /// leave, overtime, and what else a finding can be about
    kinds,
    severities,
    finding_status,
    scopes,
    notices,
    events,
    deliveries,
    load_modes,
    load_states,
};

std::string word_of(Words words, std::string_view code);

}  // namespace chaiqin::gateway
