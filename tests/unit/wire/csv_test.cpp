#include "wire/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chaiqin::wire {
namespace {

using testing::ElementsAre;

struct Row {
    std::uint64_t line;
    std::vector<std::string> fields;
    bool well_formed;
    bool operator==(const Row&) const = default;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.line << (row.well_formed ? "" : "!");
    for (const auto& field : row.fields) *out << '|' << field;
}

std::vector<Row> rows_of(std::string_view text, std::size_t piece) {
    std::vector<Row> rows;
    CsvReader reader([&](const CsvRow& row) {
        rows.push_back({row.line, {row.fields.begin(), row.fields.end()}, row.well_formed});
    });
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        reader.feed(text.substr(0, piece));
    reader.finish();
    return rows;
}

std::vector<Row> rows_of(std::string_view text) {
    const auto whole = rows_of(text, std::string_view::npos);
    // However the bytes are cut, the rows are the same.
    for (const std::size_t piece : {1, 2, 3, 7}) EXPECT_EQ(rows_of(text, piece), whole) << piece;
    return whole;
}

TEST(Csv, reads_fields_quotes_and_both_line_ends) {
    EXPECT_THAT(rows_of("a,b\r\n1,\"x,\"\"y\"\"\"\n,\n"),
                ElementsAre(Row{1, {"a", "b"}, true}, Row{2, {"1", "x,\"y\""}, true},
                            Row{3, {"", ""}, true}));
}

TEST(Csv, skips_a_bom_and_blank_lines_and_counts_lines) {
    EXPECT_THAT(
        rows_of("\xEF\xBB\xBFh\n\r\n\n\"two\nlines\"\nlast"),
        ElementsAre(Row{1, {"h"}, true}, Row{4, {"two\nlines"}, true}, Row{6, {"last"}, true}));
    EXPECT_THAT(rows_of("\xEF\xBBx"), ElementsAre(Row{1, {"\xEF\xBBx"}, true}));
    EXPECT_THAT(rows_of(""), ElementsAre());
}

TEST(Csv, marks_rows_that_are_not_well_formed_and_goes_on) {
    EXPECT_THAT(rows_of("a\"b,c\nd\n"),
                ElementsAre(Row{1, {"ab", "c"}, false}, Row{2, {"d"}, true}));
    EXPECT_THAT(rows_of("\"a\"b\nd"), ElementsAre(Row{1, {"a"}, false}, Row{2, {"d"}, true}));
    EXPECT_THAT(rows_of("a\rb\nd"), ElementsAre(Row{1, {"ab"}, false}, Row{2, {"d"}, true}));
    EXPECT_THAT(rows_of("\"open"), ElementsAre(Row{1, {"open"}, false}));
}

TEST(Csv, an_open_quote_does_not_swallow_the_rest) {
    std::string text = "h\n\"open\n";
    while (text.size() < 2 * CsvReader::longest_row_bytes) text += "0123456789,\n";
    text += "end\n";
    const auto rows = rows_of(text, 1000);
    ASSERT_GE(rows.size(), 3u);
    EXPECT_FALSE(rows[1].well_formed);
    EXPECT_EQ(rows.back().fields, std::vector<std::string>{"end"});
    EXPECT_TRUE(rows.back().well_formed);
}

TEST(Csv, gives_columns_by_name) {
    std::vector<std::string> seen;
    EXPECT_TRUE(read_csv("b,a\n1,2\n3\n", [&](const CsvHeader& header, const CsvRow& row) {
        seen.emplace_back(std::string(row.field(header.column("a"))) + "/" +
                          std::string(row.field(header.column("b"))) + "/" +
                          std::string(row.field(header.column("c"))));
    }));
    EXPECT_THAT(seen, ElementsAre("2/1/", "/3/"));
    EXPECT_FALSE(read_csv("", [](const CsvHeader&, const CsvRow&) {}));
}

TEST(Csv, writes_fields_that_it_reads_back) {
    for (const std::string_view text : {"", "plain", "a,b", "\"", "two\nlines", "\r"}) {
        EXPECT_EQ(rows_of("h," + csv_field(text)),
                  (std::vector<Row>{{1, {"h", std::string(text)}, true}}));
    }
}

}  // namespace
}  // namespace chaiqin::wire
