#include <gtest/gtest.h>

#include "domain/failure.hpp"
#include "wire/career_chunk.hpp"
#include "wire/counts_changed.hpp"
#include "wire/file_validated.hpp"
#include "wire/filing_changed.hpp"
#include "wire/submission_updated.hpp"

namespace chaiqin::wire {
namespace {

domain::Instant at(std::int64_t us) { return domain::Instant(std::chrono::microseconds(us)); }

domain::ValidatedFile file_of(std::size_t lines) {
    domain::ValidatedFile file;
    file.submission_id = "0199aaaa-0000-8000-8000-000000000000";
    file.attempt = 2;
    file.agency = "Z00000001A";
    file.received_at = at(1'700'000'000'123'456);
    file.route = "WEBITR";
    file.source_system = "SELF";
    file.data_month = 2026 * 12 + 9;
    file.zero_report = lines == 0;
    file.leave_lines = 7, file.overtime_lines = 8, file.invalid_lines = 3, file.error_count = 4,
    file.warning_count = 5;
    file.lines.org_dictionary = {"Z00000001A", ""};
    for (std::uint32_t i = 0; i < lines; ++i) {
        file.lines.line.push_back(i);
        file.lines.identity.push_back(~std::uint64_t{i});
        file.lines.token.push_back(i * 3);
        file.lines.content.push_back(i * 5);
        file.lines.claimed_org.push_back(i % 2);
        file.lines.day.push_back(static_cast<domain::Day>(i) - 1);
        file.lines.day_count.push_back(i);
        file.lines.minutes.push_back(i * 60);
        file.lines.revision.push_back(i + 1);
        file.lines.kind_type.push_back(256 + i % 3);
        file.lines.deletion.push_back(i % 2 == 0);
        file.labels.record_no.push_back("L-" + std::to_string(i));
        file.labels.record_seq.push_back(i + 1);
        file.labels.masked_person_id.emplace_back("A12*****89");
    }
    file.finding_identities = {1, ~std::uint64_t{0}};
    file.finding_lines = {4, 5};
    return file;
}

void expect_same(const domain::ValidatedFile& a, const domain::ValidatedFile& b) {
    EXPECT_EQ(a.submission_id, b.submission_id);
    EXPECT_EQ(a.attempt, b.attempt);
    EXPECT_EQ(a.agency, b.agency);
    EXPECT_EQ(a.received_at, b.received_at);
    EXPECT_EQ(a.route + a.source_system, b.route + b.source_system);
    EXPECT_EQ(a.data_month, b.data_month);
    EXPECT_EQ(a.zero_report, b.zero_report);
    EXPECT_EQ(a.leave_lines, b.leave_lines);
    EXPECT_EQ(a.overtime_lines, b.overtime_lines);
    EXPECT_EQ(a.invalid_lines, b.invalid_lines);
    EXPECT_EQ(a.error_count, b.error_count);
    EXPECT_EQ(a.warning_count, b.warning_count);
    EXPECT_EQ(a.lines.line, b.lines.line);
    EXPECT_EQ(a.lines.identity, b.lines.identity);
    EXPECT_EQ(a.lines.token, b.lines.token);
    EXPECT_EQ(a.lines.content, b.lines.content);
    EXPECT_EQ(a.lines.org_dictionary, b.lines.org_dictionary);
    EXPECT_EQ(a.lines.claimed_org, b.lines.claimed_org);
    EXPECT_EQ(a.lines.day, b.lines.day);
    EXPECT_EQ(a.lines.day_count, b.lines.day_count);
    EXPECT_EQ(a.lines.minutes, b.lines.minutes);
    EXPECT_EQ(a.lines.revision, b.lines.revision);
    EXPECT_EQ(a.lines.kind_type, b.lines.kind_type);
    EXPECT_EQ(a.lines.deletion, b.lines.deletion);
    EXPECT_EQ(a.labels.record_no, b.labels.record_no);
    EXPECT_EQ(a.labels.record_seq, b.labels.record_seq);
    EXPECT_EQ(a.labels.masked_person_id, b.labels.masked_person_id);
    EXPECT_EQ(a.finding_identities, b.finding_identities);
    EXPECT_EQ(a.finding_lines, b.finding_lines);
}

TEST(FileValidated, comes_back_as_it_was) {
    for (const std::size_t lines : {0, 1, 20'000}) {
        const auto file = file_of(lines);
        expect_same(decode_file_validated(encode(file)), file);
    }
}

TEST(FileValidated, refuses_bytes_that_break_the_contract) {
    EXPECT_THROW((void)decode_file_validated("\xFF\xFF"), domain::PermanentFailure);
    auto file = file_of(3);
    file.lines.minutes.pop_back();
    EXPECT_THROW((void)decode_file_validated(encode(file)), domain::PermanentFailure);
    file = file_of(3);
    file.lines.claimed_org[1] = 9;
    EXPECT_THROW((void)decode_file_validated(encode(file)), domain::PermanentFailure);
    file = file_of(3);
    file.labels.record_no.pop_back();
    EXPECT_THROW((void)decode_file_validated(encode(file)), domain::PermanentFailure);
    file = file_of(3);
    file.finding_lines.pop_back();
    EXPECT_THROW((void)decode_file_validated(encode(file)), domain::PermanentFailure);
}

TEST(Labels, refuse_frames_that_are_cut_or_lengthened) {
    const auto frame = encode_labels(file_of(500).labels);
    EXPECT_EQ(decode_labels(frame).record_seq.size(), 500u);
    EXPECT_THROW((void)decode_labels(""), domain::PermanentFailure);
    EXPECT_THROW((void)decode_labels(frame.substr(0, frame.size() / 2)), domain::PermanentFailure);
    EXPECT_THROW((void)decode_labels(frame + "x"), domain::PermanentFailure);
    EXPECT_THROW((void)decode_labels("no frame at all"), domain::PermanentFailure);
}

TEST(Events, come_back_as_they_were) {
    domain::CareerChunk chunk{
        "load", "Z00000001A", domain::LoadMode::changes, true, 3, true, 9'000'000'000, "ab",
        at(5),  "\0sealed"};
    EXPECT_EQ(decode_career_chunk(encode(chunk)), chunk);
    domain::CountsChanged counts{{{"id", 2, "Z00000001A", true, at(7), "SELF", 9, 1, 2, 6}},
                                 1'234'567'890'123};
    EXPECT_EQ(decode_counts_changed(encode(counts)), counts);
    domain::SubmissionUpdated updated{
        "id", "Z00000001A", {2, domain::SubmissionState::counted}, at(8), at(9), 1, 2, 3, 4, 5, 6};
    EXPECT_EQ(decode_submission_updated(encode(updated)), updated);
    domain::FilingChanged filing{"Z00000001A", 24'321, domain::NoticeKind::deadline_after, 20'000};
    EXPECT_EQ(decode_filing_changed(encode(filing)), filing);
}

TEST(Events, refuse_other_bytes) {
    const std::string_view bytes = "\xFF\x01";
    EXPECT_THROW((void)decode_career_chunk(bytes), domain::PermanentFailure);
    EXPECT_THROW((void)decode_counts_changed(bytes), domain::PermanentFailure);
    EXPECT_THROW((void)decode_submission_updated(bytes), domain::PermanentFailure);
    EXPECT_THROW((void)decode_filing_changed(bytes), domain::PermanentFailure);
    EXPECT_THROW((void)decode_filing_changed(""), domain::PermanentFailure) << "no deadline";
    EXPECT_THROW((void)decode_submission_updated(""), domain::PermanentFailure) << "no state";
    EXPECT_THROW((void)decode_career_chunk(""), domain::PermanentFailure) << "no mode";
}

}  // namespace
}  // namespace chaiqin::wire
