#pragma once
// The answers of the reading paths as JSON, with exactly the members of the HTTP API in its order;
// null where a value is not known. Pure.
#include <string>

#include "domain/reading.hpp"
#include "domain/rules.hpp"

namespace chaiqin::gateway {

std::string to_json(const domain::Submission& submission);
std::string to_json(const domain::SubmissionsAnswer& answer);
/// `with_status`: the history, each finding open or fixed.
std::string to_json(const domain::FindingsAnswer& answer, bool with_status);
std::string to_json(const domain::GroupsAnswer& answer);
std::string to_json(const domain::MonthlyAnswer& answer);
std::string to_json(const domain::ByTypeAnswer& answer);
std::string to_json(const domain::SummaryAnswer& answer);
std::string to_json(const domain::UnmatchedAnswer& answer);
std::string to_json(const domain::RatesAnswer& answer);
std::string to_json(const domain::RateAgenciesAnswer& answer);
std::string to_json(const domain::AgenciesAnswer& answer);
std::string to_json(const domain::NoticesAnswer& answer);
std::string to_json(const domain::Table19Load& load);
/// The enabled rules in force that day.
std::string to_json(const domain::RuleSet& rules, domain::Month first_month, domain::Day today);

}  // namespace chaiqin::gateway
