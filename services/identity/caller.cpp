#include "identity/caller.hpp"

#include <array>
#include <utility>

namespace chaiqin::identity {

namespace {

constexpr std::array<std::pair<Role, std::string_view>, 5> names{
    {{Role::agency_clerk, "agency_clerk"},
     {Role::supervisor, "supervisor"},
     {Role::personnel_office, "personnel_office"},
     {Role::operator_, "operator"},
     {Role::auditor, "auditor"}}};

}  // namespace

std::string_view role_name(Role role) {
    for (const auto& [one, name] : names)
        if (one == role) return name;
    return {};
}

std::optional<Role> parse_role(std::string_view name) {
    for (const auto& [role, one] : names)
        if (one == name) return role;
    return std::nullopt;
}

}  // namespace chaiqin::identity
