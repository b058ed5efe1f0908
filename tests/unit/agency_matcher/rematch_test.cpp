#include "agency_matcher/rematch.hpp"

#include <gtest/gtest.h>

#include "agency_matcher/file_batch.hpp"
#include "support/matching_builders.hpp"

namespace chaiqin::agency_matcher {
namespace {

std::uint64_t token(std::uint64_t person) { return testing::spread(1000000 + person); }

domain::FileToMatch stored(const domain::Table19Ptr& table, domain::ValidatedFile file) {
    const auto registry = testing::small_registry();
    FileBatch batch({*table, *registry, file.received_at, {}}, PrefixFilter({}), {},
                    file.lines.size());
    batch.take(std::move(file));
    return testing::to_match(batch.finish().effects.files.at(0));
}

RematchChunk chunk(std::initializer_list<std::uint64_t> persons, std::int64_t load_no = 7) {
    RematchChunk chunk;
    for (const auto person : persons) chunk.load_of[token(person)] = load_no;
    return chunk;
}

TEST(Rematch, moves_counts_and_claims_of_exactly_the_changed_persons) {
    const auto before = testing::table19({{1, testing::north}, {2, testing::north}});
    const auto after = testing::table19({{1, testing::east}, {2, testing::east}}, 2);
    auto file = stored(before, testing::file(1, {{.identity = 1, .token = 1},
                                                 {.identity = 2, .token = 2},
                                                 {.identity = 3, .token = 1, .minutes = 30}}));
    const auto registry = testing::small_registry();
    Rematch rematch(*after, registry->agencies, file.head.received_at);
    ASSERT_TRUE(rematch.take(file, chunk({1})));
    const auto effects = rematch.finish();
    ASSERT_EQ(effects.counts.size(), 2u);
    EXPECT_EQ(effects.counts[0].agency, testing::north);
    EXPECT_EQ(effects.counts[0].records, -2);
    EXPECT_EQ(effects.counts[1].agency, testing::east);
    EXPECT_EQ(effects.counts[1].records, 2);
    EXPECT_EQ(effects.counts[1].minutes, 90);
    ASSERT_EQ(effects.claims.size(), 1u);  // the sender is north, which claims them anyway
    EXPECT_EQ(effects.claims[0].agency, testing::east);
    EXPECT_EQ(effects.claims[0].delta, 2);
    ASSERT_EQ(effects.history.size(), 1u);
    EXPECT_EQ(effects.history[0].line, (std::vector<std::int32_t>{0, 2}));
    EXPECT_EQ(effects.history[0].old_org,
              (std::vector<std::string>{testing::north, testing::north}));
    EXPECT_EQ(effects.history[0].new_org, (std::vector<std::string>{testing::east, testing::east}));
    EXPECT_EQ(effects.changes[0].counted, 0);
    EXPECT_EQ(effects.changes[0].t_warnings, 2);
    EXPECT_EQ(file.lines[1].org, 1);
}

TEST(Rematch, an_unmatched_line_becomes_counted) {
    const auto after = testing::table19({{1, testing::east}}, 2);
    auto file = stored(testing::table19({}),
                       testing::file(1, {{.identity = 1, .token = 1, .org = testing::east}}));
    const auto registry = testing::small_registry();
    Rematch rematch(*after, registry->agencies, file.head.received_at);
    ASSERT_TRUE(rematch.take(file, chunk({1})));
    const auto effects = rematch.finish();
    EXPECT_EQ(effects.changes[0].unmatched, -1);
    EXPECT_EQ(effects.changes[0].counted, 1);
    EXPECT_EQ(effects.changes[0].t_warnings, -1);
    EXPECT_EQ(effects.counts[0].records, 1);
    EXPECT_EQ(effects.history[0].old_org[0], "");
    // Once more: nothing is left to do.
    Rematch again(*after, registry->agencies, file.head.received_at);
    EXPECT_FALSE(again.take(file, chunk({1})));
    EXPECT_FALSE(again.finish().changes_counts());
}

TEST(Rematch, dead_lines_stay_as_they_were) {
    auto file = stored(testing::table19({{1, testing::north}}),
                       testing::file(1, {{.identity = 1, .token = 1},
                                         {.identity = 2, .token = 1, .deletion = true}}));
    file.lines[0].outcome |= domain::outcome::superseded;
    const auto registry = testing::small_registry();
    const auto after = testing::table19({{1, testing::east}}, 2);
    Rematch rematch(*after, registry->agencies, file.head.received_at);
    EXPECT_FALSE(rematch.take(file, chunk({1})));
}

TEST(RematchChunk, takes_at_most_five_hundred_persons_that_have_lines) {
    std::vector<domain::CareerChange> changes;
    domain::PersonPrefixes file{testing::submission(1), {}};
    for (int i = 1; i <= 3000; ++i) {
        changes.push_back({i, token(static_cast<std::uint64_t>(i)), 4});
        if (i % 2 == 0) file.prefix.push_back(prefix_of(token(static_cast<std::uint64_t>(i))));
    }
    std::sort(file.prefix.begin(), file.prefix.end());
    const auto first = choose_chunk(changes, 3000, std::vector{file});
    EXPECT_EQ(first.to, 1001);
    EXPECT_EQ(first.submissions, std::vector{testing::submission(1)});
    EXPECT_EQ(first.load_of.size(), 1001u);
    const auto none = choose_chunk(changes, 3000, {});
    EXPECT_EQ(none.to, 3000);
    EXPECT_TRUE(none.submissions.empty());
}

TEST(RematchChunk, one_person_in_many_files_is_one_chunk) {
    std::vector<domain::PersonPrefixes> files;
    for (int i = 0; i < 600; ++i) files.push_back({testing::submission(i), {prefix_of(token(1))}});
    const auto chunk = choose_chunk(
        std::vector<domain::CareerChange>{{1, token(1), 1}, {2, token(2), 1}}, 2, files);
    EXPECT_EQ(chunk.submissions.size(), 600u);
    EXPECT_EQ(chunk.to, 2);
}

}  // namespace
}  // namespace chaiqin::agency_matcher
