#include "domain/registry_load.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace chaiqin::domain {

namespace {

struct Candidate {
    const AgencyUpload* upload = nullptr;
    AgencyVersion version;
};

std::string bad_dates(const AgencyVersion& version) {
    if (version.established_on && version.abolished_on && *version.abolished_on <= *version.established_on) return "裁撤日須晚於成立日";
    if (version.exempt_from && version.exempt_to && *version.exempt_to < *version.exempt_from) return "免報迄日早於起日";
    if (version.exempt_to && !version.exempt_from) return "有免報迄日而無起日";
    return {};
}

AgencyRegistry with(const AgencyRegistry& before, const std::vector<Candidate>& candidates) {
    auto versions = before.all();
    for (const auto& candidate : candidates) {
        auto& all = versions[candidate.upload->org_code];
        std::erase_if(all, [&](const AgencyVersion& v) { return v.effective_on == candidate.version.effective_on; });
        all.push_back(candidate.version);
    }
    return AgencyRegistry(std::move(versions));
}

enum class Fault { none, unknown_parent, cycle, too_deep };

Fault fault_of(const AgencyRegistry& after, const Candidate& candidate) {
    std::string_view code = candidate.upload->org_code;
    std::string_view parent = candidate.version.supervising_agency;
    for (int depth = 1; !parent.empty(); ++depth) {
        if (!after.knows(parent)) return Fault::unknown_parent;
        if (parent == code || depth > 3 * deepest_hierarchy) return Fault::cycle;
        const auto* version = after.as_of(parent, candidate.version.effective_on);
        parent = version->supervising_agency;
        if (parent.empty()) return depth >= deepest_hierarchy ? Fault::too_deep : Fault::none;
    }
    return Fault::none;
}

const char* reason_of(Fault fault) {
    switch (fault) {
        case Fault::unknown_parent: return "上級機關代碼不存在";
        case Fault::cycle: return "上級機關形成循環";
        case Fault::too_deep: return "機關層級超過 6 層";
        case Fault::none: break;
    }
    return "";
}

/// Rows whose dates are good, each with its effective_on.
std::vector<Candidate> candidates_of(const std::vector<AgencyUpload>& uploads, const AgencyRegistry& before, Day today, RegistryLoadPlan& plan) {
    std::vector<Candidate> candidates;
    std::set<std::pair<std::string, Day>> seen;
    for (const auto& upload : uploads) {
        Candidate candidate{&upload, upload.version};
        const bool known = before.knows(upload.org_code);
        candidate.version.effective_on = upload.effective_on ? *upload.effective_on
                                         : !known && upload.version.established_on ? *upload.version.established_on
                                                                                   : today;
        // Without a date the row describes the agency as it is: no new version if that is already so.
        if (!upload.effective_on && known) {
            const auto* now = before.as_of(upload.org_code, today);
            auto same = candidate.version;
            same.effective_on = now->effective_on;
            if (same == *now) candidate.version.effective_on = now->effective_on;
        }
        if (auto problem = bad_dates(candidate.version); !problem.empty()) plan.rejected.emplace_back(upload.line, problem);
        else if (!seen.emplace(upload.org_code, candidate.version.effective_on).second) plan.rejected.emplace_back(upload.line, "同一機關同一生效日重複");
        else candidates.push_back(std::move(candidate));
    }
    return candidates;
}

/// Takes out rows that would break the hierarchy until the rest holds: a row taken out may orphan others.
void keep_sound(std::vector<Candidate>& candidates, const AgencyRegistry& before, RegistryLoadPlan& plan) {
    for (;;) {
        const auto after = with(before, candidates);
        std::set<const AgencyUpload*> out;
        const Candidate* last_in_cycle = nullptr;
        for (const auto& candidate : candidates) {
            const auto fault = fault_of(after, candidate);
            if (fault == Fault::none) continue;
            if (fault == Fault::cycle) {
                last_in_cycle = &candidate;
                continue;
            }
            plan.rejected.emplace_back(candidate.upload->line, reason_of(fault));
            out.insert(candidate.upload);
        }
        if (out.empty() && last_in_cycle) {
            plan.rejected.emplace_back(last_in_cycle->upload->line, reason_of(Fault::cycle));
            out.insert(last_in_cycle->upload);
        }
        if (out.empty()) return;
        std::erase_if(candidates, [&](const Candidate& c) { return out.contains(c.upload); });
    }
}

}  // namespace

RegistryLoadPlan plan_registry_load(const std::vector<AgencyUpload>& uploads, const AgencyRegistry& before, Day today) {
    RegistryLoadPlan plan;
    plan.rows = uploads.size();
    auto candidates = candidates_of(uploads, before, today, plan);
    keep_sound(candidates, before, plan);
    std::set<std::string> added, changed;
    for (const auto& candidate : candidates) {
        const auto& code = candidate.upload->org_code;
        const auto found = before.all().find(code);
        if (found == before.all().end()) {
            added.insert(code);
        } else if (std::find(found->second.begin(), found->second.end(), candidate.version) != found->second.end()) {
            ++plan.unchanged;
            continue;
        } else {
            changed.insert(code);
        }
        plan.changes.emplace_back(code, candidate.version);
    }
    plan.added = added.size();
    plan.changed = changed.size();
    plan.needs_confirmation = plan.changed * 100 > before.all().size();
    std::sort(plan.rejected.begin(), plan.rejected.end());
    return plan;
}

}  // namespace chaiqin::domain
