#include "unit/checking/sample_file.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "checking/findings/check_answer.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::checking::test {

namespace {

domain::AgencyVersion version(std::string_view supervising, std::string_view abolished = "") {
    domain::AgencyVersion made;
    made.effective_on = *domain::parse_iso_day("2020-01-01");
    made.name = "示範機關";
    made.supervising_agency = supervising;
    made.abolished_on = domain::parse_iso_day(abolished);
    return made;
}

domain::AgencyRegistry agencies() {
    domain::AgencyRegistry::Versions versions;
    versions["Z00000001A"] = {version("")};
    versions["Z00000002B"] = {version("Z00000001A")};
    versions["Z00000003C"] = {version("")};
    versions["Z00000004D"] = {version("Z00000001A", "2026-07-01")};
    versions["Z00000005E"] = {version("Z00000002B")};
    return domain::AgencyRegistry(std::move(versions));
}

}  // namespace

std::string read_source_file(std::string_view path) {
    std::ifstream file(std::string(CHAIQIN_SOURCE_DIR) + "/" + std::string(path), std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + std::string(path));
    return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<domain::Rule> own_rules() {
    return wire::parse_rules(read_source_file("schemas/rules/rules.csv"));
}

domain::RegistryPtr registry_with(std::vector<domain::Rule> rules) {
    auto made = std::make_shared<domain::Registry>();
    made->agencies = agencies();
    made->calendar = wire::make_office_calendar(
        wire::parse_calendar_days(read_source_file("schemas/registry/office-calendar.json")));
    made->leave_types =
        wire::parse_leave_types(read_source_file("schemas/registry/leave-types.csv"));
    made->rules = wire::make_rule_set(std::move(rules));
    return made;
}

domain::RegistryPtr registry() {
    static const auto made = registry_with(own_rules());
    return made;
}

CheckRequest request_of(std::string_view bytes) {
    CheckRequest request;
    request.file_name = "upload.json";
    request.bytes = bytes;
    request.registry = registry();
    request.acting_agency = "Z00000001A";
    request.received_at = *domain::parse_rfc3339("2026-11-06T10:00:00+08:00");
    request.first_month = *domain::parse_roc_month("11401");
    return request;
}

std::string sample_text() { return read_source_file("schemas/submission/v1/sample.json"); }

rapidjson::Document sample() {
    rapidjson::Document document;
    document.Parse(sample_text().c_str());
    return document;
}

std::string text_of(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return std::string(buffer.GetString(), buffer.GetSize());
}

std::uint64_t PlainHasher::token(std::string_view person_id) {
    ++tokens_asked;
    return std::hash<std::string_view>{}(person_id);
}
std::uint64_t PlainHasher::identity(std::string_view bytes) {
    return std::hash<std::string_view>{}(bytes);
}
std::uint64_t PlainHasher::content(std::string_view bytes) {
    return std::hash<std::string_view>{}(bytes);
}

std::string told(const CheckResult& result) {
    std::string text = check_answer({{"upload.json", result}});
    const auto add = [&](const auto& values) {
        text += '\n';
        for (const auto& value : values) text += std::to_string(value) + ' ';
    };
    add(result.finding_identities);
    add(result.finding_lines);
    std::ostringstream lines;
    for (const auto& line : result.lines) {
        // The passes may number the agencies differently; their codes follow.
        domain::each_column(domain::line_columns, [&](const auto& column) {
            if (std::string_view(column.name) != "claimed_org") lines << line.*column.member << ' ';
        });
        lines << result.orgs[line.claimed_org] << '\n';
    }
    text += lines.str();
    text += result.source_system + ' ' + result.batch_no_masked + ' ' +
            std::to_string(result.data_month.value_or(-1));
    text += ' ' + std::to_string(result.rejected) + std::to_string(result.zero_report) + ' ';
    return text + std::to_string(result.invalid_lines) + ' ' + std::to_string(result.leave_lines) +
           ' ' + std::to_string(result.overtime_lines);
}

std::vector<std::string> lines_of(const CheckResult& result) {
    std::vector<std::string> lines;
    for (const auto& listed : result.findings) {
        lines.push_back(listed.finding.pointer + " " + listed.finding.code);
    }
    return lines;
}

}  // namespace chaiqin::checking::test
