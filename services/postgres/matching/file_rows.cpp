#include "postgres/matching/file_rows.hpp"

#include <algorithm>

#include "postgres/binary.hpp"
#include "postgres/matching/packed.hpp"

namespace chaiqin::postgres::matching {

namespace {

std::vector<std::uint32_t> ascending_high_halves(const std::vector<std::uint64_t>& keys) {
    std::vector<std::uint32_t> halves;
    halves.reserve(keys.size());
    for (const auto key : keys) halves.push_back(static_cast<std::uint32_t>(key >> 32));
    std::sort(halves.begin(), halves.end());
    halves.erase(std::unique(halves.begin(), halves.end()), halves.end());
    return halves;
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
        copy.uuid(file.record.submission_id);
        copy.text(file.record.agency);
        copy.int2(static_cast<std::int16_t>(file.record.slot));
        copy.instant(file.record.received_at);
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
    CopyWriter copy(
        work, "matching.file_record",
        {"submission_id", "agency",    "slot",      "received_at", "first_month",     "last_month",
         "leave_lines",   "orgs",      "line",      "identity",    "token",           "content",
         "claimed_org",   "day_count", "revision",  "day",         "minutes",         "kind_type",
         "org",           "outcome",   "record_no", "record_seq",  "masked_person_id"});
    for (const auto& file : files) {
        const auto& record = file.record;
        if (record.line.empty()) continue;
        copy.row();
        copy.uuid(record.submission_id);
        copy.text(record.agency);
        copy.int2(static_cast<std::int16_t>(record.slot));
        copy.instant(record.received_at);
        copy.int4(record.first_month);
        copy.int4(record.last_month);
        copy.int4(static_cast<std::int32_t>(record.leave_lines));
        copy.text_array(record.orgs);
        copy.text(packed(record.line));
        copy.text(packed(record.identity));
        copy.text(packed(record.token));
        copy.text(packed(record.content));
        copy.text(packed(record.claimed_org));
        copy.text(packed(record.day_count));
        copy.text(packed(record.revision));
        copy.int4_array(record.day);
        copy.int4_array(record.minutes);
        copy.int2_array(record.kind_type);
        copy.int4_array(record.org);
        copy.int2_array(as_smallint(record.outcome));
        copy.text(joined(record.record_no));
        copy.text(packed(record.record_seq));
        copy.text(joined(record.masked_person_id));
    }
    copy.finish();
}

void copy_person_prefixes(domain::UnitOfWork& work, const std::vector<domain::MatchedFile>& files) {
    CopyWriter copy(work, "matching.person_prefix", {"submission_id", "slot", "prefix"});
    for (const auto& file : files) {
        if (file.record.token.empty()) continue;
        copy.row();
        copy.uuid(file.record.submission_id);
        copy.int2(static_cast<std::int16_t>(file.record.slot));
        copy.text(packed(ascending_high_halves(file.record.token)));
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
    const auto numbers = [](const auto& lines, auto value) {
        std::vector<std::decay_t<decltype(value(lines.front()))>> all;
        for (const auto& line : lines) all.push_back(value(line));
        return all;
    };
    for (const auto& row : rows) {
        if (row.lines.empty()) continue;
        using Line = domain::NotedLine;
        copy.row();
        copy.uuid(row.submission_id);
        copy.text(row.agency);
        copy.instant(row.received_at);
        copy.int4(row.data_month);
        copy.int4_array(numbers(row.lines, [](const Line& line) { return line.position; }));
        copy.int4_array(numbers(row.lines, [](const Line& line) { return line.index; }));
        copy.int8_array(numbers(
            row.lines, [](const Line& line) { return static_cast<std::int64_t>(line.identity); }));
        copy.int8_array(numbers(
            row.lines, [](const Line& line) { return static_cast<std::int64_t>(line.token); }));
        copy.int4_array(numbers(row.lines, [](const Line& line) { return line.day; }));
        copy.int2_array(numbers(row.lines, [](const Line& line) { return line.kind_type; }));
        copy.int2_array(numbers(
            row.lines, [](const Line& line) { return static_cast<std::int16_t>(line.outcome); }));
        copy.text_array(numbers(row.lines, [](const Line& line) { return line.claimed_org; }));
        copy.text_array(numbers(row.lines, [](const Line& line) { return line.org; }));
        copy.text_array(numbers(row.lines, [](const Line& line) { return line.record_no; }));
        copy.int4_array(numbers(row.lines, [](const Line& line) {
            return static_cast<std::int32_t>(line.record_seq);
        }));
        copy.text_array(numbers(row.lines, [](const Line& line) { return line.person_id; }));
    }
    copy.finish();
}

}  // namespace chaiqin::postgres::matching
