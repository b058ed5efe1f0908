#include "domain/hash_index.hpp"

#include <gtest/gtest.h>

namespace chaiqin::domain {
namespace {

/// Adds the numbers below `count` with the hash that `hash_of` makes of each, then finds each.
template <typename HashOf>
void expect_all_found(std::uint32_t count, const HashOf& hash_of) {
    HashIndex index;
    for (std::uint32_t i = 0; i < count; ++i) index.add(hash_of(i), i);
    EXPECT_EQ(index.size(), count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto same = [&](std::uint32_t position) { return position == i; };
        ASSERT_EQ(index.find(hash_of(i), same), i);
    }
    EXPECT_EQ(index.find(hash_of(count), [&](std::uint32_t) { return false; }), std::nullopt);
}

TEST(HashIndex, what_was_added_is_found_before_and_after_it_grew) {
    expect_all_found(200'000, [](std::uint64_t i) { return i * 0x9E3779B97F4A7C15u; });
}

TEST(HashIndex, items_with_one_hash_are_told_apart) {
    expect_all_found(500, [](std::uint64_t i) { return i % 3; });
    // Buckets at the end of the table go on at its beginning.
    expect_all_found(500, [](std::uint64_t) { return 0xFFFFFFFFu; });
}

TEST(HashIndex, nothing_is_found_after_it_was_cleared) {
    HashIndex index(1000);
    index.add(7, 0);
    index.clear();
    EXPECT_EQ(index.size(), 0u);
    EXPECT_EQ(index.find(7, [](std::uint32_t) { return true; }), std::nullopt);
}

}  // namespace
}  // namespace chaiqin::domain
