// `chaiqin explain`: what a rule means and who can mend it, offline.
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "domain/failure.hpp"
#include "runtime/clock.hpp"
#include "wire/reference_data.hpp"
#include "wire/rule_explanations.hpp"

namespace chaiqin::cli {

namespace {

std::string_view who(std::string_view who_mends) {
    if (who_mends == "sender") return "報送機關 (the sender)";
    if (who_mends == "vendor") return "系統廠商 (the system's vendor)";
    if (who_mends == "personnel_office") return "人事單位 (the personnel office)";
    return "平臺 (the platform)";
}

void print(const domain::Rule& rule, const wire::RuleExplanation& explanation) {
    const bool warns = rule.severity == domain::Severity::warning;
    std::cout << rule.code << "  " << (warns ? "警告" : "錯誤");
    if (!rule.field.empty()) std::cout << "  " << rule.field;
    std::cout << "\n  " << rule.message_zh << "\n  " << rule.message_en << "\n\n"
              << explanation.zh << '\n'
              << explanation.en << "\n\n由誰處理：" << who(explanation.who_mends) << '\n';
    if (explanation.wrong == "null") return;
    std::cout << "錯誤範例 (" << explanation.subject << ")：" << explanation.wrong << "\n正確範例 ("
              << explanation.subject << ")：" << explanation.right << '\n';
}

void explain(const Root& root, const std::string& code, bool json) {
    const auto schemas = find_schemas(root.surroundings);
    const auto rules =
        wire::make_rule_set(wire::parse_rules(read_text_file(schemas / "rules/rules.csv")));
    const auto explanations =
        wire::parse_rule_explanations(read_text_file(schemas / "rules/explanations.json"));
    const auto now = runtime::make_clock(root.surroundings.clock_file)->now();
    const auto* rule = rules.in_force(code, domain::taipei_day(now));
    const auto explanation = explanations.find(code);
    if (!rule || explanation == explanations.end())
        throw domain::ConfigError({"explain: no rule in force has the code " + code});
    if (json)
        std::cout << wire::explained_rule_json(*rule, explanation->second) << '\n';
    else
        print(*rule, explanation->second);
}

}  // namespace

void add_explain_command(Root root) {
    auto* command = root.app.add_subcommand(
        "explain", "what a rule means, who can mend it, a wrong and a right example");
    command->footer("Example: chaiqin explain L18");
    auto code = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    command->add_option("CODE", *code, "a rule's code")->required();
    command->add_flag("--json", *json, "print the answer of GET /api/v1/rules/CODE");
    command->callback([root, code, json] { explain(root, *code, *json); });
}

}  // namespace chaiqin::cli
