#pragma once
// What may be read without a token: the rules in force, the format document, a sample file.
#include <functional>
#include <string>
#include <vector>

#include "domain/registry.hpp"
#include "gateway/http/route.hpp"

namespace chaiqin::gateway {

struct OpenReads {
    /// of the configuration
    domain::Month first_month = 0;
    /// the (settable) clock
    std::function<domain::Instant()> now;
    /// docs/data-format.md, then docs/rules.md
    std::string format_document;
    /// bytes of schemas/submission/v1/sample.json
    std::string sample;
};
/// Reads `docs_dir`/data-format.md and rules.md and `schemas_dir`/submission/v1/sample.json;
/// ConfigError if one is missing.
OpenReads read_open_documents(const std::string& docs_dir, const std::string& schemas_dir);

/// The enabled rules in force that day.
std::vector<const domain::Rule*> rules_in_force(const domain::RuleSet& rules, domain::Day today);

/// `registry` must outlive the routes.
std::vector<Route> open_routes(const domain::RegistrySource& registry, OpenReads open);

}  // namespace chaiqin::gateway
