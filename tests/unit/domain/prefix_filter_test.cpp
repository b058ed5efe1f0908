#include "domain/prefix_filter.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/matching_builders.hpp"

namespace chaiqin::domain {
namespace {

IdentityPrefixes row(std::int64_t id, std::uint64_t from, std::uint64_t to) {
    MatchedFile file;
    file.head.agency = testing::north;
    file.head.submission_id = testing::submission(static_cast<int>(id));
    for (auto number = from; number < to; ++number)
        file.lines.emplace_back().identity = testing::spread(number);
    auto prefixes = prefixes_of(file);
    prefixes.id = id;
    return prefixes;
}

PrefixFilter filter(std::initializer_list<std::uint64_t> numbers) {
    std::vector<std::uint32_t> prefixes;
    for (const auto number : numbers) prefixes.push_back(prefix_of(testing::spread(number)));
    return PrefixFilter(prefixes);
}

TEST(PrefixFilter, finds_just_the_files_that_may_hold_a_key) {
    const std::vector rows{row(1, 0, 100), row(2, 100, 200), row(3, 200, 300)};
    EXPECT_EQ(possible_files(filter({5, 250}), rows),
              (std::vector{testing::submission(1), testing::submission(3)}));
    EXPECT_TRUE(possible_files(filter({1000}), rows).empty());
    EXPECT_TRUE(possible_files(PrefixFilter({}), rows).empty());
}

TEST(PrefixFilter, merged_rows_find_the_same_files) {
    std::vector<IdentityPrefixes> rows;
    for (std::uint64_t i = 0; i < 64; ++i)
        rows.push_back(row(static_cast<std::int64_t>(i), i * 10, i * 10 + 10));
    EXPECT_TRUE(merge_prefixes(rows, 0).merged_away.empty());
    auto merged = merge_prefixes(rows, 1);
    ASSERT_EQ(merged.merged_away.size(), 33u);
    std::erase_if(rows, [&](const auto& row) {
        return std::find(merged.merged_away.begin(), merged.merged_away.end(), row.id) !=
               merged.merged_away.end();
    });
    rows.push_back(merged.row);
    EXPECT_TRUE(std::is_sorted(merged.row.prefix.begin(), merged.row.prefix.end()));
    for (std::uint64_t i = 0; i < 64; ++i)
        EXPECT_EQ(possible_files(filter({i * 10 + 3}), rows),
                  std::vector{testing::submission(static_cast<int>(i))});
    // Merged rows are merged again.
    while (rows.size() < 65)
        rows.push_back(row(static_cast<std::int64_t>(rows.size() + 100), rows.size() * 1000,
                           rows.size() * 1000 + 200));
    const auto again = merge_prefixes(rows, 0);
    EXPECT_FALSE(again.merged_away.empty());
}

}  // namespace
}  // namespace chaiqin::domain
