#include "domain/table19.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace chaiqin::domain {
namespace {

CareerRows rows_after(const Table19& table) { return CareerRows(table.shared_codes()); }

TEST(Table19, knows_nobody_when_empty) {
    EXPECT_TRUE(Table19().posts_of(42).empty());
    EXPECT_EQ(Table19().change_no(), 0);
}

TEST(Table19, a_change_replaces_all_rows_of_the_person_and_leaves_the_older_snapshot_alone) {
    CareerRows rows(std::make_shared<CodeTable>());
    rows.add(7, "AUTH", 1, "ORG1", PostKind::primary, 100, open_end);
    rows.add(9, "AUTH", 1, "ORG1", PostKind::primary, 100, open_end);
    const auto before = std::make_shared<const Table19>(std::move(rows), 5);
    auto changed = rows_after(*before);
    changed.add(7, "AUTH", 2, "ORG2", PostKind::secondment, 200, 300);
    changed.touch(7);
    changed.touch(9);
    const auto after = before->with(std::move(changed), 6);
    ASSERT_EQ(after->posts_of(7).size(), 1u);
    EXPECT_EQ(after->codes().code(after->posts_of(7)[0].org), "ORG2");
    EXPECT_EQ(after->posts_of(7)[0].seq, 2u);
    EXPECT_TRUE(after->posts_of(9).empty());
    EXPECT_EQ(after->change_no(), 6);
    EXPECT_EQ(before->codes().code(before->posts_of(7)[0].org), "ORG1");
    EXPECT_EQ(before->posts_of(9).size(), 1u);
    EXPECT_EQ(before->codes().find("ORG2"), CodeTable::none);
}

TEST(Table19, many_changes_end_as_a_table_built_at_once) {
    std::mt19937_64 random(3);
    std::vector<std::uint64_t> tokens(3000);
    for (auto& token : tokens) token = random();
    tokens.push_back(0);
    tokens.push_back(std::numeric_limits<std::uint64_t>::max());
    std::map<std::uint64_t, std::vector<int>> expected;
    auto table = std::make_shared<const Table19>();
    for (int round = 1; round <= 40; ++round) {
        auto rows = rows_after(*table);
        for (int i = 0; i < 500; ++i) {
            const auto token = tokens[random() % tokens.size()];
            if (expected.contains(token) && expected[token].size() == 1 &&
                expected[token][0] / 10000 == round)
                continue;
            rows.touch(token);
            expected[token].clear();
            if (random() % 4 == 0) continue;
            const int seq = static_cast<int>(random() % 9999) + 1;
            rows.add(token, "AUTH", seq, "ORG" + std::to_string(random() % 50), PostKind::primary,
                     round, open_end);
            expected[token] = {round * 10000 + seq};
        }
        table = table->with(std::move(rows), round);
        for (const auto& [token, posts] : expected) {
            std::vector<int> found;
            for (const auto& post : table->posts_of(token))
                found.push_back(post.start * 10000 + static_cast<int>(post.seq));
            if (posts.empty()) {
                ASSERT_TRUE(found.empty()) << token;
            } else {
                ASSERT_FALSE(found.empty()) << token;
                ASSERT_EQ(found.back(), posts.back()) << token;
            }
        }
    }
}

TEST(Table19, post_kinds_are_one_to_five_and_nine) {
    for (const int good : {1, 2, 3, 4, 5, 9})
        EXPECT_EQ(static_cast<int>(post_kind_of(good).value()), good);
    for (const int bad : {-1, 0, 6, 7, 8, 10}) EXPECT_FALSE(post_kind_of(bad).has_value());
}

}  // namespace
}  // namespace chaiqin::domain
