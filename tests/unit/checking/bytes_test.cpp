// The file as bytes: which fault stands alone, where it is, and what no parser may be fooled by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/checking/sample_file.hpp"

namespace chaiqin::checking::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CheckResult check(std::string_view bytes, std::string_view file_name = "upload.json") {
    auto request = request_of(bytes);
    request.file_name = file_name;
    return check_file(request);
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    text.replace(text.find(what), what.size(), by);
    return text;
}

TEST(Bytes, the_sample_of_the_format_has_no_finding) {
    const auto text = sample_text();
    const auto result = check(text);
    EXPECT_THAT(lines_of(result), IsEmpty());
    EXPECT_EQ(result.record_count, 2u);
    EXPECT_FALSE(result.rejected);
}

TEST(Bytes, the_name_must_end_in_json_after_something) {
    const auto text = sample_text();
    EXPECT_THAT(lines_of(check(text, "a.txt")), ElementsAre(" F01"));
    EXPECT_THAT(lines_of(check(text, ".json")), ElementsAre(" F01"));
    EXPECT_THAT(lines_of(check(text, "")), ElementsAre(" F01"));
    EXPECT_THAT(lines_of(check(text, "報送.JsOn")), IsEmpty());
}

TEST(Bytes, the_first_of_name_size_content_and_encoding_stands_alone) {
    const std::string large(5 * 1024 * 1024 + 1, '\xFF');
    EXPECT_THAT(lines_of(check(large, "a.txt")), ElementsAre(" F01"));
    EXPECT_THAT(lines_of(check(large)), ElementsAre(" F02"));
    EXPECT_THAT(lines_of(check("")), ElementsAre(" F04"));
    EXPECT_THAT(lines_of(check("\xEF\xBB\xBF")), ElementsAre(" F04"));
    EXPECT_TRUE(check("").rejected);
}

TEST(Bytes, five_megabytes_with_the_bom_are_the_limit) {
    const auto text = "\xEF\xBB\xBF" + sample_text();
    const std::string padding(5 * 1024 * 1024 - text.size(), ' ');
    EXPECT_THAT(lines_of(check(text + padding)), ElementsAre(" F12"));
    EXPECT_THAT(lines_of(check(text + padding + " ")), ElementsAre(" F02"));
}

TEST(Bytes, ill_formed_utf8_is_refused) {
    for (const std::string_view bad :
         {"{\"a\":\"\xFF\"}", "\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"",
          "\"\xE7\x8E\"", "\xFF\xFE{\x00}\x00", "\"\x80\""}) {
        EXPECT_THAT(lines_of(check(bad)), ElementsAre(" F05"));
    }
}

TEST(Bytes, one_bom_warns_and_a_second_is_a_syntax_fault) {
    const auto text = sample_text();
    EXPECT_THAT(lines_of(check("\xEF\xBB\xBF" + text)), ElementsAre(" F12"));
    const auto twice = check("\xEF\xBB\xBF\xEF\xBB\xBF" + text);
    EXPECT_THAT(lines_of(twice), ElementsAre(" F12", " F06"));
    EXPECT_EQ(twice.findings[1].finding.message, "JSON 語法錯誤-第1行第1字");
}

struct SyntaxCase {
    std::string_view text;
    int line, code_point;
};

TEST(Bytes, a_syntax_fault_tells_line_and_code_point) {
    const SyntaxCase cases[] = {
        {.text = "{", .line = 1, .code_point = 2},
        {.text = "{\"a\":1,}", .line = 1, .code_point = 8},
        {.text = "[1,]", .line = 1, .code_point = 4},
        {.text = "{\"王\":tru}", .line = 1, .code_point = 9},
        {.text = "{\n\"王小\":01}", .line = 2, .code_point = 7},
        {.text = "{\"a\":NaN}", .line = 1, .code_point = 6},
        {.text = "{\"a\":1} // x", .line = 1, .code_point = 9},
        {.text = "{\"a\":1}{", .line = 1, .code_point = 8},
        {.text = "{\"a\":\"\\x\"}", .line = 1, .code_point = 7},
        {.text = "{\"a\":\"\\ud800\"}", .line = 1, .code_point = 7},
        {.text = "{\"a\":\"\\ud800\\u0041\"}", .line = 1, .code_point = 7},
        {.text = "{\"a\":\"\\udc00\"}", .line = 1, .code_point = 7},
        {.text = "{\"a\":\"\t\"}", .line = 1, .code_point = 7},
        {.text = "{\"a\" 1}", .line = 1, .code_point = 6},
        {.text = "{a:1}", .line = 1, .code_point = 2},
        {.text = "{\"a\":-}", .line = 1, .code_point = 7},
        {.text = "{\"a\":1.}", .line = 1, .code_point = 8},
        {.text = "{\"a\":1e}", .line = 1, .code_point = 8},
        {.text = "{\"a\":+1}", .line = 1, .code_point = 6},
        {.text = "{\"a\":'x'}", .line = 1, .code_point = 6},
        {.text = "{\"a\":\"x", .line = 1, .code_point = 8},
    };
    for (const auto& expected : cases) {
        SCOPED_TRACE(expected.text);
        const auto result = check(expected.text);
        ASSERT_THAT(lines_of(result), ElementsAre(" F06"));
        EXPECT_EQ(result.findings[0].finding.message,
                  "JSON 語法錯誤-第" + std::to_string(expected.line) + "行第" +
                      std::to_string(expected.code_point) + "字");
    }
}

TEST(Bytes, a_raw_nul_is_a_syntax_fault_wherever_it_stands) {
    using namespace std::string_literals;
    EXPECT_THAT(lines_of(check("{\"a\":\"\0\"}"s)), ElementsAre(" F06"));
    EXPECT_THAT(lines_of(check(sample_text() + "\0"s)), ElementsAre(" F06"));
    EXPECT_THAT(lines_of(check("\0"s)), ElementsAre(" F06"));
}

TEST(Bytes, the_root_must_be_an_object) {
    for (const std::string_view text : {"[]", "1", "\"x\"", "null", "[{}]", "1e999"}) {
        EXPECT_THAT(lines_of(check(text)), ElementsAre(" F07")) << text;
    }
}

TEST(Bytes, a_repeated_key_is_found_in_any_object_after_unescaping) {
    const auto text = sample_text();
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"\"data_month\":\"11510\"", "/data_month"},
        {"\"reason\":\"休假\"", "/leave_records/0/reason"},
        {"\"void_minutes\":0", "/overtime_records/0/void_minutes"},
    };
    for (const auto& [member, pointer] : cases) {
        const auto result =
            check(replaced(text, member, std::string(member) + "," + std::string(member)));
        ASSERT_THAT(lines_of(result), ElementsAre(std::string(pointer) + " F08"));
    }
    const auto escaped =
        check(replaced(text, "\"revision\":1", "\"revision\":1,\"r\\u0065vision\":1"));
    ASSERT_THAT(lines_of(escaped), ElementsAre("/leave_records/0/revision F08"));
    EXPECT_EQ(escaped.findings[0].finding.message, "JSON 架構錯誤-項目版次重複");
    EXPECT_EQ(escaped.findings[0].finding.field, "revision");
    EXPECT_THAT(lines_of(check(R"({"x":[1,{"a~/b":{"k":1,"k":2}}]})")),
                ElementsAre("/x/1/a~0~1b/k F08"));
    EXPECT_THAT(lines_of(check(replaced(text, "\"sub_type\":\"\"", R"("sub_type":{"q":1,"q":1})"))),
                ElementsAre("/leave_records/0/sub_type/q F08"));
}

TEST(Bytes, the_sixth_level_is_too_deep) {
    EXPECT_THAT(lines_of(check("[[[[[[1]]]]]]")), ElementsAre(" F09"));
    EXPECT_THAT(lines_of(check("[[[[[1]]]]]")), ElementsAre(" F07"));
    const auto text = sample_text();
    EXPECT_THAT(lines_of(check(replaced(text, "\"reason\":\"休假\"", "\"reason\":[[1]]"))),
                ElementsAre("/leave_records/0/reason S03"));
    EXPECT_THAT(lines_of(check(replaced(text, "\"reason\":\"休假\"", "\"reason\":[[[1]]]"))),
                ElementsAre(" F09"));
    const std::string bomb(5'000'000, '[');
    EXPECT_THAT(lines_of(check(bomb)), ElementsAre(" F09"));
}

TEST(Bytes, the_first_fault_in_byte_order_wins) {
    EXPECT_THAT(lines_of(check(R"({"a":1,"a":2,})")), ElementsAre("/a F08"));
    EXPECT_THAT(lines_of(check(R"({"a":1,,"a":2})")), ElementsAre(" F06"));
    EXPECT_THAT(lines_of(check(R"({"a":[[[[[[)")), ElementsAre(" F09"));
}

TEST(Bytes, more_than_twenty_thousand_elements_of_any_type_are_too_many) {
    const auto file = [](std::size_t leave, std::size_t overtime) {
        const auto elements = [](std::size_t count) {
            std::string text;
            for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "1" : ",1";
            return text;
        };
        return R"({"leave_records":[)" + elements(leave) + R"(],"overtime_records":[)" +
               elements(overtime) + "]}";
    };
    const auto over = file(20'000, 1);
    const auto result = check(over);
    EXPECT_THAT(lines_of(result), ElementsAre(" F10"));
    EXPECT_EQ(result.record_count, 20'001u);
    const auto full = file(19'999, 1);
    EXPECT_EQ(check(full).invalid_lines, 20'000u);
}

TEST(Bytes, numbers_of_any_size_are_type_errors_at_most) {
    const auto text = sample_text();
    const std::string digits(400, '9');
    for (const auto& number :
         {std::string("1e999"), digits, "-" + digits, std::string("1e-999"), std::string("480.0"),
          std::string("48e1"), std::string("18446744073709551616")}) {
        const auto result =
            check(replaced(text, "\"leave_minutes\":480", "\"leave_minutes\":" + number));
        EXPECT_THAT(lines_of(result), ElementsAre("/leave_records/0/leave_minutes S03")) << number;
        const auto unlisted =
            check(replaced(text, "\"leave_minutes\":480", "\"leave_minutes\":480,\"x\":" + number));
        EXPECT_THAT(lines_of(unlisted), ElementsAre("/leave_records/0/x S04")) << number;
    }
    EXPECT_THAT(lines_of(check(replaced(text, "\"comp_minutes\":0", "\"comp_minutes\":-0"))),
                IsEmpty());
    EXPECT_THAT(lines_of(check(replaced(text, "\"record_seq\":1", "\"record_seq\":-0"))),
                ElementsAre("/leave_records/0/record_seq C03"));
    EXPECT_THAT(
        lines_of(check(replaced(text, "\"record_seq\":1", "\"record_seq\":18446744073709551615"))),
        ElementsAre("/leave_records/0/record_seq C03"));
}

TEST(Bytes, escaped_nul_is_a_control_character_of_its_key) {
    const auto text = sample_text();
    const auto result = check(replaced(text, "\"sub_type\":\"\"", "\"sub_type\":\"\\u0000\""));
    EXPECT_THAT(lines_of(result), ElementsAre("/leave_records/0/sub_type S07"));
    EXPECT_THAT(
        lines_of(check(replaced(text, "\"reason\":\"休假\"", "\"reason\":\"\\ud842\\udfb7\""))),
        IsEmpty());
}

TEST(Bytes, the_envelope_may_stand_behind_the_records) {
    const auto text = sample_text();
    const auto arrays = text.find("\"leave_records\"");
    const auto end = text.rfind(']');
    const auto head = text.substr(1, text.rfind(',', arrays) - 1);
    const auto moved = "{" + text.substr(arrays, end + 1 - arrays) + "," + head + "}";
    EXPECT_THAT(
        lines_of(check(replaced(moved, "\"data_month\":\"11510\"", "\"data_month\":\"11509\""))),
        ElementsAre("/data_month E18", "/leave_records/0/start_date L09",
                    "/overtime_records/0/overtime_date O09"));
}

}  // namespace
}  // namespace chaiqin::checking::test
