#include "gateway/export/about.hpp"

#include <array>

#include "chaiqin/query/v1/options.pb.h"
#include "domain/calendar.hpp"

namespace chaiqin::gateway {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
namespace pb = query::v1;

struct Label {
    std::string_view parameter, zh;
    Words words = Words::none;
};
constexpr auto labels = std::to_array<Label>({
    {"agency", "機關代碼"},
    {"authority", "主管機關"},
    {"band", "日數", Words::bands},
    {"by", "分組"},
    {"code", "規則代碼"},
    {"from", "起"},
    {"kind", "類別", Words::kinds},
    {"load_id", "載入編號"},
    {"month", "資料年月"},
    {"q", "機關名稱或代碼"},
    {"reason", "原因", Words::reasons},
    {"severity", "等級", Words::severities},
    {"status", "狀態"},
    {"submission_id", "報送編號"},
    {"to", "迄"},
    {"unread", "只列未讀"},
    {"year", "年度（西元）"},
});

const Label* label_of(std::string_view parameter) {
    for (const auto& label : labels)
        if (label.parameter == parameter) return &label;
    return nullptr;
}

bool is_about_pages(std::string_view name) {
    return name == "page" || name == "page_size" || name == "page_token";
}

/// A status is of a finding or of an agency's filing.
std::string word_of_status(const std::string& code) {
    const auto word = word_of(Words::finding_filter, code);
    return word == code ? word_of(Words::filing, code) : word;
}

std::string text_of(const FieldDescriptor& field, const Value& value) {
    const auto& shape = field.options().GetExtension(pb::as);
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (field.name() == "status") return word_of_status(*text);
        const auto* label = label_of(field.name());
        return word_of(label ? label->words : Words::none, *text);
    }
    if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "是" : "否";
    const auto* number = std::get_if<std::int64_t>(&value);
    if (!number) return "";
    switch (shape.form()) {
        case pb::FORM_DAY:
            return domain::iso_day(static_cast<domain::Day>(*number));
        case pb::FORM_MONTH:
            return domain::iso_month(static_cast<domain::Month>(*number));
        default:
            return std::to_string(*number);
    }
}

void add_filters(const Message& question, std::vector<AboutLine>& lines) {
    const auto& type = *question.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
        const auto& field = *type.field(i);
        if (is_about_pages(field.name()) || field.is_repeated()) continue;
        const auto* label = label_of(field.name());
        const auto text = text_of(field, value_of(question, field.name()));
        lines.push_back({"條件：" + std::string(label ? label->zh : field.name()),
                         text.empty() ? "未指定" : text});
    }
}

std::string agency_text(const std::string& code, const domain::Registry& registry,
                        domain::Day today) {
    const auto* version = registry.agencies.as_of(code, today);
    return version ? version->name + "（" + code + "）" : code;
}

void add_exporter(const AboutParts& parts, std::vector<AboutLine>& lines) {
    const auto& caller = parts.request.caller;
    if (caller.sub.empty()) {
        lines.push_back({"匯出者", "未登入"});
        return;
    }
    const auto& acting = parts.request.acting_agency;
    const auto today = domain::taipei_day(parts.now);
    lines.push_back({"匯出機關", agency_text(acting, parts.registry, today)});
    if (acting != caller.agency)
        lines.push_back({"匯出者所屬機關", agency_text(caller.agency, parts.registry, today)});
    lines.push_back({"匯出者", caller.name.empty() ? caller.sub : caller.name});
}

}  // namespace

std::vector<AboutLine> about_lines(const AboutParts& parts) {
    std::vector<AboutLine> lines{{"資料表", std::string(parts.list.caption)}};
    if (parts.question) add_filters(*parts.question, lines);
    lines.push_back({"資料時間", time_text(parts.now)});
    const auto updated = parts.source.beside("updated_at");
    if (const auto* at = std::get_if<std::int64_t>(&updated))
        lines.push_back(
            {"最後更新時間", time_text(domain::Instant(std::chrono::microseconds(*at)))});
    lines.push_back({"列數", parts.rows});
    for (const auto& sum : parts.list.sums) {
        const auto value = parts.source.beside(sum.member);
        if (const auto* number = std::get_if<std::int64_t>(&value))
            lines.push_back({std::string(sum.label), *number});
    }
    if (parts.list.by_rules) lines.push_back({"檢核規則版本", parts.registry.rules.version()});
    if (!parts.list.formula.empty()) lines.push_back({"計算方式", std::string(parts.list.formula)});
    add_exporter(parts, lines);
    return lines;
}

}  // namespace chaiqin::gateway
