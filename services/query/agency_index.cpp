#include "query/agency_index.hpp"

#include <algorithm>
#include <functional>

namespace chaiqin::query {

namespace {

const domain::AgencyVersion& version_on(const std::vector<domain::AgencyVersion>& all,
                                        domain::Day day) {
    const auto after = std::upper_bound(
        all.begin(), all.end(), day,
        [](domain::Day d, const auto& version) { return d < version.effective_on; });
    return after == all.begin() ? all.front() : *std::prev(after);
}

}  // namespace

AgencyMask in_both(AgencyMask mask, const AgencyMask& other) {
    std::transform(mask.begin(), mask.end(), other.begin(), mask.begin(), std::bit_and<>());
    return mask;
}

AgencyIndex::AgencyIndex(domain::RegistryPtr registry) : registry_(std::move(registry)) {
    for (const auto& [code, all] : registry_->agencies.all()) {
        codes_.push_back(code);
        versions_.push_back(&all);
        for (std::size_t i = 1; i < all.size(); ++i) changes_.push_back(all[i].effective_on);
    }
    std::sort(changes_.begin(), changes_.end());
    changes_.erase(std::unique(changes_.begin(), changes_.end()), changes_.end());
}

std::optional<std::size_t> AgencyIndex::find(std::string_view code) const {
    const auto found = std::lower_bound(codes_.begin(), codes_.end(), code);
    if (found == codes_.end() || *found != code) return std::nullopt;
    return static_cast<std::size_t>(found - codes_.begin());
}

std::size_t AgencyIndex::segment(domain::Day day) const {
    return static_cast<std::size_t>(std::upper_bound(changes_.begin(), changes_.end(), day) -
                                    changes_.begin());
}

std::shared_ptr<const AgencyIndex::Parents> AgencyIndex::parents(domain::Day day) const {
    std::lock_guard lock(mutex_);
    auto& made = parents_[segment(day)];
    if (made) return made;
    auto all = std::make_shared<Parents>(codes_.size(), -1);
    for (std::size_t i = 0; i < codes_.size(); ++i)
        if (const auto parent = find(version_on(*versions_[i], day).supervising_agency))
            (*all)[i] = static_cast<int>(*parent);
    return made = std::move(all);
}

AgencyMask AgencyIndex::below(const AgencyMask& roots, domain::Day day) const {
    enum : char { no = 0, yes = 1, unknown = 2, on_path = 3 };
    const auto above = parents(day);
    AgencyMask mask(codes_.size(), unknown);
    std::vector<std::size_t> path;
    for (std::size_t start = 0; start < codes_.size(); ++start) {
        char verdict = no;
        path.clear();
        for (int at = static_cast<int>(start); at >= 0;
             at = (*above)[static_cast<std::size_t>(at)]) {
            const auto i = static_cast<std::size_t>(at);
            if (mask[i] == on_path) break;  // a cycle in old data ends here
            if (mask[i] != unknown) {
                verdict = mask[i];
                break;
            }
            path.push_back(i);
            mask[i] = on_path;
            if (roots[i]) {
                verdict = yes;
                break;
            }
        }
        for (const auto i : path) mask[i] = verdict;
    }
    return mask;
}

std::vector<int> AgencyIndex::units(std::optional<std::size_t> authority, domain::Day day) const {
    const auto above = parents(day);
    const int root = authority ? static_cast<int>(*authority) : -1;
    std::vector<int> found(codes_.size(), -1);
    for (std::size_t start = 0; start < codes_.size(); ++start) {
        int unit = static_cast<int>(start);
        // A cycle in old data leads nowhere.
        for (std::size_t steps = 0; steps <= codes_.size() && unit != root; ++steps) {
            const int next = (*above)[static_cast<std::size_t>(unit)];
            if (next == root) break;
            unit = steps < codes_.size() ? next : -1;
            if (unit < 0) break;
        }
        found[start] = unit;
    }
    return found;
}

AgencyMask AgencyIndex::with_subordinates(domain::Day day) const {
    AgencyMask mask(codes_.size(), 0);
    for (const int parent : *parents(day))
        if (parent >= 0) mask[static_cast<std::size_t>(parent)] = 1;
    return mask;
}

AgencyMask AgencyIndex::in_scope(const identity::Scope& scope, domain::Day day) const {
    if (scope.everything) return AgencyMask(codes_.size(), 1);
    AgencyMask roots(codes_.size(), 0);
    for (const auto& root : scope.roots)
        if (const auto i = find(root)) roots[*i] = 1;
    auto mask = below(roots, day);
    for (const auto& agency : scope.agencies)
        if (const auto i = find(agency)) mask[*i] = 1;
    return mask;
}

AgencyMask AgencyIndex::named(std::string_view q, std::span<const domain::Day> days) const {
    AgencyMask mask(codes_.size(), 0);
    for (std::size_t i = 0; i < codes_.size(); ++i) {
        const auto holds_q = [&](domain::Day day) {
            return version_on(*versions_[i], day).name.find(q) != std::string::npos;
        };
        mask[i] = codes_[i] == q || std::any_of(days.begin(), days.end(), holds_q);
    }
    return mask;
}

AgencyOnDay AgencyIndex::on_day(std::size_t i, domain::Day day) const {
    const auto& version = version_on(*versions_[i], day);
    // These hold for every day once they are known (domain/agency_facts).
    const auto& newest = versions_[i]->back();
    return {codes_[i],           version.name,    version.supervising_agency, newest.established_on,
            newest.abolished_on, newest.successor};
}

std::string AgencyIndex::name_on(std::string_view code, domain::Day day) const {
    const auto at = find(code);
    return at ? version_on(*versions_[*at], day).name : "";
}

}  // namespace chaiqin::query
