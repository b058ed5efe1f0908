#include "gateway/reading/open_reads.hpp"

#include <fstream>
#include <memory>
#include <sstream>

#include "domain/failure.hpp"
#include "gateway/http/disposition.hpp"
#include "gateway/http/problems.hpp"
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

std::string rules_json(const domain::RuleSet& rules, domain::Month first_month, domain::Day today) {
    wire::JsonWriter json;
    json.begin_object()
        .member("first_month", domain::iso_month(first_month))
        .member("ruleset", rules.version())
        .key("rules")
        .begin_array();
    for (const auto* rule : rules_in_force(rules, today)) {
        json.begin_object();
        wire::write_rule_members(json, *rule);
        json.end_object();
    }
    return json.end_array().end_object().take();
}

/// null where the configuration names nobody.
std::string platform_json(const Contact& contact) {
    const auto named = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional(text);
    };
    wire::JsonWriter json;
    json.begin_object()
        .member("contact", named(contact.zh))
        .member("contact_en", named(contact.en.empty() ? contact.zh : contact.en))
        .end_object();
    return json.take();
}

Response explained_rule(const OpenReads& open, const domain::RuleSet& rules,
                        const std::string& code) {
    const auto* rule = rules.in_force(code, domain::taipei_day(open.now()));
    const auto explanation = open.explanations.find(code);
    if (!rule || explanation == open.explanations.end())
        return answer_with(Problem::nothing_found,
                           {{"查無現行之檢核規則", "No rule in force has this code"}});
    return with_body(wire::explained_rule_json(*rule, explanation->second));
}

/// The format document, to be shown or, with `download=true`, to be saved.
Response format_answer(const OpenReads& open, const Request& request) {
    const auto download = request.parameter("download").value_or("");
    if (!download.empty() && download != "true" && download != "false")
        return answer_with(Problem::bad_parameter, {{"download 僅可為 true 或 false",
                                                     "download may only be true or false"}});
    auto response = with_body(open.format_document);
    response.content_type = "text/markdown; charset=utf-8";
    if (download == "true")
        response.headers.emplace_back("Content-Disposition",
                                      attachment_disposition("差勤資料介接格式.md"));
    return response;
}

}  // namespace

OpenReads read_open_documents(const std::string& docs_dir, const std::string& schemas_dir) {
    OpenReads open;
    open.format_document =
        file_text(docs_dir + "/data-format.md") + "\n" + file_text(docs_dir + "/rules.md");
    open.sample = file_text(schemas_dir + "/submission/v1/sample.json");
    open.schema = file_text(schemas_dir + "/submission/v1/submission.schema.json");
    open.explanations =
        wire::parse_rule_explanations(file_text(schemas_dir + "/rules/explanations.json"));
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
    const auto rule = [&registry, open](const Request& request) {
        return explained_rule(*open, registry.current()->rules, request.captures.at(0));
    };
    const auto format = [open](const Request& request) { return format_answer(*open, request); };
    const auto sample = [open](const Request&) { return with_body(open->sample); };
    const auto schema = [open](const Request&) { return with_body(open->schema); };
    const auto platform = [open](const Request&) {
        return with_body(platform_json(open->contact));
    };
    return {
        {"GET", "/api/v1/platform", {}, platform},    {"GET", "/api/v1/rules", {}, rules},
        {"GET", "/api/v1/rules/{code}", {}, rule},    {"GET", "/api/v1/format", {}, format},
        {"GET", "/api/v1/format/sample", {}, sample}, {"GET", "/api/v1/format/schema", {}, schema}};
}

}  // namespace chaiqin::gateway
