#pragma once
// What is known of an agency whatever the day: establishment, abolition and exemption are facts
// with their own dates, which hold from the moment they are known (docs/http-api.md, "Loading
// agencies"). Name, supervising agency and address follow the version in force
// (AgencyRegistry::as_of). Pure. statistics.filing() judges by the same rule.
#include <string_view>

#include "domain/agency.hpp"

namespace chaiqin::domain {

/// The version with the latest date, also if that is to come: its days of establishment and
/// abolition count. nullptr: unknown agency.
inline const AgencyVersion* newest_version(const AgencyRegistry& agencies, std::string_view code) {
    const auto found = agencies.all().find(code);
    return found == agencies.all().end() ? nullptr : &found->second.back();
}

}  // namespace chaiqin::domain
