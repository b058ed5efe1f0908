#pragma once
// Who is calling: the claims of a verified access token (docs/http-api.md, "Who is calling"). A
// value.
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace chaiqin::identity {

enum class Role { agency_clerk, supervisor, personnel_office, operator_, auditor };
/// As the token's claim spells it: "agency_clerk".
std::string_view role_name(Role role);
std::optional<Role> parse_role(std::string_view name);

struct Caller {
    std::string sub, name;
    std::string agency;                           ///< own agency (code)
    std::vector<std::string> delegated_agencies;  ///< 兼辦: may be acted for
    std::set<Role> roles;                         ///< held at the own agency; unknown ones dropped
    std::string client_kind;                      ///< webitr, webhr, self, portal
    /// The roles of the token once keep_roles_for() has left the clerk's alone in `roles`.
    std::set<Role> own_roles = {};
    bool has(Role role) const { return roles.contains(role); }
};

}  // namespace chaiqin::identity
