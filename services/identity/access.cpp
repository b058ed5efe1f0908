#include "identity/access.hpp"

#include <algorithm>

namespace chaiqin::identity {

namespace {

bool sees_all(const Caller& caller) {
    return caller.has(Role::operator_) || caller.has(Role::auditor);
}

/// By the token, whichever agency is acted for.
bool holds(const Caller& caller, Role role) {
    return caller.has(role) || caller.own_roles.contains(role);
}
bool holds_any(const Caller& caller) { return !caller.roles.empty() || !caller.own_roles.empty(); }

/// The agencies that the token may act for.
Scope scope_of_workbench(const Caller& caller) {
    Scope scope;
    scope.agencies.push_back(caller.agency);
    if (holds(caller, Role::agency_clerk))
        scope.agencies.insert(scope.agencies.end(), caller.delegated_agencies.begin(),
                              caller.delegated_agencies.end());
    return scope;
}

}  // namespace

bool may(const Caller& caller, Right right) {
    const bool clerk = caller.has(Role::agency_clerk), supervisor = caller.has(Role::supervisor);
    const bool personnel = caller.has(Role::personnel_office),
               operates = caller.has(Role::operator_);
    switch (right) {
        case Right::submit:
        case Right::check:
        case Right::read_records:
        case Right::manage_webhooks:
            return clerk;
        case Right::read_webhooks:
            return clerk || sees_all(caller);
        case Right::read_submissions:
        case Right::read_statistics:
            return clerk || supervisor || sees_all(caller);
        case Right::read_unmatched:
            return clerk || supervisor || personnel || sees_all(caller);
        case Right::read_rates:
            return supervisor || sees_all(caller);
        case Right::send_reminders:
            return supervisor;
        case Right::read_agencies:
            return holds_any(caller);
        case Right::read_workbench:
            return holds(caller, Role::agency_clerk) || holds(caller, Role::supervisor) ||
                   holds(caller, Role::operator_) || holds(caller, Role::auditor);
        case Right::read_operations:
            return sees_all(caller);
        case Right::read_table19_loads:
            return personnel || sees_all(caller);
        case Right::load_table19:
            return personnel || operates;
        case Right::force_table19:
        case Right::load_registry:
        case Right::write_announcements:
            return operates;
    }
    return false;
}

std::optional<std::string> acting_agency(const Caller& caller, std::string_view wanted) {
    if (wanted.empty() || wanted == caller.agency) return caller.agency;
    const auto& delegated = caller.delegated_agencies;
    const auto found = std::find(delegated.begin(), delegated.end(), wanted);
    if (found == delegated.end()) return std::nullopt;
    return *found;
}

void keep_roles_for(Caller& caller, std::string_view acting) {
    if (acting == caller.agency) return;
    caller.own_roles = caller.roles;
    std::erase_if(caller.roles, [](Role role) { return role != Role::agency_clerk; });
}

Scope scope_of(const Caller& caller, std::string_view acting, Right right) {
    Scope scope;
    if (!may(caller, right)) return scope;
    if (right == Right::read_workbench) return scope_of_workbench(caller);
    if (right == Right::read_records || right == Right::manage_webhooks) {
        scope.agencies.emplace_back(acting);
        return scope;
    }
    if (sees_all(caller)) {
        scope.everything = true;
        return scope;
    }
    const bool with_subordinates = right == Right::read_statistics;
    const bool by_clerk = right == Right::read_submissions || right == Right::read_statistics ||
                          right == Right::read_unmatched || right == Right::read_webhooks;
    if (by_clerk && caller.has(Role::agency_clerk))
        (with_subordinates ? scope.roots : scope.agencies).emplace_back(acting);
    const bool by_supervisor =
        (by_clerk && right != Right::read_webhooks) || right == Right::read_rates;
    const bool by_personnel = right == Right::read_unmatched;
    const bool own_subtree = (by_supervisor && caller.has(Role::supervisor)) ||
                             (by_personnel && caller.has(Role::personnel_office));
    const bool already =
        std::find(scope.roots.begin(), scope.roots.end(), caller.agency) != scope.roots.end();
    if (own_subtree && !already) scope.roots.push_back(caller.agency);
    if (right == Right::read_table19_loads) scope.agencies.push_back(caller.agency);
    return scope;
}

bool covers(const Scope& scope, std::string_view agency, const domain::AgencyRegistry& registry,
            domain::Day day) {
    if (scope.everything) return true;
    const auto is_agency = [&](const std::string& one) { return one == agency; };
    if (std::any_of(scope.agencies.begin(), scope.agencies.end(), is_agency)) return true;
    return std::any_of(scope.roots.begin(), scope.roots.end(), [&](const std::string& root) {
        return root == agency || registry.within(agency, root, day);
    });
}

Scope scope_of_values(const Caller& caller, std::string_view acting) {
    Caller seeing = caller;
    seeing.roles.erase(Role::operator_);
    seeing.roles.erase(Role::auditor);
    return scope_of(seeing, acting, Right::read_submissions);
}

bool may_load_authority(const Caller& caller, std::string_view authority) {
    if (caller.has(Role::operator_)) return true;
    return caller.has(Role::personnel_office) && authority == caller.agency;
}

}  // namespace chaiqin::identity
