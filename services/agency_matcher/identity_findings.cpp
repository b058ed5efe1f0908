#include "agency_matcher/identity_findings.hpp"

namespace chaiqin::agency_matcher {

namespace {

using domain::FindingKind;
using domain::Severity;

std::string field_name_of(std::string_view field) {
    if (field == "revision") return "版次";
    if (field == "action") return "異動別";
    if (field == "record_no") return "表單編號";
    return std::string(field);
}

}  // namespace

void IdentityFindings::begin(const domain::ValidatedFile& file) {
    received_on_ = domain::taipei_day(file.received_at);
    submission_id_ = file.submission_id;
    totals_ = {};
    open_groups_.clear();
}

void IdentityFindings::add(const domain::ValidatedFile& file, const domain::FileLine& line,
                           domain::IdentityDecision decision, const domain::IdentityLine* stored) {
    const auto* rule = rules_.in_force(domain::finding_code(decision), received_on_);
    if (rule == nullptr) return;
    auto finding = finding_of(file, line, *rule, stored);
    (finding.severity == Severity::error ? totals_.errors : totals_.warnings) += 1;
    totals_.identities.push_back(line.identity);
    auto& group = open_groups_[finding.code];
    if (group.count++ == 0) {
        group.code = finding.code;
        group.severity = finding.severity;
        group.field = finding.field;
        group.message = finding.message;
    }
    if (group.first.size() < 5) group.first.push_back(*finding.index);
    if (group.count > most_details_a_code) return;
    findings_.push_back({file.submission_id, file.agency, file.received_at, file.data_month,
                         line.identity, std::move(finding)});
}

domain::Finding IdentityFindings::finding_of(const domain::ValidatedFile& file,
                                             const domain::FileLine& line, const domain::Rule& rule,
                                             const domain::IdentityLine* stored) const {
    const bool overtime = line.line >= file.leave_lines;
    domain::Finding finding;
    finding.kind = overtime ? FindingKind::overtime : FindingKind::leave;
    finding.index = overtime ? line.line - file.leave_lines : line.line;
    finding.pointer = (overtime ? "/overtime_records/" : "/leave_records/") +
                      std::to_string(*finding.index) + '/' + rule.field;
    finding.record_no = line.record_no;
    finding.record_seq = line.record_seq;
    finding.revision = line.revision;
    finding.code = rule.code;
    finding.severity = rule.severity;
    finding.field = rule.field;
    finding.field_name = field_name_of(rule.field);
    if (rule.field == "revision") finding.value = std::to_string(line.revision);
    if (rule.field == "action")
        finding.value = domain::outcome::is_deletion(line.outcome) ? "D" : "A";
    if (rule.field == "record_no") finding.value = finding.record_no;
    if (rule.code == "U02" && stored != nullptr)
        finding.expected = "現存版次為 " + std::to_string(stored->revision);
    if (rule.code == "U03" && stored != nullptr)
        finding.expected = "內容不同時版次須大於 " + std::to_string(stored->revision);
    finding.message = rule.message_zh;
    finding.message_en = rule.message_en;
    return finding;
}

IdentityFindings::Totals IdentityFindings::end() {
    for (auto& [code, group] : open_groups_) groups_.push_back({submission_id_, std::move(group)});
    open_groups_.clear();
    return std::move(totals_);
}

}  // namespace chaiqin::agency_matcher
