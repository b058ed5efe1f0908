// The unmatched list (未比對清單): reasons by reader, who mends, age and band.
#include "component/query/noted_lines.hpp"

namespace chaiqin::testing {
namespace {

class Unmatched : public QueryTest<Unmatched> {
protected:
    void SetUp() override {
        q.database.run(
            "TRUNCATE intake.receipt, validation.submission, matching.file, statistics.counted, "
            "matching.noted, matching.unmatched_count, matching.unmatched_line, matching.career,"
            " matching.first_receipt");
    }
    void note(const NotedLine& line) { note_line(q, line); }
};

TEST_F(Unmatched, records_are_listed_with_the_reason_that_may_be_shown) {
    const auto first_file = q.file(1, "Z00000011A", "2026-10-01 09:00+08");
    q.file(2, "Z00000012A", "2026-11-05 09:00+08");
    note({.file = 1, .index = 4, .outcome = no_person});
    note({.file = 1, .index = 5, .outcome = before_first | shown});
    note({.file = 2, .index = 0, .outcome = no_person, .agency = "Z00000012A"});
    const auto mine = q.ask<pb::ListUnmatchedResponse>(q.as("clerk of 11"), "agency: 'Z00000011A'");
    EXPECT_EQ(mine.total(), 2);
    EXPECT_EQ(mine.unmatched(0).agency_name(), "甲一局");
    ASSERT_EQ(mine.reasons_size(), 2) << "those that there are";
    EXPECT_EQ(mine.reasons(0).ShortDebugString(), "reason: UNMATCHED_REASON_NO_PERSON count: 1");
    EXPECT_EQ(mine.reasons(1).reason(), pb::UNMATCHED_REASON_BEFORE_FIRST);
    ASSERT_EQ(mine.unmatched_size(), 2);
    const auto &unknown = mine.unmatched(0), &early = mine.unmatched(1);
    EXPECT_EQ(unknown.submission_id(), first_file);
    EXPECT_EQ(unknown.kind(), pb::FINDING_KIND_LEAVE);
    EXPECT_EQ(unknown.index(), 4);
    EXPECT_EQ(unknown.record_no(), "L9");
    EXPECT_EQ(unknown.record_seq(), 1);
    EXPECT_EQ(unknown.reason(), pb::UNMATCHED_REASON_NO_PERSON);
    EXPECT_EQ(unknown.mend(), "attendance_clerk");
    EXPECT_EQ(unknown.age_days(), 40);
    EXPECT_EQ(unknown.person_id(), "A12*****89");
    EXPECT_EQ(unknown.date(), 20731);
    EXPECT_EQ(early.reason(), pb::UNMATCHED_REASON_BEFORE_FIRST);
    EXPECT_EQ(early.mend(), "personnel_office");
    const auto only_early = q.ask<pb::ListUnmatchedResponse>(
        q.as("clerk of 11"), "reason: UNMATCHED_REASON_BEFORE_FIRST");
    EXPECT_EQ(only_early.total(), 1);
    EXPECT_EQ(only_early.unmatched_size(), 1);
    EXPECT_EQ(only_early.reasons_size(), 2) << "of the filter without the reason";
    const auto pages = q.pages<pb::ListUnmatchedResponse>(
        q.as("personnel of 10"), request<pb::ListUnmatchedRequest>("page_size: 2"));
    ASSERT_EQ(pages.size(), 2u);
    EXPECT_EQ(pages[0].total(), 3);
    ASSERT_EQ(pages[0].unmatched_size(), 2);
    EXPECT_EQ(pages[0].unmatched(0).agency(), "Z00000012A") << "newest first";
    ASSERT_EQ(pages[1].unmatched_size(), 1);
    EXPECT_EQ(pages[1].unmatched(0).index(), 5);
    EXPECT_EQ(q.ask<pb::ListUnmatchedResponse>(q.as("supervisor of 20")).unmatched_size(), 0);
    EXPECT_EQ(q.refusal<pb::ListUnmatchedResponse>(q.as("clerk of 11"), "agency: 'Z00000012A'"),
              Why::not_found);
}

TEST_F(Unmatched, a_hidden_reason_is_shown_to_who_may_know_it) {
    // All postings of the person are below 10, and 20 has loaded one of them; the sender does not
    // see all.
    q.file(1, "Z00000011A", "2026-11-05 09:00+08");
    note({.file = 1, .index = 0, .outcome = before_first});
    note({.file = 1, .index = 1, .outcome = no_person});
    q.database.run(
        "INSERT INTO matching.career VALUES (5, 'Z00000020A', '{1}', '{Z00000012A}', '{1}',"
        " '{20800}', '{2147483647}')");
    const auto read = [&](const char* who, const std::string& fields = "") {
        const auto answer = q.ask<pb::ListUnmatchedResponse>(q.as(who), fields);
        std::string all = std::to_string(answer.total());
        for (const auto& reason : answer.reasons())
            all += " " + std::to_string(reason.reason()) + "x" + std::to_string(reason.count());
        for (const auto& one : answer.unmatched())
            all += ", " + pb::UnmatchedReason_Name(one.reason()).substr(17) + " " + one.mend();
        return all;
    };
    const std::string hidden = "2 1x2, NO_PERSON attendance_clerk, NO_PERSON attendance_clerk";
    const std::string known =
        "2 1x1 2x1, BEFORE_FIRST personnel_office, NO_PERSON attendance_clerk";
    EXPECT_EQ(read("clerk of 11"), hidden);
    EXPECT_EQ(read("personnel of 10"), known) << "sees every posting";
    EXPECT_EQ(read("personnel of 10", "agency: 'Z00000011A'"), known);
    EXPECT_EQ(read("personnel of 10", "reason: UNMATCHED_REASON_BEFORE_FIRST"),
              "1 1x1 2x1, BEFORE_FIRST personnel_office");
    EXPECT_EQ(read("clerk of 11", "reason: UNMATCHED_REASON_BEFORE_FIRST"), "0 1x2");
    q.database.run("UPDATE matching.career SET org = '{Z00000099A}'");
    EXPECT_EQ(read("personnel of 10"), hidden) << "a posting elsewhere";
    q.database.run("UPDATE matching.career SET authority = 'Z00000010A'");
    EXPECT_EQ(read("personnel of 10"), known) << "of its own Table 19";
}

TEST_F(Unmatched, records_stand_in_the_band_of_their_age) {
    const std::map<int, std::optional<int>> band_of_age{
        {0, 7}, {7, 7}, {8, 30}, {30, 30}, {31, 90}, {90, 90}, {91, std::nullopt}};
    const auto today = domain::taipei_day(q.now);
    for (const auto& [age, band] : band_of_age) {
        q.file(age + 1, "Z00000011A", domain::iso_day(today - age) + " 23:59:59+08");
        note({.file = age + 1, .index = age, .outcome = no_person});
    }
    std::map<int, std::optional<int>> found;
    for (const auto answer = q.ask<pb::ListUnmatchedResponse>(q.as("clerk of 11"));
         const auto& one : answer.unmatched()) {
        EXPECT_EQ(one.age_days(), one.index());
        found[static_cast<int>(one.age_days())] =
            one.has_band() ? std::optional(static_cast<int>(one.band())) : std::nullopt;
    }
    EXPECT_EQ(found, band_of_age);
    const auto ages = [&](const std::string& band) {
        std::string all;
        const auto answer =
            q.ask<pb::ListUnmatchedResponse>(q.as("clerk of 11"), "band: UNMATCHED_BAND_" + band);
        for (const auto& one : answer.unmatched()) all += std::to_string(one.age_days()) + " ";
        return all + "of " + std::to_string(answer.total());
    };
    EXPECT_EQ(ages("7"), "0 7 of 2");
    EXPECT_EQ(ages("30"), "8 30 of 2");
    EXPECT_EQ(ages("90"), "31 90 of 2");
    EXPECT_EQ(ages("OVER"), "91 of 1");
}

}  // namespace
}  // namespace chaiqin::testing
