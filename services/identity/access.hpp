#pragma once
// Who may do and see what (docs/http-api.md, "Who is calling"): pure rules over a verified caller,
// the agency acted for and the dated registry. The gateway asks before a body is read or a question
// is passed on, the query service decides again. Thread-safe: nothing is kept.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/agency.hpp"
#include "identity/caller.hpp"

namespace chaiqin::identity {

enum class Right {
    submit,            ///< send files for the agency acted for
    check,             ///< try files without sending
    read_submissions,  ///< submissions, findings, groups, notices
    read_statistics,   ///< monthly, by type, summary
    read_unmatched,
    read_rates,     ///< reporting rates and the agencies behind them
    read_agencies,  ///< the list of all agencies
    read_table19_loads,
    read_workbench,   ///< of every agency that the token may act for, whichever is acted for
    read_operations,  ///< audit, quarantine
    read_records,     ///< what stands in files of the agency acted for; comparing with them
    send_reminders,   ///< to agencies below the own one
    manage_webhooks,  ///< of the agency acted for
    read_webhooks,    ///< the list: the agency's own, or those of all that fail
    load_table19,     ///< for the own agency as authority; operators for any
    force_table19,
    load_registry,
    write_announcements,
};

/// Whether one of the caller's roles gives the right at all; no: 403.
bool may(const Caller& caller, Right right);

/// The agency acted for: the own one if `wanted` is "", else `wanted` if it is the own or a
/// delegated one (兼辦機關); nothing: 403, before the body is read.
std::optional<std::string> acting_agency(const Caller& caller, std::string_view wanted);

/// Delegation reaches the clerk's work alone: who acts for another agency than the own one keeps no
/// other role there. `acting` must come from acting_agency().
void keep_roles_for(Caller& caller, std::string_view acting);

/// Whose data a right reaches: some agencies, some with all below them, or all.
struct Scope {
    bool everything = false;
    std::vector<std::string> agencies;  ///< just these
    std::vector<std::string> roots;     ///< these and all direct and indirect subordinates
    bool operator==(const Scope&) const = default;
};
/// `acting` must come from acting_agency(). Empty when the caller has no such right.
Scope scope_of(const Caller& caller, std::string_view acting, Right right);
/// By the hierarchy of the day (today's for objects; outside: 404, as if it did not exist).
bool covers(const Scope& scope, std::string_view agency, const domain::AgencyRegistry& registry,
            domain::Day day);

/// Part of read_submissions in which values of findings may be seen: operators and auditors see
/// none by those roles.
Scope scope_of_values(const Caller& caller, std::string_view acting);

/// Whether the caller may load Table 19 of this authority; no: 404.
bool may_load_authority(const Caller& caller, std::string_view authority);

}  // namespace chaiqin::identity
