#include "domain/registry_load.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string_view>

namespace chaiqin::domain {

namespace {

/// An accepted row with the version it makes.
struct Candidate {
    const AgencyUpload* upload = nullptr;
    AgencyVersion version;
};

/// Which candidate stands for an agency and date: the last one of the file.
using Standing = std::map<std::pair<std::string_view, Day>, const Candidate*>;

bool holds(const AgencyRegistry::Versions& versions, const std::string& code,
           const AgencyVersion& version) {
    const auto found = versions.find(code);
    return found != versions.end() &&
           std::find(found->second.begin(), found->second.end(), version) != found->second.end();
}

void put(AgencyRegistry::Versions& versions, const std::string& code,
         const AgencyVersion& version) {
    auto& all = versions[code];
    std::erase_if(
        all, [&](const AgencyVersion& held) { return held.effective_on == version.effective_on; });
    const auto after = [](Day day, const AgencyVersion& held) { return day < held.effective_on; };
    all.insert(std::upper_bound(all.begin(), all.end(), version.effective_on, after), version);
}

/// The version that a row describes anew: the one in force on its date, or today without a date.
const AgencyVersion* described(const AgencyUpload& upload, const AgencyRegistry::Versions& stands,
                               Day today) {
    const auto found = stands.find(upload.org_code);
    if (found == stands.end()) return nullptr;
    const AgencyVersion* in_force = &found->second.front();
    for (const auto& version : found->second)
        if (version.effective_on <= upload.effective_on.value_or(today)) in_force = &version;
    return in_force;
}

void keep_absent(AgencyVersion& version, const AgencyVersion& stored,
                 const AgencyColumns& columns) {
    if (!columns.supervising_agency) version.supervising_agency = stored.supervising_agency;
    if (!columns.established_on) version.established_on = stored.established_on;
    if (!columns.abolished_on) version.abolished_on = stored.abolished_on;
    if (!columns.successor) version.successor = stored.successor;
    if (!columns.exempt_from) version.exempt_from = stored.exempt_from;
    if (!columns.exempt_to) version.exempt_to = stored.exempt_to;
    if (!columns.contact_email) version.contact_email = stored.contact_email;
}

/// From when a version holds. Without a date it describes the agency as it is: no new version if
/// that is so already.
Day effective_on(const AgencyUpload& upload, const AgencyVersion& version, const AgencyVersion* now,
                 Day today) {
    if (upload.effective_on) return *upload.effective_on;
    if (now == nullptr) return version.established_on.value_or(today);
    auto same = version;
    same.effective_on = now->effective_on;
    return same == *now ? now->effective_on : today;
}

/// Why the dates of a version cannot stand beside each other, "" if they can.
const char* fault_of_dates(const AgencyVersion& version) {
    if (version.established_on && version.abolished_on &&
        *version.abolished_on <= *version.established_on)
        return "裁撤日須晚於成立日";
    if (version.exempt_to && !version.exempt_from) return "免報送迄日須有起日";
    if (version.exempt_to && *version.exempt_to < *version.exempt_from) return "免報送迄日早於起日";
    return "";
}

std::vector<Candidate> candidates_of(const AgencyUploads& uploads, const AgencyRegistry& before,
                                     Day today, std::vector<RejectedUpload>& rejected) {
    auto stands = before.all();
    std::vector<Candidate> candidates;
    for (const auto& upload : uploads.accepted) {
        Candidate candidate{&upload, upload.version};
        const auto* stored = described(upload, stands, today);
        if (stored != nullptr) keep_absent(candidate.version, *stored, uploads.columns);
        if (const std::string fault = fault_of_dates(candidate.version); !fault.empty()) {
            rejected.push_back({upload.line, fault});
            continue;
        }
        candidate.version.effective_on = effective_on(upload, candidate.version, stored, today);
        put(stands, upload.org_code, candidate.version);
        candidates.push_back(std::move(candidate));
    }
    return candidates;
}

Standing standing_of(const std::vector<Candidate>& candidates) {
    Standing standing;
    for (const auto& candidate : candidates)
        standing[{candidate.upload->org_code, candidate.version.effective_on}] = &candidate;
    return standing;
}

/// Climbs from every version to the top, over every stretch of time in which the way is the same,
/// and blames the candidates that break the hierarchy somewhere.
class HierarchyCheck {
public:
    HierarchyCheck(const AgencyRegistry::Versions& after, const Standing& standing)
        : after_(after), standing_(standing) {}

    std::map<const Candidate*, const char*> faults() {
        for (const auto& [code, all] : after_)
            climb(code, all, std::numeric_limits<Day>::min(), std::numeric_limits<Day>::max());
        return std::move(faults_);
    }

private:
    struct Step {
        std::string_view code;
        const AgencyVersion* version;
    };

    /// `all` are the versions of `code`; those that hold in [from, to) are climbed from.
    void climb(std::string_view code, const std::vector<AgencyVersion>& all, Day from, Day to) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Day begin =
                i == 0 ? from
                       : std::max(from, all[i].effective_on);  // the first one holds backwards
            const Day end = i + 1 == all.size() ? to : std::min(to, all[i + 1].effective_on);
            if (begin >= end) continue;
            way_.push_back({code, &all[i]});
            go_on(all[i].supervising_agency, begin, end);
            way_.pop_back();
        }
    }

    void go_on(const std::string& parent, Day from, Day to) {
        if (parent.empty()) return;
        const auto found = after_.find(parent);
        const auto met = std::find_if(way_.begin(), way_.end(),
                                      [&](const Step& step) { return step.code == parent; });
        if (found == after_.end()) {
            blame(way_.back(), "主管機關代碼不存在");
        } else if (met != way_.end()) {
            for (auto step = met; step != way_.end(); ++step) blame(*step, "主管機關形成循環");
        } else if (way_.size() == deepest_hierarchy) {
            const auto uploaded = std::find_if(
                way_.begin(), way_.end(), [&](const Step& step) { return candidate_of(step); });
            if (uploaded != way_.end()) blame(*uploaded, "機關層級超過 6 層");
        } else {
            climb(found->first, found->second, from, to);
        }
    }

    const Candidate* candidate_of(const Step& step) const {
        const auto found = standing_.find({step.code, step.version->effective_on});
        return found == standing_.end() ? nullptr : found->second;
    }
    void blame(const Step& step, const char* reason) {
        if (const auto* candidate = candidate_of(step)) faults_.emplace(candidate, reason);
    }

    const AgencyRegistry::Versions& after_;
    const Standing& standing_;
    std::vector<Step> way_;
    std::map<const Candidate*, const char*> faults_;
};

/// Takes out rows that would break the hierarchy until the rest holds: a row taken out may orphan
/// others.
void keep_sound(std::vector<Candidate>& candidates, const AgencyRegistry& before,
                RegistryLoadPlan& plan) {
    for (;;) {
        auto after = before.all();
        for (const auto& candidate : candidates)
            put(after, candidate.upload->org_code, candidate.version);
        const auto standing = standing_of(candidates);
        const auto faults = HierarchyCheck(after, standing).faults();
        if (faults.empty()) return;
        std::set<const AgencyUpload*> out;
        for (const auto& [candidate, reason] : faults) {
            plan.rejected.push_back({candidate->upload->line, reason});
            out.insert(candidate->upload);
        }
        std::erase_if(candidates,
                      [&](const Candidate& candidate) { return out.contains(candidate.upload); });
    }
}

}  // namespace

RegistryLoadPlan plan_registry_load(const AgencyUploads& uploads, const AgencyRegistry& before,
                                    Day today) {
    RegistryLoadPlan plan;
    plan.rows = uploads.rows;
    plan.rejected = uploads.rejected;
    auto candidates = candidates_of(uploads, before, today, plan.rejected);
    keep_sound(candidates, before, plan);
    std::sort(plan.rejected.begin(), plan.rejected.end());

    auto stands = before.all();
    for (const auto& [upload, version] : candidates) {
        if (holds(stands, upload->org_code, version))
            ++plan.unchanged;
        else if (before.knows(upload->org_code))
            ++plan.changed;
        else
            ++plan.added;
        put(stands, upload->org_code, version);
    }
    std::set<std::string_view> changed_agencies;
    for (const auto& [key, candidate] : standing_of(candidates)) {
        const auto& code = candidate->upload->org_code;
        if (holds(before.all(), code, candidate->version)) continue;
        if (before.knows(code)) changed_agencies.insert(code);
        plan.changes.emplace_back(code, candidate->version);
    }
    plan.needs_confirmation = changed_agencies.size() * 100 > before.all().size();
    return plan;
}

AgencyRegistry with_changes(const AgencyRegistry& before, const RegistryLoadPlan& plan) {
    auto versions = before.all();
    for (const auto& [code, version] : plan.changes) put(versions, code, version);
    return AgencyRegistry(std::move(versions));
}

}  // namespace chaiqin::domain
