// What the content hash of a line is made of. Stored lines carry these hashes: if they changed,
// every unchanged line that is sent again would be U03.
#include <gtest/gtest.h>

#include <map>

#include "checking/record/columns.hpp"
#include "checking/record/table.hpp"
#include "unit/checking/sample_file.hpp"

namespace chaiqin::checking::test {
namespace {

/// FNV-1a, the same on every machine.
std::uint64_t fnv(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const unsigned char byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
    return hash;
}

struct FixedHasher final : PlainHasher {
    std::uint64_t content(std::string_view bytes) override { return fnv(bytes); }
};

TEST(Content, of_the_sample_is_what_it_always_was) {
    FixedHasher hasher;
    const auto text = sample_text();
    auto request = request_of(text);
    request.hasher = &hasher;
    for (const auto& result : {check_file(request), check_file_by_explaining(request)}) {
        ASSERT_EQ(result.lines.size(), 2u);
        EXPECT_EQ(result.lines[0].content, 0xe610450999eaacd5u);
        EXPECT_EQ(result.lines[1].content, 0x5288d9fb4011d0b1u);
    }
}

// Two keys that might come into the format of leaves.
constexpr auto later_fields =
    joined(leave::fields, std::to_array<RecordField>({{.key = "shift", .required = false},
                                                      {.key = "weekday", .required = false}}));
enum : std::size_t { shift = leave::key_count, weekday };

JsonValue text_value(std::string_view text) { return {.type = ValueType::string, .text = text}; }

std::string content(std::span<const RecordField> fields,
                    const std::map<std::size_t, JsonValue>& values) {
    RecordFacts facts;
    facts.values[leave::reason] = text_value("休假");
    for (const auto& [index, value] : values) facts.values[index] = value;
    std::string bytes;
    append_content(bytes, fields, facts);
    return bytes;
}

TEST(Content, a_later_key_that_is_absent_or_blank_adds_nothing) {
    const auto before = content(leave::fields, {});
    EXPECT_EQ(content(later_fields, {}), before);
    EXPECT_EQ(content(later_fields, {{shift, text_value("")}}), before);
    EXPECT_EQ(content(later_fields, {{weekday, text_value(" ")}}), before);
    EXPECT_NE(content(later_fields, {{shift, text_value("1")}}), before);
    EXPECT_NE(content(later_fields, {{shift, text_value("1")}}),
              content(later_fields, {{weekday, text_value("1")}}));
}

TEST(Content, a_later_key_may_be_absent_and_the_record_is_good) {
    EXPECT_EQ(required_keys_of(later_fields), KeySet::first(leave::key_count));
    EXPECT_EQ(required_keys_of(leave::fields), KeySet::first(leave::key_count));
    const RecordFacts facts;
    EXPECT_TRUE(is_sound(later_fields[shift], JsonValue{}, facts));
    EXPECT_FALSE(is_sound(later_fields[shift], JsonValue{.type = ValueType::integer}, facts));
    EXPECT_FALSE(is_sound(later_fields[leave::reason], JsonValue{}, facts));
}

}  // namespace
}  // namespace chaiqin::checking::test
