#include "postgres/matching/file_rows.hpp"

#include <algorithm>

#include "domain/partitioning.hpp"
#include "postgres/binary.hpp"
#include "postgres/matching/line_columns.hpp"

namespace chaiqin::postgres::matching {

namespace {

std::vector<std::uint32_t> ascending_token_prefixes(const std::vector<domain::FileLine>& lines) {
    std::vector<std::uint32_t> prefixes;
    prefixes.reserve(lines.size());
    for (const auto& line : lines) prefixes.push_back(domain::prefix_of(line.token));
    std::sort(prefixes.begin(), prefixes.end());
    prefixes.erase(std::unique(prefixes.begin(), prefixes.end()), prefixes.end());
    return prefixes;
}

}  // namespace

void copy_files(domain::UnitOfWork& work, std::int64_t batch_id, domain::Instant now,
                const std::vector<domain::MatchedFile>& files) {
    CopyWriter copy(
        work, "matching.file",
        {"submission_id", "agency", "slot", "received_at", "matched_at", "batch_id", "data_month",
         "zero_report", "total", "invalid", "unchanged", "stale", "deletion", "superseded",
         "unmatched", "counted", "matcher_errors", "matcher_warnings", "t_warnings"});
    for (const auto& file : files) {
        const auto& counts = file.counts;
        copy.row();
        copy.uuid(file.head.submission_id);
        copy.text(file.head.agency);
        copy.int2(static_cast<std::int16_t>(domain::slot_of(file.head.agency)));
        copy.instant(file.head.received_at);
        copy.instant(now);
        copy.int8(batch_id);
        copy.int4(file.data_month);
        copy.boolean(file.zero_report);
        for (const auto count :
             {counts.total, counts.invalid, counts.unchanged, counts.stale, counts.deletion,
              counts.superseded, counts.unmatched, counts.counted, counts.matcher_errors,
              counts.matcher_warnings, counts.t_warnings})
            copy.int4(count);
    }
    copy.finish();
}

void copy_records(domain::UnitOfWork& work, const std::vector<domain::MatchedFile>& files) {
    std::vector<std::string> columns{"submission_id", "agency",     "slot",        "received_at",
                                     "first_month",   "last_month", "leave_lines", "orgs"};
    domain::each_column(domain::line_columns,
                        [&](const auto& column) { columns.emplace_back(column.name); });
    CopyWriter copy(work, "matching.file_record", columns);
    for (const auto& file : files) {
        if (file.lines.empty()) continue;
        copy.row();
        copy.uuid(file.head.submission_id);
        copy.text(file.head.agency);
        copy.int2(static_cast<std::int16_t>(domain::slot_of(file.head.agency)));
        copy.instant(file.head.received_at);
        copy.int4(file.first_month);
        copy.int4(file.last_month);
        copy.int4(static_cast<std::int32_t>(file.leave_lines));
        copy.text_array(file.head.orgs);
        domain::each_column(domain::line_columns,
                            [&](const auto& column) { copy_column(copy, file.lines, column); });
    }
    copy.finish();
}

void copy_person_prefixes(domain::UnitOfWork& work, const std::vector<domain::MatchedFile>& files) {
    CopyWriter copy(work, "matching.person_prefix", {"submission_id", "slot", "prefix"});
    for (const auto& file : files) {
        if (file.lines.empty()) continue;
        copy.row();
        copy.uuid(file.head.submission_id);
        copy.int2(static_cast<std::int16_t>(domain::slot_of(file.head.agency)));
        copy.text(packed(ascending_token_prefixes(file.lines)));
    }
    copy.finish();
}

void copy_identity_prefixes(domain::UnitOfWork& work,
                            const std::vector<domain::IdentityPrefixes>& rows) {
    CopyWriter copy(work, "matching.identity_prefix", {"agency", "submissions", "prefix", "owner"});
    for (const auto& row : rows) {
        copy.row();
        copy.text(row.agency);
        copy.text_array(row.submissions);
        copy.text(packed(row.prefix));
        copy.text(packed(row.owner));
    }
    copy.finish();
}

void copy_noted(domain::UnitOfWork& work, const std::vector<domain::NotedLines>& rows) {
    CopyWriter copy(work, "matching.noted",
                    {"submission_id", "agency", "received_at", "data_month", "\"position\"",
                     "index", "identity", "token", "day", "kind_type", "outcome", "claimed_org",
                     "org", "record_no", "record_seq", "person_id"});
    using domain::NotedLine;
    for (const auto& [submission_id, agency, received_at, data_month, lines] : rows) {
        if (lines.empty()) continue;
        copy.row();
        copy.uuid(submission_id);
        copy.text(agency);
        copy.instant(received_at);
        copy.int4(data_month);
        copy.int4_array(values_of<std::int32_t>(lines, &NotedLine::position));
        copy.int4_array(values_of<std::int32_t>(lines, &NotedLine::index));
        copy.int8_array(values_of<std::int64_t>(lines, &NotedLine::identity));
        copy.int8_array(values_of<std::int64_t>(lines, &NotedLine::token));
        copy.int4_array(values_of<std::int32_t>(lines, &NotedLine::day));
        copy.int2_array(values_of<std::int16_t>(lines, &NotedLine::kind_type));
        copy.int2_array(values_of<std::int16_t>(lines, &NotedLine::outcome));
        copy.text_array(values_of<std::string>(lines, &NotedLine::claimed_org));
        copy.text_array(values_of<std::string>(lines, &NotedLine::org));
        copy.text_array(values_of<std::string>(lines, &NotedLine::record_no));
        copy.int4_array(values_of<std::int32_t>(lines, &NotedLine::record_seq));
        copy.text_array(values_of<std::string>(lines, &NotedLine::person_id));
    }
    copy.finish();
}

}  // namespace chaiqin::postgres::matching
