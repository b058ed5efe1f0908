#include "checking/envelope/envelope.hpp"

#include "checking/envelope/table.hpp"

namespace chaiqin::checking {

namespace {

constexpr auto& fields = envelope_fields;

KeyState state_of(std::size_t index, const EnvelopeFacts& facts, const RuleBook& rules) {
    const auto& value = facts.value(index);
    if (fields[index].type == ValueType::array && !E01(value)) {
        if (!E15(value)) return {};
        return {.sound = false, .finding = rules.runs("E15") ? Code("E15") : Code()};
    }
    // A key that may be absent counts as false or "" then.
    if (!fields[index].required && E01(value)) return {};
    return key_state(fields[index], value, facts, "E01", rules);
}

bool is_readable(std::size_t index, const EnvelopeFacts& facts, const RuleBook& rules) {
    return state_of(index, facts, rules).sound;
}

Draft draft_at(Code code, std::size_t index, const EnvelopeFacts& facts) {
    Draft draft;
    draft.code = code;
    draft.points_at_object = index == EnvelopeCheck::whole_object;
    if (draft.points_at_object) return draft;
    draft.field = draft.token = fields[index].key;
    draft.field_name = fields[index].name;
    draft.value = &facts.values[index];
    return draft;
}

class EnvelopeTexts : public DraftSource {
public:
    EnvelopeTexts(const EnvelopeFacts& facts, const World& world, const Layout& layout)
        : facts_(facts), world_(world), layout_(layout) {}
    FindingObject object() const override { return {}; }
    DraftTexts texts(const Draft& draft) const override {
        DraftTexts made;
        for (const auto& check : envelope_checks) {
            if (check.code != draft.code) continue;
            made.expected = check.expected_text(facts_, world_, layout_);
            return made;
        }
        if (draft.value == nullptr) return made;
        const auto& field = fields[static_cast<std::size_t>(draft.value - facts_.values.data())];
        made.expected = field.expected;
        if (draft.code == "S05") made.n = std::to_string(field.longest_code_points);
        return made;
    }

private:
    const EnvelopeFacts& facts_;
    const World& world_;
    const Layout& layout_;
};

}  // namespace

Envelope::Envelope(std::string_view bytes, const std::vector<std::uint32_t>& members)
    : reader_(bytes) {
    const std::span values(facts_.values);
    reader_.start(values);
    for (const auto member : members)
        reader_.read_member_at(member, std::span<const EnvelopeField>(fields), values);
    facts_.data_month = domain::parse_roc_month(facts_.text(envelope_key::data_month));
    facts_.generated_at = domain::parse_rfc3339(facts_.text(envelope_key::generated_at));
}

bool Envelope::tells_sender() const {
    return !E01(facts_.value(envelope_key::reporting_org_code)) &&
           !E01(facts_.value(envelope_key::data_month)) &&
           !E01(facts_.value(envelope_key::source_system));
}

Sender Envelope::sender(const World& world, const RuleBook& rules) const {
    Sender sender;
    if (is_readable(envelope_key::data_month, facts_, rules)) sender.data_month = facts_.data_month;
    if (is_readable(envelope_key::source_system, facts_, rules))
        sender.source_system = facts_.text(envelope_key::source_system);
    const bool unknown_agency = rules.runs("E04") && E04(facts_, world, Layout{});
    if (is_readable(envelope_key::reporting_org_code, facts_, rules) && !unknown_agency)
        sender.agency = facts_.text(envelope_key::reporting_org_code);
    return sender;
}

std::uint64_t Envelope::judge(const World& world, const RuleBook& rules, const Layout& layout,
                              FindingList& findings) const {
    std::vector<Draft> drafts;
    KeySet sound;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto state = state_of(i, facts_, rules);
        if (state.sound) sound.add(i);
        if (!state.finding.is_none()) drafts.push_back(draft_at(state.finding, i, facts_));
    }
    const auto found = [&](const EnvelopeCheck& check) {
        drafts.push_back(draft_at(check.code, check.points_at, facts_));
    };
    judge_checks(std::span<const EnvelopeCheck>(envelope_checks), rules, sound, found, facts_,
                 world, layout);
    if (rules.runs("S04")) add_unknown_keys(reader_, drafts);
    return findings.add(domain::FindingKind::envelope, std::nullopt, drafts,
                        EnvelopeTexts(facts_, world, layout));
}

}  // namespace chaiqin::checking
