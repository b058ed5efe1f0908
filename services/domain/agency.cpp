#include "domain/agency.hpp"

#include <algorithm>
#include <utility>

namespace chaiqin::domain {

namespace {

/// Deeper than any lawful hierarchy (6): a guard against cycles in old data.
constexpr int deepest = 16;

/// The version in force that day; the first one holds backwards.
std::size_t in_force(const std::vector<AgencyVersion>& all, Day day) {
    const auto before = [](Day d, const AgencyVersion& version) {
        return d < version.effective_on;
    };
    const auto after = std::upper_bound(all.begin(), all.end(), day, before);
    return after == all.begin() ? 0 : static_cast<std::size_t>(after - all.begin()) - 1;
}

}  // namespace

AgencyRegistry::AgencyRegistry(Versions versions) : versions_(std::move(versions)) {
    std::erase_if(versions_, [](const auto& entry) { return entry.second.empty(); });
    place_of_.reserve(versions_.size());
    for (auto& [code, all] : versions_) {
        std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
            return a.effective_on < b.effective_on;
        });
        place_of_.emplace(code, static_cast<Place>(agencies_.size()));
        agencies_.push_back({&code, &all, {}, {}});
    }
    for (std::size_t i = 0; i < agencies_.size(); ++i) {
        for (const auto& version : *agencies_[i].versions) {
            const auto parent = find(version.supervising_agency);
            agencies_[i].parents.push_back(parent);
            if (parent == nowhere) continue;
            auto& children = agencies_[static_cast<std::size_t>(parent)].children;
            const auto self = static_cast<Place>(i);
            if (children.empty() || children.back() != self) children.push_back(self);
        }
    }
}

AgencyRegistry::Place AgencyRegistry::find(std::string_view code) const {
    const auto found = place_of_.find(code);
    return found == place_of_.end() ? nowhere : found->second;
}

AgencyRegistry::Place AgencyRegistry::parent_of(Place place, Day day) const {
    const auto& agency = agencies_[static_cast<std::size_t>(place)];
    return agency.parents[in_force(*agency.versions, day)];
}

const AgencyVersion* AgencyRegistry::as_of(std::string_view code, Day day) const {
    const auto place = find(code);
    if (place == nowhere) return nullptr;
    const auto& all = *agencies_[static_cast<std::size_t>(place)].versions;
    return &all[in_force(all, day)];
}

bool AgencyRegistry::within(std::string_view code, std::string_view ancestor, Day day) const {
    const auto top = find(ancestor);
    if (top == nowhere) return false;
    auto place = find(code);
    for (int depth = 0; place != nowhere && depth < deepest; ++depth) {
        if (place == top) return true;
        place = parent_of(place, day);
    }
    return false;
}

std::vector<std::string> AgencyRegistry::subtree(std::string_view ancestor, Day day) const {
    std::vector<std::string> codes;
    const auto top = find(ancestor);
    if (top == nowhere) return codes;
    std::vector<Place> open{top};
    while (!open.empty()) {
        const auto place = open.back();
        open.pop_back();
        const auto& agency = agencies_[static_cast<std::size_t>(place)];
        codes.push_back(*agency.code);
        // An agency has one parent a day, so each is met once; only a cycle through `top` comes
        // back to it.
        for (const auto child : agency.children)
            if (child != top && parent_of(child, day) == place) open.push_back(child);
    }
    std::sort(codes.begin(), codes.end());
    return codes;
}

}  // namespace chaiqin::domain
