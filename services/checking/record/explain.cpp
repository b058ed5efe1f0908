#include "checking/record/explain.hpp"

#include <limits>
#include <string>

namespace chaiqin::checking {

namespace {

/// The keys of a deletion that are judged and used.
constexpr auto deletion_keys =
    bits(key::action, key::record_no, key::record_seq, key::revision, key::person_id);
constexpr auto identity_keys = bits(key::record_no, key::record_seq);
/// What the columns are made of; the rules about them cannot be switched off (code.hpp).
constexpr auto leave_column_keys = bits(
    key::record_no, key::record_seq, key::revision, key::person_id, key::org_code,
    leave_key::leave_type, leave_key::start_date, leave_key::end_date, leave_key::leave_minutes);
constexpr auto overtime_column_keys =
    bits(key::record_no, key::record_seq, key::revision, key::person_id, key::org_code,
         overtime_key::overtime_type, overtime_key::overtime_date, overtime_key::overtime_minutes);

std::string minutes_at_most(std::int64_t minutes) {
    return "至多 " + std::to_string(minutes) + " 分鐘";
}

std::string event_window(const domain::LeaveType& type) {
    std::string text = "事實發生日";
    if (type.window_before_days) text += "前 " + std::to_string(*type.window_before_days) + " 日";
    if (type.window_before_days && type.window_after_days) text += "至";
    if (type.window_after_days) text += "後 " + std::to_string(*type.window_after_days) + " 日";
    return text;
}

/// What was expected of a rule over several keys; the text of its key otherwise.
std::string expected_of(Code code, const RecordFacts& facts, const World& world,
                        std::string_view otherwise) {
    switch (code) {
        case Code::C07:
            return "新式統一證號 (第 2 碼為 8 或 9)";
        case Code::C09:
            return "機關代碼表內之代碼";
        case Code::C10:
            return "該日仍存在之機關";
        case Code::C11:
            return world.sender.agency + " 或其所屬機關";
        case Code::L02:
            return "請假起日施行中之假別";
        case Code::L08:
        case Code::O06:
            return "晚於起日時";
        case Code::L09:
        case Code::O09:
            return "不晚於資料年月";
        case Code::L10:
        case Code::O26:
            return "資料年月及其前 26 個月內";
        case Code::L11:
        case Code::O27:
            return "資料年月內之日期";
        case Code::L13:
        case Code::O11:
            return minutes_at_most(facts.span_minutes());
        case Code::L14: {
            const auto office = checks::office_minutes(facts, world.registry.calendar);
            return office ? minutes_at_most(*office) : std::string(otherwise);
        }
        case Code::L15:
            return "60 之倍數";
        case Code::L16:
            return "至少含一個上班日";
        case Code::L17:
            return "至多 366 日";
        case Code::L18:
            return "公差、公出、公假 (出差性質) 及出國須填地點";
        case Code::L21:
            return "民國年月日 7 碼";
        case Code::L22:
            return event_window(*facts.leave_type);
        case Code::O03: {
            const auto off = world.registry.calendar.day_off(facts.overtime_day);
            return off.value_or(false) ? "2 或 3 (辦公日曆為放假日)" : "1 (辦公日曆為上班日)";
        }
        case Code::O07:
            return "起迄至多 24 小時";
        case Code::O08:
            return "加班起日或其前一日";
        case Code::O16:
            return "合計" + minutes_at_most(facts.integer(overtime_key::overtime_minutes));
        case Code::O17:
            return "專案加班之核准文號";
        case Code::U01:
            return "同一檔案內表單編號與明細序號不重複";
        default:
            return std::string(otherwise);
    }
}

}  // namespace

bool Explainer::read(std::size_t at) {
    const auto& fields = table_of(facts_.kind).fields;
    if (!reader_.is_object_at(at)) return false;
    reader_.read_object(at, fields, std::span(facts_.slots));
    if (facts_.kind == RecordKind::leave)
        derive_leave(facts_, world_.registry.leave_types);
    else
        derive_overtime(facts_);
    return true;
}

bool Explainer::judge_keys() {
    const auto& fields = table_of(facts_.kind).fields;
    const auto runs = [&](Code code) { return rules_.runs(code); };
    const bool deletion = facts_.is_deletion();
    sound_ = storable_ = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const bool judged = !deletion || (deletion_keys & bits(i)) != 0;
        const auto& slot = facts_.slots[i];
        const auto state = judged || checks::S01(slot)
                               ? key_state(fields[i], slot, facts_, Code::S01, runs)
                               : KeyState{};
        if (state.sound && judged) sound_ |= bits(i);
        if (state.storable) storable_ |= bits(i);
        if (state.finding != Code::none) add_draft(state.finding, i);
    }
    return (sound_ & identity_keys) == identity_keys;
}

void Explainer::judge_rules() {
    const auto readable = facts_.is_deletion() ? sound_ & deletion_keys : sound_;
    std::array<bool, code_count + 1> raised{};
    for (const auto& rule : table_of(facts_.kind).rules) {
        if (!rules_.runs(rule.code) || (rule.reads & ~readable) != 0) continue;
        bool hidden = false;
        for (const auto hiding : rule.hidden_by) hidden = hidden || raised[index_of(hiding)];
        if (hidden || !rule.broken(facts_, world_)) continue;
        raised[index_of(rule.code)] = true;
        add_draft(rule.code, rule.field);
    }
}

void Explainer::add_draft(Code code, std::size_t index) {
    const auto& field = table_of(facts_.kind).fields[index];
    auto& draft = drafts_.emplace_back();
    draft.code = code;
    draft.shown = field.shown;
    draft.field = draft.token = field.key;
    draft.field_name = field.name;
    draft.slot = &facts_.slots[index];
    const auto before = facts_.kind == RecordKind::leave ? 0 : leave_fields.size();
    draft.listed_key = static_cast<std::uint8_t>(1 + before + index);
    static_assert(1 + leave_fields.size() + overtime_fields.size() <= most_listed_keys);
}

DraftTexts Explainer::texts(const Draft& draft) const {
    DraftTexts made;
    if (draft.code == Code::S02) {
        made.n = std::to_string(std::size_t{index_} + 1);
        made.expected = "JSON 物件";
    }
    if (draft.field.empty() || draft.slot == nullptr) return made;
    const auto& field =
        table_of(facts_.kind).fields[static_cast<std::size_t>(draft.slot - facts_.slots.data())];
    made.expected = expected_of(draft.code, facts_, world_, field.expected);
    if (draft.code == Code::S05) made.n = std::to_string(field.longest_code_points);
    if (draft.code == Code::L02 || draft.code == Code::L21) made.n = facts_.leave_type->name;
    if (draft.code == Code::C10) {
        made.d = domain::iso_day(
            *world_.agency(facts_.text(key::org_code), facts_.record_day()).abolished_on);
    }
    return made;
}

domain::FindingKind Explainer::finding_kind() const {
    return facts_.kind == RecordKind::leave ? domain::FindingKind::leave
                                            : domain::FindingKind::overtime;
}

FindingObject Explainer::object() const {
    const bool is_leave = facts_.kind == RecordKind::leave;
    const auto &record_no = facts_.slots[key::record_no],
               &record_seq = facts_.slots[key::record_seq];
    FindingObject object;
    object.pointer = "/" + std::string(is_leave ? leave_records_key : overtime_records_key) + "/" +
                     std::to_string(index_);
    if (record_no.type == ValueType::string) object.record_no = shown_text(record_no.text);
    if (record_seq.type == ValueType::integer) object.record_seq = record_seq.integer;
    object.identity = identity_;
    return object;
}

bool Explainer::is_storable() const {
    const auto columns =
        facts_.kind == RecordKind::leave ? leave_column_keys : overtime_column_keys;
    const auto needed = facts_.is_deletion() ? columns & deletion_keys : columns;
    return (storable_ & needed) == needed;
}

Explainer::Verdict Explainer::finish(std::optional<std::size_t> place, bool well_formed,
                                     bool repeated) {
    judge_rules();
    if (rules_.runs(Code::S04)) add_unknown_keys(reader_, drafts_);
    if (repeated && rules_.runs(Code::U01)) add_draft(Code::U01, key::record_no);
    identity_.reset();
    if (well_formed && writers_ != nullptr && !world_.sender.source_system.empty()) {
        identity_ = writers_->of(facts_.kind)
                        .identity(facts_.text(key::record_no), facts_.integer(key::record_seq));
    }
    const auto errors = findings_.add(finding_kind(), index_, drafts_, *this);
    const bool invalid = errors > 0 || !is_storable();
    if (!invalid && place) writers_->of(facts_.kind).fill(*place, facts_);
    return {invalid, identity_};
}

Explainer::Verdict Explainer::add_non_object(std::size_t at) {
    for (auto& slot : facts_.slots) slot = Slot{};
    identity_.reset();
    const Slot element = reader_.read_value(at);
    if (rules_.runs(Code::S02)) {
        auto& draft = drafts_.emplace_back();
        draft.code = Code::S02;
        draft.points_at_object = true;
        draft.slot = &element;
        findings_.add(finding_kind(), index_, drafts_, *this);
    }
    return {true, std::nullopt};
}

}  // namespace chaiqin::checking
