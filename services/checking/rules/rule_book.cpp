#include "checking/rules/rule_book.hpp"

namespace chaiqin::checking {

namespace {

/// `words` is a list with blanks between.
bool lists(std::string_view words, std::string_view word) {
    for (auto at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
        const auto end = at + word.size();
        if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' '))
            return true;
    }
    return false;
}

/// A file that cannot be read, or holds more than is read, is refused whatever the rule table says.
constexpr Code reading_codes[] = {Code::F05, Code::F06, Code::F07, Code::F08, Code::F09, Code::F10};
/// These, and those that a stored record needs, run and have a text even when their row is switched
/// off.
const domain::Rule* indispensable(const domain::RuleSet& rules, Code code) {
    static const domain::Rule nameless = [] {
        domain::Rule rule;
        rule.scope = "file";
        rule.code = "F06";
        rule.message_zh = "檔案或資料無法讀取";
        rule.message_en = "the file or record cannot be read";
        return rule;
    }();
    for (const auto& rule : rules.rules()) {
        if (rule.code == name_of(code)) return &rule;
    }
    return &nameless;
}

}  // namespace

RuleBook::RuleBook(const domain::RuleSet& rules, domain::Day day, bool registry_known,
                   bool caller_known) {
    for (std::size_t i = 0; i < code_count; ++i) {
        const auto* rule = rules.in_force(code_names[i], day);
        if (rule == nullptr) continue;
        if ((!registry_known && lists(rule->needs, "registry")) ||
            (!caller_known && lists(rule->needs, "caller"))) {
            skipped_.push_back(rule->code);
        } else {
            rules_[i] = rule;
        }
    }
    const auto keep_running = [&](Code code) {
        if (!runs(code)) rules_[index_of(code)] = indispensable(rules, code);
    };
    for (const auto code : reading_codes) keep_running(code);
    for (const auto code : codes_of_storing) keep_running(code);
}

}  // namespace chaiqin::checking
