#include "checking/findings/finding_list.hpp"

#include <algorithm>
#include <utility>

#include "checking/reading/nested_text.hpp"

namespace chaiqin::checking {

namespace {

constexpr std::size_t indexes_a_group = 5;
constexpr std::string_view other_unknown_keys = "…";

bool before(const Draft& a, const Draft& b) {
    if (a.points_at_object != b.points_at_object) return a.points_at_object;
    if (const auto order = a.token.compare(b.token); order != 0) return order < 0;
    return a.code < b.code;
}

std::string message_of(std::string_view message, const Draft& draft, const DraftTexts& texts) {
    if (message.find('{') == std::string_view::npos) return std::string(message);
    // O05 has a message a key: 起日 stands for 加班起日.
    std::string_view short_name = draft.field_name;
    if (short_name.starts_with("加班")) short_name.remove_prefix(std::string_view("加班").size());
    // A key that is unknown may be empty.
    const std::string name(draft.field_name.empty() ? "\"\"" : draft.field_name);
    const domain::Placeholder placeholders[] = {{"x", name},
                                                {"n", texts.n},
                                                {"m", texts.m},
                                                {"d", texts.d},
                                                {"起日/起時/迄日/迄時", std::string(short_name)}};
    return domain::filled(message, placeholders);
}

}  // namespace

std::optional<std::string> shown_value(const JsonValue& value, Shown shown) {
    if (value.type == ValueType::missing) return std::nullopt;
    const bool is_string = value.type == ValueType::string;
    const bool is_nested = value.type == ValueType::object || value.type == ValueType::array;
    const auto text = is_string ? value.text : value.raw;
    switch (shown) {
        case Shown::as_text:
            if (is_nested && text.find('\\') != std::string_view::npos)
                return shown_text(nested_text(text, shown_code_points));
            break;
        case Shown::masked_id:
            return is_string ? shown_text(masked_person_id(text)) : "***";
        case Shown::masked_name:
            return text.empty() ? "" : masked_person_name(text);
        case Shown::only_length:
            if ((is_string && !text.empty()) || is_nested) return std::to_string(code_points(text));
            break;
    }
    return shown_text(text);
}

void add_unknown_keys(const ObjectReader& reader, std::vector<Draft>& drafts) {
    for (const auto& unknown : reader.unknown_keys()) {
        auto& draft = drafts.emplace_back();
        draft.code = "S04";
        draft.field = draft.field_name = unknown.shown;
        draft.token = unknown.token;
    }
}

FindingList::FindingList(const CheckRequest& request, const RuleBook& rules, SeededHash hash)
    : rules_(rules),
      cap_per_code_(request.detail_cap_per_code),
      cap_(request.detail_cap),
      hash_(hash) {}

std::uint64_t FindingList::add(domain::FindingKind kind, std::optional<std::uint32_t> index,
                               std::vector<Draft>& drafts, const DraftSource& source) {
    const auto errors_before = errors_;
    // In a file of nothing but faults nearly all of them end here.
    std::erase_if(drafts, [&](const Draft& draft) { return only_counted(draft, index); });
    if (drafts.empty()) return errors_ - errors_before;
    std::stable_sort(drafts.begin(), drafts.end(), before);
    std::optional<FindingObject> object;
    for (const auto& draft : drafts) {
        add_to_group(draft, index, source);
        if (!has_room_for(draft.code)) continue;
        ++listed_[draft.code.index()];
        if (!object) object = source.object();
        auto finding = written(draft, *object, source);
        finding.kind = kind;
        finding.index = index;
        findings_.push_back(
            {std::move(finding), object->identity.value_or(0), object->identity.has_value()});
    }
    return errors_ - errors_before;
}

bool FindingList::only_counted(const Draft& draft, std::optional<std::uint32_t> index) {
    if (has_room_for(draft.code)) return false;
    const auto group = group_of(draft);
    if (group == groups_.size()) return false;
    count_in_group(group, draft, index);
    return true;
}

void FindingList::count_in_group(std::size_t at, const Draft& draft,
                                 std::optional<std::uint32_t> index) {
    ++(rules_.is_error(draft.code) ? errors_ : warnings_);
    auto& group = groups_[at];
    ++group.count;
    if (index && group.first.size() < indexes_a_group &&
        (group.first.empty() || group.first.back() != *index)) {
        group.first.push_back(*index);
    }
}

bool FindingList::has_room_for(Code code) const {
    return listed_[code.index()] < cap_per_code_ && (cap_ == 0 || findings_.size() < cap_);
}

std::uint64_t FindingList::hash_of_group(std::string_view code, std::string_view field) const {
    return hash_(field) ^ hash_(code);
}

std::size_t FindingList::group_of(const Draft& draft) const {
    if (draft.listed_key != 0) {
        const auto known = listed_groups_[draft.code.index()][draft.listed_key];
        if (known != 0) return known - std::size_t{1};
    }
    const auto found = searched_group(draft.code, draft.field);
    return is_beyond_unknown_keys(draft, found) ? searched_group(draft.code, other_unknown_keys)
                                                : found;
}

std::size_t FindingList::searched_group(Code draft_code, std::string_view field) const {
    const auto code = draft_code.name();
    const auto found = group_index_.find(hash_of_group(code, field), [&](std::uint32_t position) {
        return groups_[position].field == field && groups_[position].code == code;
    });
    return found ? std::size_t{*found} : groups_.size();
}

bool FindingList::is_beyond_unknown_keys(const Draft& draft, std::size_t group) const {
    return group == groups_.size() && draft.code == "S04" &&
           unknown_key_groups_ >= most_unknown_key_groups;
}

void FindingList::add_to_group(Draft draft, std::optional<std::uint32_t> index,
                               const DraftSource& source) {
    auto found = group_of(draft);
    if (found == groups_.size()) {
        if (is_beyond_unknown_keys(draft, found)) {
            draft.field = draft.field_name = other_unknown_keys;
        }
        const auto& rule = rules_.rule(draft.code);
        auto message = message_of(rule.message_zh, draft, source.texts(draft));
        groups_.push_back(
            {rule.code, rule.severity, std::string(draft.field), std::move(message), 0, {}});
        group_index_.add(hash_of_group(rule.code, draft.field), static_cast<std::uint32_t>(found));
        if (draft.code == "S04") ++unknown_key_groups_;
    }
    if (draft.listed_key != 0) {
        listed_groups_[draft.code.index()][draft.listed_key] =
            static_cast<std::uint16_t>(found + 1);
    }
    count_in_group(found, draft, index);
}

domain::Finding FindingList::written(const Draft& draft, const FindingObject& object,
                                     const DraftSource& source) const {
    const auto& rule = rules_.rule(draft.code);
    const auto texts = source.texts(draft);
    domain::Finding finding;
    finding.pointer = object.pointer;
    if (!draft.points_at_object) finding.pointer.append("/").append(draft.token);
    finding.record_no = object.record_no;
    finding.record_seq = object.record_seq;
    finding.revision = object.revision;
    finding.code = rule.code;
    finding.severity = rule.severity;
    finding.field = draft.field;
    finding.field_name = draft.field_name;
    if (draft.value != nullptr) finding.value = shown_value(*draft.value, draft.shown);
    if (!texts.expected.empty()) finding.expected = texts.expected;
    finding.message = message_of(rule.message_zh, draft, texts);
    finding.message_en = message_of(rule.message_en, draft, texts);
    return finding;
}

void FindingList::move_into(CheckResult& result) {
    result.error_count = errors_;
    result.warning_count = warnings_;
    result.findings = std::move(findings_);
    result.groups = std::move(groups_);
}

}  // namespace chaiqin::checking
