#include "query/page.hpp"

#include <gtest/gtest.h>

#include "rpc/questions.hpp"

namespace chaiqin::query {
namespace {

using KeyTexts = std::optional<std::vector<std::string>>;

constexpr const char* some_id = "01990000-0000-8000-8000-000000000001";

TEST(PageKeys, come_back_as_they_were) {
    const domain::Instant at{std::chrono::microseconds(1234567)};
    PageKey key;
    key.add(at).add(some_id).add(2).add("/leave_records/17/a:b").add(-3);
    const KeyTexts texts(key.texts());
    PageKeyReader reader(texts);
    EXPECT_EQ(reader.instant(end_of_time), at);
    EXPECT_EQ(reader.uuid(greatest_uuid), some_id);
    EXPECT_EQ(reader.number<std::int16_t>(-1), 2);
    EXPECT_EQ(reader.text(""), "/leave_records/17/a:b");
    EXPECT_EQ(reader.number<std::int32_t>(0), -3);
    EXPECT_THROW((void)reader.text(""), rpc::Refused) << "a key that is too short";
}

TEST(PageKeys, without_one_a_list_is_read_from_its_start) {
    const KeyTexts none;
    PageKeyReader reader(none);
    EXPECT_EQ(reader.instant(end_of_time), end_of_time);
    EXPECT_EQ(reader.uuid(greatest_uuid), greatest_uuid);
    EXPECT_EQ(reader.number<std::int32_t>(-1), -1);
    EXPECT_EQ(reader.text("a"), "a");
}

TEST(PageKeys, parts_that_are_none_are_refused) {
    const KeyTexts texts(std::vector<std::string>{"x"}),
        too_great(std::vector<std::string>{"32768"});
    EXPECT_THROW((void)PageKeyReader(texts).instant(end_of_time), rpc::Refused);
    EXPECT_THROW((void)PageKeyReader(texts).uuid(greatest_uuid), rpc::Refused);
    EXPECT_THROW((void)PageKeyReader(texts).number<std::int16_t>(0), rpc::Refused);
    EXPECT_THROW((void)PageKeyReader(too_great).number<std::int16_t>(0), rpc::Refused);
}

TEST(PageKeys, ids_are_taken_in_any_case_and_nothing_else_is_an_id) {
    EXPECT_EQ(canonical_uuid("0199ABCD-0000-8000-8000-00000000000F"),
              "0199abcd-0000-8000-8000-00000000000f");
    for (const char* bad :
         {"", "0199abcd", "0199abcd-0000-8000-8000-00000000000g",
          "0199abcd000080008000000000000000000f", "{199abcd-0000-8000-8000-00000000000f"})
        EXPECT_EQ(canonical_uuid(bad), "") << bad;
}

}  // namespace
}  // namespace chaiqin::query
