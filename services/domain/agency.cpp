#include "domain/agency.hpp"

#include <algorithm>
#include <utility>

namespace chaiqin::domain {

namespace {

/// Deeper than any lawful hierarchy (6): a guard against cycles in old data.
constexpr int deepest = 16;

}  // namespace

AgencyRegistry::AgencyRegistry(Versions versions) : versions_(std::move(versions)) {
    for (auto& [code, all] : versions_)
        std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.effective_on < b.effective_on; });
    std::erase_if(versions_, [](const auto& entry) { return entry.second.empty(); });
}

bool AgencyRegistry::knows(std::string_view code) const { return versions_.contains(code); }

const AgencyVersion* AgencyRegistry::as_of(std::string_view code, Day day) const {
    const auto found = versions_.find(code);
    if (found == versions_.end()) return nullptr;
    const auto& all = found->second;
    const auto after = std::upper_bound(all.begin(), all.end(), day, [](Day d, const auto& version) { return d < version.effective_on; });
    return after == all.begin() ? &all.front() : &*std::prev(after);
}

bool AgencyRegistry::within(std::string_view code, std::string_view ancestor, Day day) const {
    for (int depth = 0; depth < deepest; ++depth) {
        if (code == ancestor) return knows(code);
        const auto* version = as_of(code, day);
        if (!version || version->supervising_agency.empty()) return false;
        code = version->supervising_agency;
    }
    return false;
}

std::vector<std::string> AgencyRegistry::subtree(std::string_view ancestor, Day day) const {
    std::vector<std::string> codes;
    if (!knows(ancestor)) return codes;
    std::map<std::string_view, std::vector<std::string_view>> children;
    for (const auto& [code, all] : versions_) children[as_of(code, day)->supervising_agency].push_back(code);
    std::vector<std::string_view> open{ancestor};
    std::map<std::string_view, bool> seen;
    while (!open.empty()) {
        const auto code = open.back();
        open.pop_back();
        if (!std::exchange(seen[code], true)) {
            codes.emplace_back(code);
            for (const auto child : children[code]) open.push_back(child);
        }
    }
    std::sort(codes.begin(), codes.end());
    return codes;
}

}  // namespace chaiqin::domain
