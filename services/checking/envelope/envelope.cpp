#include "checking/envelope/envelope.hpp"

#include "checking/envelope/checks.hpp"
#include "checking/record/table.hpp"

namespace chaiqin::checking {

namespace {

using namespace envelope_key;

// clang-format off
constexpr std::array<EnvelopeField, envelope_key::count> fields = {{
    {"format_version", "格式版本", ValueType::string, true, true, 0, {{{Code::E02, checks::E02}}}, "1.0"},
    {"reporting_org_code", "報送機關代碼", ValueType::string, true, true, 0, {{{Code::E03, checks::E03}}}, "9 碼英數字加 1 碼大寫英文字母"},
    {"data_month", "資料年月", ValueType::string, true, true, 0, {{{Code::E06, checks::E06}}}, "民國年月 5 碼，如 11510"},
    {"source_system", "來源系統", ValueType::string, true, true, 0, {{{Code::E09, checks::E09}}}, "WEBITR、WEBHR 或 SELF"},
    {"source_version", "來源系統版本", ValueType::string, false, false, 30, {}, "30 字內"},
    {"generated_at", "產製時間", ValueType::string, true, true, 0, {{{Code::E10, checks::E10}}}, "ISO 8601 含秒及時差，如 2026-11-05T09:30:00+08:00"},
    {"batch_no", "批次號", ValueType::string, true, false, 40, {}, "40 字內"},
    {"part_no", "檔案序號", ValueType::integer, true, false, 0, {}, "1 至總檔數之整數"},
    {"part_count", "總檔數", ValueType::integer, true, false, 0, {}, "1 至 999 之整數"},
    {"leave_count", "差假筆數", ValueType::integer, true, false, 0, {}, "整數"},
    {"overtime_count", "加班筆數", ValueType::integer, true, false, 0, {}, "整數"},
    {"zero_report", "零報送", ValueType::boolean, false, false, 0, {}, "true 或 false"},
    {"leave_records", "差假資料", ValueType::array, true, false, 0, {}, "陣列"},
    {"overtime_records", "加班資料", ValueType::array, true, false, 0, {}, "陣列"},
}};

struct EnvelopeRule {
    Code code = Code::none;
    std::uint8_t field = envelope_key::count;  ///< count: none, the finding points at the file
    std::uint32_t reads = 0;
    bool (*broken)(const EnvelopeFacts&, const World&, const Layout&) = nullptr;
    Code hidden_by = Code::none;  ///< stands before it in the table
};

constexpr std::array<EnvelopeRule, 11> rules_over_keys = {{
    {Code::E04, reporting_org_code, bits(reporting_org_code), checks::E04},
    {Code::E05, reporting_org_code, bits(reporting_org_code), checks::E05, Code::E04},
    {Code::E07, data_month, bits(data_month), checks::E07},
    {Code::E08, data_month, bits(data_month), checks::E08},
    {Code::E11, generated_at, bits(generated_at), checks::E11},
    {Code::E12, leave_count, bits(leave_count, leave_records), checks::E12},
    {Code::E13, overtime_count, bits(overtime_count, overtime_records), checks::E13},
    {Code::E14, part_no, bits(part_no, part_count), checks::E14},
    {Code::E16, envelope_key::count, bits(leave_records, overtime_records, zero_report), checks::E16},
    {Code::E17, zero_report, bits(leave_records, overtime_records, zero_report), checks::E17},
    {Code::E18, data_month, bits(data_month), checks::E18},
}};
// clang-format on

KeyState state_of(std::size_t index, const EnvelopeFacts& facts, const RuleBook& rules) {
    const auto& slot = facts.slot(index);
    const auto runs = [&](Code code) { return rules.runs(code); };
    if (fields[index].type == ValueType::array && !checks::E01(slot)) {
        if (!checks::E15(slot)) return {};
        return {.sound = false, .finding = rules.runs(Code::E15) ? Code::E15 : Code::none};
    }
    // A key that may be absent is as good as false or "" then.
    if (!fields[index].required && checks::E01(slot)) return {};
    return key_state(fields[index], slot, facts, Code::E01, runs);
}

bool is_readable(std::size_t index, const EnvelopeFacts& facts, const RuleBook& rules) {
    return state_of(index, facts, rules).sound;
}

Draft draft_at(Code code, std::size_t index, const EnvelopeFacts& facts) {
    Draft draft;
    draft.code = code;
    draft.points_at_object = index >= fields.size();
    if (draft.points_at_object) return draft;
    draft.field = draft.token = fields[index].key;
    draft.field_name = fields[index].name;
    draft.slot = &facts.slots[index];
    return draft;
}

/// What was expected where that depends on the file or the day.
std::string expected_of(Code code, const World& world, const Layout& layout,
                        std::string_view otherwise) {
    switch (code) {
        case Code::E04:
            return "機關代碼表內之代碼";
        case Code::E05:
            return world.acting_agency;
        case Code::E07:
            return "不晚於 " + domain::roc_month(domain::month_of(world.received_day));
        case Code::E08:
            return "不早於 " + domain::roc_month(world.first_month);
        case Code::E11:
            return "不晚於收件時間 " + domain::rfc3339_taipei(world.received_at);
        case Code::E12:
            return std::to_string(layout.of(domain::RecordKind::leave).count);
        case Code::E13:
            return std::to_string(layout.of(domain::RecordKind::overtime).count);
        case Code::E14:
            return "1 ≤ 檔案序號 ≤ 總檔數 ≤ 999";
        case Code::E16:
            return "至少一筆資料，或 zero_report 為 true";
        case Code::E17:
            return "差假及加班資料均為空陣列";
        case Code::E18:
            return "每月 20 日 (遇放假日順延) 前報送上月資料";
        default:
            return std::string(otherwise);
    }
}

class EnvelopeTexts : public DraftSource {
public:
    EnvelopeTexts(const EnvelopeFacts& facts, const World& world, const Layout& layout)
        : facts_(facts), world_(world), layout_(layout) {}
    FindingObject object() const override { return {}; }
    DraftTexts texts(const Draft& draft) const override {
        DraftTexts made;
        if (draft.slot == nullptr) {
            made.expected = expected_of(draft.code, world_, layout_, "");
            return made;
        }
        const auto& field = fields[static_cast<std::size_t>(draft.slot - facts_.slots.data())];
        made.expected = expected_of(draft.code, world_, layout_, field.expected);
        if (draft.code == Code::S05) made.n = std::to_string(field.longest_code_points);
        return made;
    }

private:
    const EnvelopeFacts& facts_;
    const World& world_;
    const Layout& layout_;
};

}  // namespace

std::span<const EnvelopeField> envelope_fields() { return fields; }

Envelope::Envelope(std::string_view bytes, const std::vector<std::uint32_t>& members)
    : reader_(bytes) {
    reader_.start(facts_.slots);
    for (const auto member : members)
        reader_.read_member_at(member, envelope_fields(), std::span(facts_.slots));
    facts_.data_month = domain::parse_roc_month(facts_.text(data_month));
    facts_.generated_at = domain::parse_rfc3339(facts_.text(generated_at));
}

bool Envelope::tells_sender() const {
    return !checks::E01(facts_.slot(reporting_org_code)) && !checks::E01(facts_.slot(data_month)) &&
           !checks::E01(facts_.slot(source_system));
}

Sender Envelope::sender(const World& world, const RuleBook& rules) const {
    Sender sender;
    if (is_readable(data_month, facts_, rules)) sender.data_month = facts_.data_month;
    if (is_readable(source_system, facts_, rules))
        sender.source_system = facts_.text(source_system);
    const bool unknown_agency = rules.runs(Code::E04) && checks::E04(facts_, world, Layout{});
    if (is_readable(reporting_org_code, facts_, rules) && !unknown_agency) {
        sender.agency = facts_.text(reporting_org_code);
    }
    return sender;
}

std::uint64_t Envelope::judge(const World& world, const RuleBook& rules, const Layout& layout,
                              FindingList& findings) const {
    std::vector<Draft> drafts;
    std::uint32_t sound = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto state = state_of(i, facts_, rules);
        if (state.sound) sound |= bits(i);
        if (state.finding != Code::none) drafts.push_back(draft_at(state.finding, i, facts_));
    }
    std::array<bool, code_count + 1> raised{};
    for (const auto& rule : rules_over_keys) {
        if (!rules.runs(rule.code) || (rule.reads & ~sound) != 0 ||
            raised[index_of(rule.hidden_by)])
            continue;
        if (!rule.broken(facts_, world, layout)) continue;
        raised[index_of(rule.code)] = true;
        drafts.push_back(draft_at(rule.code, rule.field, facts_));
    }
    if (rules.runs(Code::S04)) add_unknown_keys(reader_, drafts);
    return findings.add(domain::FindingKind::envelope, std::nullopt, drafts,
                        EnvelopeTexts(facts_, world, layout));
}

}  // namespace chaiqin::checking
