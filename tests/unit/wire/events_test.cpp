#include <gtest/gtest.h>

#include "chaiqin/event/v1/event.pb.h"
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
    file.orgs = {"Z00000001A", ""};
    for (std::uint32_t i = 0; i < lines; ++i) {
        auto& line = file.lines.emplace_back();
        line.line = i;
        line.identity = ~std::uint64_t{i};
        line.token = i * 3;
        line.content = i * 5;
        line.claimed_org = i % 2;
        line.day = static_cast<domain::Day>(i) - 1;
        line.day_count = i;
        line.minutes = static_cast<std::int32_t>(i) * 60;
        line.revision = i + 1;
        line.kind_type = static_cast<std::int16_t>(256 + i % 3);
        line.outcome = i % 2 == 0 ? domain::outcome::deletion : domain::LineOutcome{0};
        line.record_no = "L-" + std::to_string(i);
        line.record_seq = i + 1;
        line.masked_person_id = "A12*****89";
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
    EXPECT_EQ(a.orgs, b.orgs);
    ASSERT_EQ(a.lines.size(), b.lines.size());
    domain::each_column(domain::line_columns, [&](const auto& column) {
        for (std::size_t i = 0; i < a.lines.size(); ++i)
            ASSERT_EQ(a.lines[i].*column.member, b.lines[i].*column.member)
                << column.name << " of line " << i;
    });
    EXPECT_EQ(a.finding_identities, b.finding_identities);
    EXPECT_EQ(a.finding_lines, b.finding_lines);
}

TEST(FileValidated, comes_back_as_it_was) {
    for (const std::size_t lines : {0, 1, 20'000}) {
        const auto file = file_of(lines);
        expect_same(decode_file_validated(encode(file)), file);
    }
}

/// The event of three lines after `change`.
template <typename Change>
std::string changed_event(Change change) {
    event::v1::FileValidated message;
    EXPECT_TRUE(message.ParseFromString(encode(file_of(3))));
    change(message);
    return message.SerializeAsString();
}

TEST(FileValidated, refuses_bytes_that_break_the_contract) {
    EXPECT_THROW((void)decode_file_validated("\xFF\xFF"), domain::PermanentFailure);
    EXPECT_NO_THROW((void)decode_file_validated(changed_event([](auto&) {})));
    const auto strange_agency =
        changed_event([](auto& message) { message.mutable_lines()->set_claimed_org(1, 9); });
    EXPECT_THROW((void)decode_file_validated(strange_agency), domain::PermanentFailure);
    const auto fewer_labels =
        changed_event([](auto& message) { message.set_labels(encode_labels(file_of(2).lines)); });
    EXPECT_THROW((void)decode_file_validated(fewer_labels), domain::PermanentFailure);
    const auto fewer_finding_lines =
        changed_event([](auto& message) { message.mutable_finding_lines()->RemoveLast(); });
    EXPECT_THROW((void)decode_file_validated(fewer_finding_lines), domain::PermanentFailure);
}

TEST(FileValidated, refuses_a_column_that_is_shorter_or_longer_than_the_others) {
    const auto* columns = event::v1::Lines::descriptor();
    for (int at = 0; at < columns->field_count(); ++at) {
        const auto* column = columns->field(at);
        if (column->name() == "org_dictionary") continue;
        const auto shorter = changed_event([&](auto& message) {
            auto& lines = *message.mutable_lines();
            lines.GetReflection()->RemoveLast(&lines, column);
        });
        EXPECT_THROW((void)decode_file_validated(shorter), domain::PermanentFailure)
            << column->name();
        const auto longer = changed_event([&](auto& message) {
            event::v1::Lines more;
            EXPECT_TRUE(more.ParseFromString(message.lines().SerializeAsString()));
            for (int other = 0; other < columns->field_count(); ++other)
                if (other != at) more.GetReflection()->ClearField(&more, columns->field(other));
            message.mutable_lines()->MergeFrom(more);
        });
        EXPECT_THROW((void)decode_file_validated(longer), domain::PermanentFailure)
            << column->name();
    }
}

TEST(Labels, refuse_frames_that_are_cut_or_lengthened) {
    const auto frame = encode_labels(file_of(500).lines);
    EXPECT_EQ(decode_labels(frame).size(), 500u);
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
