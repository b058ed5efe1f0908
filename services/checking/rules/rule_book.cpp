#include "checking/rules/rule_book.hpp"

#include <algorithm>

namespace chaiqin::checking {

namespace {

/// `words` is a list with blanks between them.
bool lists(std::string_view words, std::string_view word) {
    for (auto at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
        const auto end = at + word.size();
        if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' '))
            return true;
    }
    return false;
}

const domain::Rule& rule_switched_off(const domain::RuleSet& rules, Code code) {
    static const domain::Rule nameless = [] {
        domain::Rule rule;
        rule.scope = "file";
        rule.code = "F06";
        rule.message_zh = "檔案或資料無法讀取";
        rule.message_en = "the file or record cannot be read";
        return rule;
    }();
    for (const auto& rule : rules.rules()) {
        if (rule.code == code.name()) return rule;
    }
    return nameless;
}

}  // namespace

RuleBook::RuleBook(const domain::RuleSet& rules, domain::Day day, Known known,
                   std::span<const Code> always_running) {
    std::vector<Code> skipped;
    for (const auto& rule : rules.rules()) {
        const auto code = Code::from(rule.code);
        if (!code || rules.in_force(rule.code, day) != &rule) continue;
        if ((!known.registry && lists(rule.needs, "registry")) ||
            (!known.caller && lists(rule.needs, "caller"))) {
            skipped.push_back(*code);
        } else {
            rules_[code->index()] = &rule;
        }
    }
    for (const auto code : always_running) {
        if (!runs(code)) rules_[code.index()] = &rule_switched_off(rules, code);
    }
    std::sort(skipped.begin(), skipped.end());
    for (const auto code : skipped) skipped_.emplace_back(code.name());
}

}  // namespace chaiqin::checking
