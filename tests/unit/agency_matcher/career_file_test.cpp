#include "agency_matcher/career_file.hpp"

#include <gtest/gtest.h>

#include "support/matching_builders.hpp"

namespace chaiqin::agency_matcher {
namespace {

constexpr const char* header =
    "person_id,seq,org_code,org_name,unit_name,post_kind,start_date,end_date,unknown\n";

struct Read {
    std::vector<domain::StagedRow> lines;
    std::vector<domain::RejectedRow> rejected;
    std::int64_t rows = 0;
    std::string problem;
    std::vector<std::string> ignored_columns;
};

Read read(const std::string& csv) {
    const auto registry = testing::small_registry();
    Read result;
    RejectedRows rejected;
    CareerFile file(
        registry->agencies, testing::north,
        [](std::string_view id) { return std::hash<std::string_view>()(id); },
        [&](domain::StagedRow line) { result.lines.push_back(std::move(line)); }, rejected);
    file.feed(csv);
    file.finish();
    result.rejected = rejected.first();
    result.rows = file.rows();
    result.problem = file.problem();
    result.ignored_columns = file.ignored_columns();
    return result;
}

TEST(CareerFile, takes_a_good_line) {
    const auto result =
        read(std::string(header) + "A123456789,2,Z00000002B,甲,乙,1,1100101,1151005,x\n");
    ASSERT_EQ(result.lines.size(), 1u);
    EXPECT_EQ(result.lines[0].seq, 2);
    EXPECT_EQ(result.lines[0].org, testing::east);
    EXPECT_EQ(result.lines[0].end, domain::parse_iso_day("2026-10-05").value());
    EXPECT_TRUE(result.rejected.empty());
    EXPECT_EQ(result.rows, 1);
    EXPECT_EQ(result.ignored_columns, std::vector<std::string>{"unknown"});
}

TEST(CareerFile, takes_lines_that_end_in_a_carriage_return_alone) {
    const auto result = read(
        "Person_ID, SEQ ,org_code,post_kind,start_date,end_date\rA123456789,1,Z00000002B,1,1100101,"
        "\rA123456789,2,Z00000002B,1,1100102,1100103\r");
    EXPECT_EQ(result.problem, "");
    EXPECT_EQ(result.lines.size(), 2u);
    EXPECT_EQ(result.rows, 2);
}

TEST(CareerFile, rejects_each_bad_line_with_its_reason) {
    const auto result = read(std::string(header) +
                             "A123456789,1,Z00000002B,,,1,1151005,1151004,\n"  // end before start
                             "A123456789,2,Z00000099Q,,,1,1100101,,\n"         // unknown agency
                             "A123456789,3,Z00000003C,,,1,1100101,,\n"  // not under the authority
                             "A123456788,1,Z00000002B,,,1,1100101,,\n"  // check digit
                             ",1,Z00000002B,,,1,1100101,,\n"            // blanks
                             "A123456789,,Z00000002B,,,1,1100101,,\n"
                             "A123456789,1,,,,1,1100101,,\n"
                             "A123456789,1,Z00000002B,,,,1100101,,\n"
                             "A123456789,1,Z00000002B,,,1,,,\n"
                             "A123456789,10000,Z00000002B,,,1,1100101,,\n"  // seq
                             "A123456789,1,Z00000002B,,,6,1100101,,\n"      // post_kind
                             "A123456789,1,Z00000002B,,,1,1100230,,\n"      // no such day
                             "A123456789,1,Z00000002B,,,1,1100101\n"        // lost its tail
                             "A123456789,1,Z00000002B,,,1,1100101,,,\n");   // a field too many
    EXPECT_EQ(result.rejected.size(), 14u);
    EXPECT_EQ(result.rows, 14);
    for (std::size_t at = 0; at < result.rejected.size(); ++at)
        EXPECT_EQ(result.rejected[at].line, static_cast<std::int64_t>(at + 2));
    for (const auto& line : result.lines) EXPECT_EQ(line.state, domain::StagedRow::State::rejected);
    EXPECT_EQ(result.lines.size(), 12u);  // those whose person is known
}

TEST(CareerFile, rejects_seq_zero_with_other_columns_filled) {
    const auto result = read(std::string(header) +
                             "A123456789,0,Z00000002B,,,1,1100101,,\n"
                             "A123456789,0,,,,,,,x\n");
    ASSERT_EQ(result.lines.size(), 2u);
    EXPECT_EQ(result.lines[0].state, domain::StagedRow::State::rejected_removal);
    EXPECT_EQ(result.lines[1].state, domain::StagedRow::State::removes_person);
    ASSERT_EQ(result.rejected.size(), 1u);
    EXPECT_EQ(result.rejected[0].line, 2);
}

TEST(CareerFile, a_file_that_cannot_be_read_to_its_end_is_not_taken_as_a_whole) {
    const std::string good = "A123456789,1,Z00000002B,甲,乙,1,1100101,,\n";
    EXPECT_EQ(read("person_id,seq\nA123456789,1\n").problem,
              "第 1 行：缺少欄位 org_code、post_kind、start_date、end_date");
    EXPECT_EQ(read("person_id,seq,org_code,post_kind,start_date,endDate\nA123456789,1,Z00000002B,1,"
                   "1100101,1100102\n")
                  .problem,
              "第 1 行：缺少欄位 end_date");
    EXPECT_EQ(read("person_id,seq,org_code,post_kind,start_date,end_date,End_Date\n").problem,
              "第 1 行第 7 欄：欄位 End_Date 重複");
    EXPECT_EQ(read("").problem, "第 1 行：沒有標題列");
    EXPECT_EQ(read("\xEF\xBB\xBF\r\r").problem, "第 1 行：沒有標題列");
    EXPECT_EQ(
        read(header + good + "A123456789,2,Z00000002B,\"試驗,乙,1,1100101,,\n" + good).problem,
        "第 3 行第 4 欄（第 25 字）：引號內不得換行，引號可能未關閉");
    EXPECT_EQ(read(header + good + "A123456789,2,Z00000002B,甲,一科\",1,1100101,,\n").problem,
              "第 3 行第 5 欄（第 29 字）：欄位未以引號開頭，其中不得有引號");
    EXPECT_EQ(read(header + good + "\"A123456789\"x,1,Z00000002B,,,1,1100101,,\n").problem,
              "第 3 行第 1 欄（第 13 字）：引號之外另有文字");
    EXPECT_EQ(read(header + good + "A123456789,2,Z00000002B,\xA5\xD2,,1,1100101,,\n").problem,
              "第 3 行第 4 欄（第 25 字）：不是 UTF-8 編碼");
}

domain::StagedRow staged(std::int64_t line, std::int16_t seq,
                         domain::StagedRow::State state = domain::StagedRow::State::good) {
    domain::StagedRow made;
    made.line = line;
    made.seq = seq;
    made.state = state;
    made.org = testing::east;
    made.post_kind = 1;
    return made;
}

TEST(SettlePerson, a_seq_is_taken_only_by_the_first_line_that_loads) {
    RejectedRows rejected;
    using State = domain::StagedRow::State;
    const auto person = settle_person(
        std::vector{staged(2, 1, State::rejected), staged(3, 2), staged(4, 1), staged(5, 1)},
        rejected);
    EXPECT_TRUE(person.loads);
    ASSERT_EQ(person.posts.size(), 2u);
    EXPECT_EQ(person.posts[0].seq, 1);
    ASSERT_EQ(rejected.count(), 1);
    EXPECT_EQ(rejected.first()[0].line, 5);
}

TEST(SettlePerson, a_person_all_of_whose_lines_are_bad_keeps_the_old_rows) {
    RejectedRows rejected;
    EXPECT_FALSE(
        settle_person(std::vector{staged(2, 1, domain::StagedRow::State::rejected)}, rejected)
            .loads);
}

TEST(SettlePerson, seq_zero_removes_the_person_unless_other_lines_stand_beside_it) {
    using State = domain::StagedRow::State;
    RejectedRows rejected;
    const auto gone = settle_person(
        std::vector{staged(2, 0, State::removes_person), staged(3, 0, State::removes_person)},
        rejected);
    EXPECT_TRUE(gone.loads && gone.posts.empty());
    EXPECT_EQ(rejected.count(), 1);
    const auto kept =
        settle_person(std::vector{staged(4, 0, State::removes_person), staged(5, 1)}, rejected);
    EXPECT_EQ(kept.posts.size(), 1u);
    EXPECT_EQ(rejected.count(), 2);
    EXPECT_EQ(rejected.first()[1].line, 4);
}

TEST(SettlePerson, a_rejected_line_with_seq_zero_takes_no_seq_and_stands_beside_nobody) {
    using State = domain::StagedRow::State;
    RejectedRows rejected;
    const auto gone = settle_person(
        std::vector{staged(2, 0, State::rejected_removal), staged(3, 0, State::removes_person)},
        rejected);
    EXPECT_TRUE(gone.loads && gone.posts.empty());
    EXPECT_EQ(rejected.count(), 0);
    EXPECT_FALSE(settle_person(std::vector{staged(4, 0, State::rejected_removal)}, rejected).loads);
}

TEST(RejectedRows, lists_the_first_thousand_and_counts_all) {
    RejectedRows rejected;
    for (int line = 5000; line > 0; --line) rejected.add(line, "r");
    EXPECT_EQ(rejected.count(), 5000);
    ASSERT_EQ(rejected.first().size(), 1000u);
    EXPECT_EQ(rejected.first()[0].line, 1);
    EXPECT_EQ(rejected.first()[999].line, 1000);
}

}  // namespace
}  // namespace chaiqin::agency_matcher
