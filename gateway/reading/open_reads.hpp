#pragma once
// What may be read without a token: the rules in force and what they mean, the format document, its
// JSON Schema, a sample file.
#include <functional>
#include <string>
#include <vector>

#include "domain/registry.hpp"
#include "gateway/http/route.hpp"
#include "wire/rule_explanations.hpp"

namespace chaiqin::gateway {

/// Who operates the platform and how to reach them, as the portal's footer says it.
struct Contact {
    std::string zh, en;
};

struct OpenReads {
    /// of the configuration
    Contact contact;
    domain::Month first_month = 0;
    /// the (settable) clock
    std::function<domain::Instant()> now;
    /// docs/data-format.md, then docs/rules.md
    std::string format_document;
    /// bytes of schemas/submission/v1/sample.json
    std::string sample;
    /// bytes of schemas/submission/v1/submission.schema.json
    std::string schema;
    /// schemas/rules/explanations.json
    wire::RuleExplanations explanations;
};
/// Reads them from `docs_dir` and `schemas_dir`; ConfigError if one is missing or wrong.
OpenReads read_open_documents(const std::string& docs_dir, const std::string& schemas_dir);

/// The enabled rules in force that day.
std::vector<const domain::Rule*> rules_in_force(const domain::RuleSet& rules, domain::Day today);

/// `registry` must outlive the routes.
std::vector<Route> open_routes(const domain::RegistrySource& registry, OpenReads open);

}  // namespace chaiqin::gateway
