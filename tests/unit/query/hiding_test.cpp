#include "query/readers/hiding.hpp"

#include <gtest/gtest.h>

namespace chaiqin::query::readers {
namespace {

domain::Rule rule(const char* code, const char* message_zh) {
    domain::Rule one;
    one.code = code;
    one.message_zh = message_zh;
    return one;
}

const domain::RuleSet rules("r", {rule("T05", "服務機關與表19不符，歸屬{org}"),
                                  rule("F11", "檔案內容與先前報送之批次{n}相同")});

TEST(Hiding, messages_for_operators_quote_nothing_of_the_file) {
    EXPECT_EQ(message_without_values("T05", "服務機關與表19不符，歸屬Z 機關", false, rules),
              "服務機關與表19不符");
    EXPECT_EQ(message_without_values("F11", "檔案內容與先前報送之批次5相同", false, rules),
              "檔案內容與先前報送之批次相同");
    EXPECT_EQ(message_without_values("L18", "地點不得為空白", false, rules), "地點不得為空白");
    EXPECT_EQ(message_without_values("L02", "假別休假…", false, rules), "L02")
        << "a rule that is gone: never the stored text";
}

TEST(Hiding, findings_for_operators_have_no_values) {
    pb::Finding unknown;
    unknown.set_code("S04");
    unknown.set_field("王小明");
    unknown.set_field_name("王小明");
    unknown.set_message("不得有王小明");
    unknown.set_value("x");
    unknown.set_expected("y");
    hide_values(unknown, rules);
    EXPECT_EQ(unknown.message(), "S04") << "a key that the format does not know is content";
    EXPECT_FALSE(unknown.has_value());
    EXPECT_FALSE(unknown.has_expected());
}

}  // namespace
}  // namespace chaiqin::query::readers
