#include "wire/json_writer.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace chaiqin::wire {
namespace {

TEST(JsonWriter, writes_members_in_their_order) {
    JsonWriter out;
    out.begin_object()
        .member("text", std::string("差勤"))
        .member("literal", "x")
        .member("yes", true)
        .member("least", std::int64_t{-9'223'372'036'854'775'807})
        .member("most", ~std::uint64_t{0})
        .member("small", std::uint32_t{7})
        .member("none", std::optional<std::string>())
        .member("some", std::optional<int>(3))
        .member("list", std::vector<std::string>{"a", "b"})
        .member("empty", std::vector<std::uint32_t>{});
    out.key("objects").begin_array();
    for (int i = 0; i < 2; ++i) out.begin_object().member("i", i).end_object();
    out.end_array().end_object();
    EXPECT_EQ(out.take(),
              R"({"text":"差勤","literal":"x","yes":true,"least":-9223372036854775807,)"
              R"("most":18446744073709551615,"small":7,"none":null,"some":3,"list":["a","b"],)"
              R"("empty":[],"objects":[{"i":0},{"i":1}]})");
}

TEST(JsonWriter, escapes_what_json_forbids_and_keeps_zero_bytes) {
    JsonWriter out;
    out.begin_array().value(std::string_view("\"\\/\n\r\t\x01\0é", 10)).value("").end_array();
    EXPECT_EQ(out.take(), "[\"\\\"\\\\/\\n\\r\\t\\u0001\\u0000é\",\"\"]");
}

TEST(JsonWriter, takes_a_value_that_is_written_already) {
    JsonWriter out;
    out.begin_object();
    out.key("receipt").raw(R"({"a":1})");
    out.key("problem").raw("null").end_object();
    EXPECT_EQ(out.take(), R"({"receipt":{"a":1},"problem":null})");
}

}  // namespace
}  // namespace chaiqin::wire
