#pragma once
// Short ways to say validated files, Table 19 rows and a small registry in the matcher's tests. All
// codes are made up.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "domain/file_record.hpp"
#include "domain/registry.hpp"
#include "domain/table19.hpp"
#include "domain/validated_file.hpp"

namespace chaiqin::testing {

inline constexpr domain::Day first_of_october = 20727;  // 2026-10-01
inline const std::string north = "Z00000001A", east = "Z00000002B", west = "Z00000003C",
                         elsewhere = "Z00000009X";

struct Line {
    std::uint64_t identity = 0, token = 0;
    std::uint32_t revision = 1;
    std::uint64_t content = 0;  ///< 0: made from identity and revision
    bool deletion = false;
    domain::Day day = first_of_october + 4;
    std::uint32_t day_count = 0;
    std::string org = north;
    std::int32_t minutes = 60;
    std::int16_t kind_type = 16;  ///< leave type 16
};

/// Spreads small numbers over 64 bits, as keyed hashes are.
inline std::uint64_t spread(std::uint64_t number) {
    number += 0x9E3779B97F4A7C15;
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
    number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
    return number ^ (number >> 31);
}

inline std::string submission(int number) {
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-8000-8000-%012d", number);
    return text;
}

inline domain::ValidatedFile file(int number, const std::vector<Line>& lines,
                                  const std::string& agency = north, std::uint32_t invalid = 0) {
    domain::ValidatedFile file;
    file.submission_id = submission(number);
    file.agency = agency;
    file.received_at =
        domain::taipei_midnight(first_of_october + 34) + std::chrono::seconds(number);
    file.route = "WEBITR";
    file.source_system = "WEBITR";
    file.data_month = domain::month_of(first_of_october);
    file.invalid_lines = invalid;
    file.leave_lines = static_cast<std::uint32_t>(lines.size()) + invalid;
    for (const auto& line : lines) {
        const auto known = std::find(file.orgs.begin(), file.orgs.end(), line.org);
        const auto org = static_cast<std::uint32_t>(known - file.orgs.begin());
        if (known == file.orgs.end()) file.orgs.push_back(line.org);
        auto& good = file.lines.emplace_back();
        good.line = static_cast<std::uint32_t>(file.lines.size() - 1);
        good.identity = spread(line.identity);
        good.token = spread(1000000 + line.token);
        good.content =
            line.content != 0 ? line.content : spread(line.identity * 10000 + line.revision);
        good.claimed_org = org;
        good.day = line.deletion ? 0 : line.day;
        good.day_count = line.day_count;
        good.minutes = line.minutes;
        good.revision = line.revision;
        good.kind_type = line.kind_type;
        good.outcome = line.deletion ? domain::outcome::deletion : domain::LineOutcome{0};
        good.record_no = "L" + std::to_string(line.identity);
        good.record_seq = 1;
        good.masked_person_id = "A12*****89";
    }
    return file;
}

/// The written file as an identity decision reads it.
inline domain::JudgedFile judged(const domain::MatchedFile& file) {
    return {file.head, {file.lines.begin(), file.lines.end()}};
}

/// The written file as a re-match reads it.
inline domain::FileToMatch to_match(const domain::MatchedFile& file) {
    domain::FileToMatch stored{file.head, file.leave_lines, {}};
    for (const auto& written : file.lines) {
        auto& line = stored.lines.emplace_back(domain::LineToMatch{written});
        line.position = static_cast<std::uint32_t>(stored.lines.size() - 1);
        line.token = written.token;
        line.line = written.line;
        line.claimed_org = written.claimed_org;
        line.day_count = written.day_count;
    }
    return stored;
}

/// north is the authority over east; west and elsewhere stand alone.
inline domain::RegistryPtr small_registry() {
    domain::AgencyRegistry::Versions versions;
    const auto add = [&](const std::string& code, const std::string& above) {
        domain::AgencyVersion version;
        version.name = "made-up agency";
        version.supervising_agency = above;
        versions[code].push_back(version);
    };
    add(north, "");
    add(east, north);
    add(west, "");
    add(elsewhere, "");
    auto registry = std::make_shared<domain::Registry>();
    registry->agencies = domain::AgencyRegistry(std::move(versions));
    std::vector<domain::Rule> rules;
    for (const auto& [code, severity, field] :
         {std::tuple{"U02", domain::Severity::warning, "revision"},
          {"U03", domain::Severity::error, "revision"},
          {"U04", domain::Severity::warning, "action"},
          {"U05", domain::Severity::error, "record_no"}}) {
        domain::Rule rule;
        rule.code = code;
        rule.severity = severity;
        rule.field = field;
        rule.message_zh = rule.message_en = code;
        rules.push_back(rule);
    }
    registry->rules = domain::RuleSet("test", std::move(rules));
    return registry;
}

struct Posting {
    std::uint64_t token = 0;
    std::string org;
    domain::Day start = 10000, end = domain::open_end;
    domain::PostKind kind = domain::PostKind::primary;
    std::string authority = north;
    int seq = 1;
};

inline domain::Table19Ptr table19(const std::vector<Posting>& postings,
                                  std::int64_t change_no = 1) {
    domain::CareerRows rows(std::make_shared<domain::CodeTable>());
    for (const auto& posting : postings)
        rows.add(spread(1000000 + posting.token), posting.authority, posting.seq, posting.org,
                 posting.kind, posting.start, posting.end);
    return std::make_shared<const domain::Table19>(std::move(rows), change_no);
}

}  // namespace chaiqin::testing
