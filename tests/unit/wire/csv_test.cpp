#include "wire/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chaiqin::wire {
namespace {

using testing::ElementsAre;

struct Row {
    std::uint64_t line;
    std::vector<std::string> fields;
    CsvRow::Shape shape = CsvRow::Shape::whole;
    bool operator==(const Row&) const = default;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.line << (row.shape == CsvRow::Shape::whole ? "" : "!");
    for (const auto& field : row.fields) *out << '|' << field;
}

struct Read {
    std::vector<Row> rows;
    std::optional<TableFault> fault;
    bool operator==(const Read&) const = default;
};

Read read_of(std::string_view text, std::size_t piece) {
    Read read;
    CsvReader reader([&](const CsvRow& row) {
        read.rows.push_back({row.line, {row.fields.begin(), row.fields.end()}, row.shape});
    });
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        reader.feed(text.substr(0, piece));
    reader.finish();
    read.fault = reader.fault();
    return read;
}

/// However the bytes are cut, rows and fault are the same.
Read read_of(std::string_view text) {
    const auto whole = read_of(text, std::string_view::npos);
    for (const std::size_t piece : {1, 2, 3, 7}) EXPECT_EQ(read_of(text, piece), whole) << piece;
    return whole;
}

std::vector<Row> rows_of(std::string_view text) {
    const auto read = read_of(text);
    EXPECT_FALSE(read.fault) << read.fault->en();
    return read.rows;
}

std::string fault_of(std::string_view text) {
    const auto read = read_of(text);
    return read.fault ? read.fault->en() : "";
}

TEST(Csv, reads_fields_quotes_and_every_line_end) {
    for (const std::string end : {"\r\n", "\n", "\r"})
        EXPECT_THAT(rows_of("a,b" + end + "1,\"x,\"\"y\"\"\"" + end + "," + end + end + "z"),
                    ElementsAre(Row{1, {"a", "b"}}, Row{2, {"1", "x,\"y\""}}, Row{3, {"", ""}},
                                Row{5, {"z"}}));
    EXPECT_THAT(rows_of("a\r\n\rb\n\r\nc"),
                ElementsAre(Row{1, {"a"}}, Row{3, {"b"}}, Row{5, {"c"}}));
}

TEST(Csv, skips_a_bom_and_blank_lines_and_counts_lines) {
    EXPECT_THAT(rows_of("\xEF\xBB\xBFh\n\r\n\nlast"), ElementsAre(Row{1, {"h"}}, Row{4, {"last"}}));
    EXPECT_THAT(rows_of(""), ElementsAre());
    EXPECT_THAT(rows_of("\xEF\xBB\xBF"), ElementsAre());
}

TEST(Csv, says_where_a_text_stops_being_csv) {
    EXPECT_EQ(fault_of("h\na,\"open"), "line 2, column 2 (character 3): a quote is never closed");
    EXPECT_EQ(fault_of("h\n甲,乙,\"試驗\nx\n"),
              "line 2, column 3 (character 5): a line ends inside quotes; is the quote never "
              "closed?");
    EXPECT_EQ(fault_of("\"a\rb\""),
              "line 1, column 1 (character 1): a line ends inside quotes; is the quote never "
              "closed?");
    EXPECT_EQ(fault_of("\"a\"b\nd"), "line 1, column 1 (character 4): text beside a closed quote");
    EXPECT_EQ(fault_of("h\n一科\",x\n"),
              "line 2, column 1 (character 3): a quote inside a field that does not begin with "
              "one");
    EXPECT_EQ(fault_of(std::string_view("a\nb\0c\n", 6)),
              "line 2, column 1 (character 2): a NUL character");
    const TableFault fault{3, 2, 17, "引號未關閉", "a quote is never closed"};
    EXPECT_EQ(fault.zh(), "第 3 行第 2 欄（第 17 字）：引號未關閉");
}

TEST(Csv, gives_no_row_after_a_fault) {
    EXPECT_THAT(read_of("h\na\"\nb\n").rows, ElementsAre(Row{1, {"h"}}));
}

TEST(Csv, takes_nothing_that_is_not_utf8) {
    for (const std::string_view bad :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
          "\xF4\x90\x80\x80", "\xF5", "\xE4\xB8", "\xE4,", "\xA6\xA8", "\xEF\xBBx"})
        EXPECT_THAT(fault_of(std::string("long enough for eight,") + std::string(bad)),
                    testing::HasSubstr("line 1, column 2 (character 23): bytes that are not UTF-8"))
            << bad;
    EXPECT_THAT(fault_of("\xEF\xBB"), testing::HasSubstr("not UTF-8"));
    EXPECT_THAT(rows_of("é甲\U0001F600\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80"),
                testing::SizeIs(1));
}

TEST(Csv, a_row_over_the_limit_is_marked_and_the_next_one_is_good) {
    for (const char* row : {"0123456789,", "012345678\"\"", ","}) {
        std::string text = "h\n\"";
        if (row[0] == ',') text = "h\n";
        while (text.size() < 2 * CsvReader::longest_row_bytes) text += row;
        if (row[0] != ',') text += '"';
        const auto rows = read_of(text + "\nend\n", 1000).rows;
        ASSERT_EQ(rows.size(), 3u);
        EXPECT_EQ(rows[1].shape, CsvRow::Shape::too_long);
        EXPECT_EQ(rows[2], (Row{3, {"end"}}));
    }
}

std::vector<std::string> shapes_of(std::string_view text, CsvColumns columns = {{"a"}, {"b"}}) {
    std::vector<std::string> seen;
    const auto fault =
        read_csv(text, std::move(columns), [&](const CsvHeader& header, const CsvRow& row) {
            if (!row.whole()) return seen.emplace_back(shape_en(row.shape)), void();
            seen.push_back(std::string(row.field(header.column("a"))) + "/" +
                           std::string(row.field(header.column("b"))));
        });
    if (fault) return {fault->en()};
    return seen;
}

TEST(CsvTable, gives_columns_by_name_trimmed_and_without_case) {
    EXPECT_THAT(shapes_of("b,a\n1,2\n,3\n"), ElementsAre("2/1", "3/"));
    EXPECT_THAT(shapes_of("\xEF\xBB\xBF B\t,\u3000A \r1,2"), ElementsAre("2/1"));
    EXPECT_THAT(shapes_of("a\n"), ElementsAre());
}

TEST(CsvTable, marks_rows_with_more_or_fewer_fields_than_the_header) {
    EXPECT_THAT(shapes_of("a,b\n1\n1,2,3\n1,2\n"),
                ElementsAre("the row has not as many fields as the header",
                            "the row has not as many fields as the header", "1/2"));
}

TEST(CsvTable, every_fault_of_a_header_is_one_of_the_whole) {
    EXPECT_THAT(shapes_of(""), ElementsAre("line 1: there is no header row"));
    EXPECT_THAT(shapes_of("\r\n\n"), ElementsAre("line 1: there is no header row"));
    EXPECT_THAT(shapes_of("\nb\n1\n"), ElementsAre("line 2: no column a"));
    EXPECT_THAT(shapes_of("a,b, A\n1,2,3\n"),
                ElementsAre("line 1, column 3: there is a column A already"));
    EXPECT_THAT(shapes_of("a,c\n1,2\n"), ElementsAre("line 1, column 2: unknown column c"));
    EXPECT_THAT(shapes_of("a,\n1,2\n"), ElementsAre("line 1, column 2: unknown column "));
    EXPECT_THAT(shapes_of("\"a,b\n1,2\n"), ElementsAre(testing::HasSubstr("inside quotes")));
    EXPECT_THAT(shapes_of("a,b" + std::string(70000, 'x')),
                ElementsAre("line 1: the header is over 64 KiB"));
    EXPECT_THAT(shapes_of("x\n1\n", {{"a", "b"}, {}, true}), ElementsAre("line 1: no column a, b"));
}

TEST(CsvTable, names_the_columns_that_it_does_not_know) {
    CsvTable table({{"a"}, {"b"}, true}, [](const CsvHeader&, const CsvRow&) {});
    table.feed("Other , B,a,\n1,2,3,4\n");
    table.finish();
    EXPECT_FALSE(table.fault());
    EXPECT_THAT(table.unknown_columns(), ElementsAre("Other", "第 4 欄"));
}

}  // namespace
}  // namespace chaiqin::wire
