#include "gateway/reading/open_reads.hpp"

#include <fstream>
#include <memory>
#include <sstream>

#include "domain/failure.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::gateway {

namespace {

std::string file_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw domain::ConfigError({"cannot read " + path});
    return text.str();
}

Response with_body(std::string body) {
    Response response;
    response.body = std::move(body);
    return response;
}

bool is_shown(const domain::Rule& rule, domain::Day today) {
    const bool begun = !rule.valid_from || *rule.valid_from <= today,
               ended = rule.valid_to && *rule.valid_to < today;
    return rule.enabled && begun && !ended;
}

std::optional<std::string> day_text(std::optional<domain::Day> day) {
    return day ? std::optional(domain::iso_day(*day)) : std::nullopt;
}

std::string rules_json(const domain::RuleSet& rules, domain::Month first_month, domain::Day today) {
    wire::JsonWriter json;
    json.begin_object()
        .member("first_month", domain::iso_month(first_month))
        .member("ruleset", rules.version())
        .key("rules")
        .begin_array();
    for (const auto* rule : rules_in_force(rules, today))
        json.begin_object()
            .member("code", rule->code)
            .member("scope", rule->scope)
            .member("severity", domain::severity_name(rule->severity))
            .member("field", rule->field)
            .member("message_zh", rule->message_zh)
            .member("message_en", rule->message_en)
            .member("valid_from", day_text(rule->valid_from))
            .member("valid_to", day_text(rule->valid_to))
            .end_object();
    return json.end_array().end_object().take();
}

}  // namespace

OpenReads read_open_documents(const std::string& docs_dir, const std::string& schemas_dir) {
    OpenReads open;
    open.format_document =
        file_text(docs_dir + "/data-format.md") + "\n" + file_text(docs_dir + "/rules.md");
    open.sample = file_text(schemas_dir + "/submission/v1/sample.json");
    return open;
}

std::vector<const domain::Rule*> rules_in_force(const domain::RuleSet& rules, domain::Day today) {
    std::vector<const domain::Rule*> shown;
    for (const auto& rule : rules.rules())
        if (is_shown(rule, today)) shown.push_back(&rule);
    return shown;
}

std::vector<Route> open_routes(const domain::RegistrySource& registry, OpenReads given) {
    const auto open = std::make_shared<const OpenReads>(std::move(given));
    const auto rules = [&registry, open](const Request&) {
        return with_body(rules_json(registry.current()->rules, open->first_month,
                                    domain::taipei_day(open->now())));
    };
    const auto format = [open](const Request&) {
        auto response = with_body(open->format_document);
        response.content_type = "text/markdown; charset=utf-8";
        return response;
    };
    const auto sample = [open](const Request&) { return with_body(open->sample); };
    return {{"GET", "/api/v1/rules", {}, rules},
            {"GET", "/api/v1/format", {}, format},
            {"GET", "/api/v1/format/sample", {}, sample}};
}

}  // namespace chaiqin::gateway
