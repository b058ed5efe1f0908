#include "checking/record/explain.hpp"

#include <algorithm>
#include <string>

#include "checking/reading/layout.hpp"

namespace chaiqin::checking {

namespace {

/// The keys of a deletion that are judged and used.
constexpr KeySet deletion_keys = {key::action, key::record_no, key::record_seq, key::revision,
                                  key::person_id};

/// The row of the check; null if it is a check of one key.
const RecordCheck* cross_check(const RecordTable& table, Code code) {
    if (code == repeated_identity.code) return &repeated_identity;
    const auto found = std::find_if(table.checks.begin(), table.checks.end(),
                                    [&](const auto& check) { return check.code == code; });
    return found == table.checks.end() ? nullptr : &*found;
}

}  // namespace

bool Explainer::read(std::size_t at) {
    if (!reader_.is_object_at(at)) return false;
    reader_.read_object(at, table().fields, listed_values());
    if (facts_.kind == RecordKind::leave)
        derive_leave(facts_, world_.registry.leave_types);
    else
        derive_overtime(facts_);
    return true;
}

bool Explainer::judge_keys() {
    const auto& fields = table().fields;
    const bool deletion = facts_.is_deletion();
    sound_ = storable_ = {};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const bool judged = !deletion || deletion_keys.holds(i);
        const auto& value = facts_.values[i];
        const auto state =
            judged || S01(value) ? key_state(fields[i], value, facts_, "S01", rules_) : KeyState{};
        if (state.sound && judged) sound_.add(i);
        if (state.storable) storable_.add(i);
        if (!state.finding.is_none()) add_draft(state.finding, i);
    }
    return sound_.holds_all({key::record_no, key::record_seq});
}

void Explainer::add_draft(Code code, std::size_t index) {
    const auto& field = table().fields[index];
    auto& draft = drafts_.emplace_back();
    draft.code = code;
    draft.shown = field.shown;
    draft.field = draft.token = field.key;
    draft.field_name = field.name;
    draft.value = &facts_.values[index];
    const auto before = facts_.kind == RecordKind::leave ? 0 : leave::fields.size();
    draft.listed_key = static_cast<std::uint8_t>(1 + before + index);
    static_assert(1 + leave::fields.size() + overtime::fields.size() <= most_listed_keys);
}

DraftTexts Explainer::texts(const Draft& draft) const {
    DraftTexts made;
    if (draft.code == "S02") {
        made.n = std::to_string(std::size_t{index_} + 1);
        made.expected = "JSON 物件";
    }
    if (draft.field.empty() || draft.value == nullptr) return made;
    if (const auto* check = cross_check(table(), draft.code)) {
        made.expected = check->expected_text(facts_, world_);
        if (check->fills.placeholder == 'n') made.n = check->fills.text(facts_, world_);
        if (check->fills.placeholder == 'd') made.d = check->fills.text(facts_, world_);
        return made;
    }
    const auto& field =
        table().fields[static_cast<std::size_t>(draft.value - facts_.values.data())];
    made.expected = field.expected;
    if (draft.code == "S05") made.n = std::to_string(field.longest_code_points);
    return made;
}

domain::FindingKind Explainer::finding_kind() const {
    return facts_.kind == RecordKind::leave ? domain::FindingKind::leave
                                            : domain::FindingKind::overtime;
}

FindingObject Explainer::object() const {
    const bool is_leave = facts_.kind == RecordKind::leave;
    const auto &record_no = facts_.values[key::record_no],
               &record_seq = facts_.values[key::record_seq],
               &revision = facts_.values[key::revision];
    FindingObject object;
    object.pointer = "/" + std::string(is_leave ? leave_records_key : overtime_records_key) + "/" +
                     std::to_string(index_);
    if (record_no.type == ValueType::string) object.record_no = shown_text(record_no.text);
    if (record_seq.type == ValueType::integer) object.record_seq = record_seq.integer;
    if (revision.type == ValueType::integer) object.revision = revision.integer;
    object.identity = identity_;
    return object;
}

bool Explainer::is_storable() const {
    const auto columns = table().column_keys;
    return storable_.holds_all(facts_.is_deletion() ? columns & deletion_keys : columns);
}

Explainer::Explanation Explainer::finish(std::optional<std::size_t> reserved_line,
                                         bool has_identity, bool repeated) {
    const auto readable = facts_.is_deletion() ? sound_ & deletion_keys : sound_;
    const auto found = [&](const RecordCheck& check) { add_draft(check.code, check.points_at); };
    judge_checks(table().checks, rules_, readable, found, facts_, world_);
    if (rules_.runs("S04")) add_unknown_keys(reader_, drafts_);
    if (repeated && rules_.runs(repeated_identity.code))
        add_draft(repeated_identity.code, repeated_identity.points_at);
    identity_.reset();
    if (has_identity && writers_ != nullptr && !world_.sender.source_system.empty()) {
        identity_ = writers_->of(facts_.kind)
                        .identity(facts_.text(key::record_no), facts_.integer(key::record_seq));
    }
    const auto errors = findings_.add(finding_kind(), index_, drafts_, *this);
    const bool invalid = errors > 0 || !is_storable();
    if (!invalid && reserved_line) writers_->of(facts_.kind).fill(*reserved_line, facts_);
    return {.invalid = invalid, .identity = identity_};
}

Explainer::Explanation Explainer::add_non_object(std::size_t at) {
    for (auto& value : listed_values()) value = JsonValue{};
    identity_.reset();
    const JsonValue element = reader_.read_value(at);
    if (rules_.runs("S02")) {
        auto& draft = drafts_.emplace_back();
        draft.code = "S02";
        draft.points_at_object = true;
        draft.value = &element;
        findings_.add(finding_kind(), index_, drafts_, *this);
    }
    return {.invalid = true};
}

}  // namespace chaiqin::checking
