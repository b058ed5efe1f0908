#include "checking/finding_list.hpp"

#include <algorithm>
#include <utility>

namespace chaiqin::checking {

namespace {

constexpr std::size_t indexes_a_group = 5;

bool before(const Draft& a, const Draft& b) {
    if (a.points_at_object != b.points_at_object) return a.points_at_object;
    if (a.field == b.field) return a.code < b.code;
    if (a.field.find_first_of("~/") == std::string_view::npos && b.field.find_first_of("~/") == std::string_view::npos) {
        return a.field < b.field;
    }
    return pointer_token(a.field) < pointer_token(b.field);
}

std::string message_of(std::string_view message, const Draft& draft) {
    std::vector<domain::Placeholder> placeholders;
    placeholders.push_back({"x", std::string(draft.field_name)});
    if (!draft.n.empty()) placeholders.push_back({"n", draft.n});
    if (!draft.m.empty()) placeholders.push_back({"m", draft.m});
    if (!draft.d.empty()) placeholders.push_back({"d", draft.d});
    // O05 has a message a key: 起日 stands for 加班起日.
    std::string_view short_name = draft.field_name;
    if (short_name.starts_with("加班")) short_name.remove_prefix(std::string_view("加班").size());
    placeholders.push_back({"起日/起時/迄日/迄時", std::string(short_name)});
    return domain::filled(message, placeholders);
}

}  // namespace

std::optional<std::string> shown_value(const Slot& slot, Shown shown) {
    if (slot.type == ValueType::missing) return std::nullopt;
    const bool is_string = slot.type == ValueType::string;
    const bool is_nested = slot.type == ValueType::object || slot.type == ValueType::array;
    const auto text = is_string ? slot.text : slot.raw;
    switch (shown) {
        case Shown::as_text: break;
        case Shown::masked_id: return is_string ? shown_text(masked_person_id(text)) : "***";
        case Shown::masked_name: return text.empty() ? "" : masked_person_name(text);
        case Shown::only_length:
            if ((is_string && !text.empty()) || is_nested) return std::to_string(code_points(text));
            break;
    }
    return shown_text(text);
}

FindingList::FindingList(const CheckRequest& request, const RuleBook& rules, SeededHash hash)
    : rules_(rules),
      cap_per_code_(request.detail_cap_per_code),
      cap_(request.detail_cap),
      group_by_key_(16, hash) {}

std::uint64_t FindingList::add(const FindingObject& object, std::vector<Draft>& drafts) {
    const auto errors_before = errors_;
    std::stable_sort(drafts.begin(), drafts.end(), before);
    for (const auto& draft : drafts) add_one(object, draft);
    return errors_ - errors_before;
}

void FindingList::add_one(const FindingObject& object, const Draft& draft) {
    ++(rules_.is_error(draft.code) ? errors_ : warnings_);
    add_to_group(object, draft);
    auto& listed = listed_[index_of(draft.code)];
    if (listed >= cap_per_code_ || (cap_ > 0 && findings_.size() >= cap_)) return;
    ++listed;
    findings_.push_back({written(object, draft), object.identity.value_or(0), object.identity.has_value()});
}

void FindingList::add_to_group(const FindingObject& object, const Draft& draft) {
    std::string group_key(name_of(draft.code));
    group_key.append(draft.field);
    const auto [found, is_new] = group_by_key_.try_emplace(std::move(group_key), groups_.size());
    if (is_new) {
        const auto& rule = rules_.rule(draft.code);
        groups_.push_back({rule.code, rule.severity, std::string(draft.field), message_of(rule.message_zh, draft), 0, {}});
    }
    auto& group = groups_[found->second];
    ++group.count;
    if (object.index && group.first.size() < indexes_a_group &&
        (group.first.empty() || group.first.back() != *object.index)) {
        group.first.push_back(*object.index);
    }
}

domain::Finding FindingList::written(const FindingObject& object, const Draft& draft) const {
    const auto& rule = rules_.rule(draft.code);
    domain::Finding finding;
    finding.kind = object.kind;
    finding.index = object.index;
    finding.pointer = object.pointer;
    if (!draft.points_at_object) finding.pointer += "/" + pointer_token(draft.field);
    finding.record_no = object.record_no;
    finding.record_seq = object.record_seq;
    finding.code = rule.code;
    finding.severity = rule.severity;
    finding.field = draft.field;
    finding.field_name = draft.field_name;
    if (draft.slot != nullptr) finding.value = shown_value(*draft.slot, draft.shown);
    if (!draft.expected.empty()) finding.expected = draft.expected;
    finding.message = message_of(rule.message_zh, draft);
    finding.message_en = message_of(rule.message_en, draft);
    return finding;
}

void FindingList::move_into(CheckResult& result) {
    result.error_count = errors_;
    result.warning_count = warnings_;
    result.findings = std::move(findings_);
    result.groups = std::move(groups_);
}

}  // namespace chaiqin::checking
