#include "domain/attribution.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace chaiqin::domain {
namespace {

struct CaseRow {
    std::string authority;
    int seq = 0;
    std::string org;
    int kind = 0;
    std::string start, end;
};

struct CaseRecord {
    std::string name, first, last, claimed, expected_org, expected_step, expected_findings;
    std::vector<CaseRow> rows;
};

std::vector<CaseRecord> worked_cases() {
    std::ifstream file(CHAIQIN_SOURCE_DIR "/tests/data/attribution/cases.txt");
    std::vector<CaseRecord> cases;
    std::vector<CaseRow> rows;
    std::string line, name;
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string word, arrow;
        words >> word;
        if (word == "case") {
            std::getline(words >> std::ws, name);
            rows.clear();
        } else if (word == "row") {
            CaseRow row;
            words >> row.authority >> row.seq >> row.org >> row.kind >> row.start >> row.end;
            rows.push_back(row);
        } else if (word == "record") {
            CaseRecord record;
            words >> record.first >> record.last >> record.claimed >> arrow >>
                record.expected_org >> record.expected_step >> record.expected_findings;
            record.name = name;
            record.rows = rows;
            cases.push_back(record);
        }
    }
    return cases;
}

Table19 table_of(const std::vector<CaseRow>& rows) {
    CareerRows careers(std::make_shared<CodeTable>());
    for (const auto& row : rows)
        careers.add(1, row.authority, row.seq, row.org, post_kind_of(row.kind).value(),
                    parse_iso_day(row.start).value(),
                    row.end == "-" ? open_end : parse_iso_day(row.end).value());
    return Table19(std::move(careers), 1);
}

std::string findings_of(LineOutcome value) {
    std::string text;
    const auto add = [&](LineOutcome bit, const char* code) {
        if ((value & bit) == 0) return;
        if (!text.empty()) text += ',';
        text += code;
    };
    add(outcome::other_org, "T05");
    add(outcome::several, "T06");
    add(outcome::spans, "T08");
    add(outcome::on_unpaid_leave, "T09");
    return text.empty() ? "-" : text;
}

void expect_case(const CaseRecord& record, const Table19& table) {
    SCOPED_TRACE(record.name + ": " + record.first + " " + record.claimed);
    const auto result =
        attribute(table.posts_of(1),
                  {parse_iso_day(record.first).value(), parse_iso_day(record.last).value(),
                   table.codes().find(record.claimed)},
                  table.codes());
    const auto step = std::string(step_name(outcome::deciding_step(result.value)));
    if (outcome::is_unmatched(result.value)) {
        EXPECT_EQ(step, record.expected_org);
        EXPECT_EQ(result.org, CodeTable::none);
    } else {
        EXPECT_EQ(table.codes().code(result.org), record.expected_org);
        EXPECT_EQ(step.empty() ? "-" : step, record.expected_step);
    }
    EXPECT_EQ(findings_of(result.value), record.expected_findings);
}

TEST(Attribution, every_worked_case_comes_out_as_written_down) {
    const auto cases = worked_cases();
    ASSERT_GE(cases.size(), 30u);
    for (const auto& record : cases) expect_case(record, table_of(record.rows));
}

TEST(Attribution, the_order_of_the_rows_does_not_matter) {
    for (auto record : worked_cases()) {
        std::reverse(record.rows.begin(), record.rows.end());
        expect_case(record, table_of(record.rows));
    }
}

TEST(Attribution, an_outcome_says_how_many_findings_it_makes) {
    EXPECT_EQ(outcome::finding_count(0), 0);
    EXPECT_EQ(outcome::finding_count(static_cast<LineOutcome>(DecidingStep::gap)), 1);
    EXPECT_EQ(outcome::finding_count(static_cast<LineOutcome>(DecidingStep::org) |
                                     outcome::several | outcome::other_org),
              2);
    EXPECT_EQ(outcome::finding_count(outcome::deletion), 0);
}

}  // namespace
}  // namespace chaiqin::domain
