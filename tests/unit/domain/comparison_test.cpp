#include "domain/comparison.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "domain/attribution.hpp"

namespace chaiqin::domain {
namespace {

FileLine line(std::uint32_t number, std::uint64_t identity, std::uint32_t revision,
              std::uint64_t content = 1, std::uint64_t token = 1) {
    FileLine line;
    line.line = number;
    line.identity = identity;
    line.revision = revision;
    line.content = content;
    line.token = token;
    return line;
}
FileLine deletion(std::uint32_t number, std::uint64_t identity, std::uint32_t revision) {
    auto made = line(number, identity, revision, 0);
    made.outcome = outcome::deletion;
    return made;
}

std::uint32_t sum(const Comparison& comparison) {
    return std::accumulate(comparison.of.begin(), comparison.of.end(), 0U,
                           [](auto sum, const auto& lines) { return sum + lines.count; });
}

/// "new 1: 0" of each that has lines.
std::string text(const Comparison& comparison) {
    std::string all;
    for (std::size_t i = 0; i < comparison.of.size(); ++i) {
        if (comparison.of[i].count == 0) continue;
        all += (all.empty() ? "" : ", ") + std::string(compared_names[i]) + ":";
        for (const auto number : comparison.of[i].first) all += " " + std::to_string(number);
    }
    return all;
}

TEST(Comparison, each_line_is_judged_against_what_is_stored) {
    const std::vector<StoredHead> heads{
        {2, {5, false, 1, 1}}, {3, {5, false, 1, 1}}, {4, {5, false, 1, 1}}, {5, {5, false, 1, 1}},
        {7, {5, true, 1, 0}},  {8, {5, false, 1, 1}}, {9, {5, false, 1, 1}}, {10, {5, true, 1, 0}}};
    const std::vector<FileLine> good{
        line(0, 1, 1),       line(1, 2, 6, 2),      line(2, 3, 5),       line(3, 4, 4),
        deletion(4, 5, 5),   deletion(5, 6, 1),     deletion(6, 7, 6),   line(7, 8, 5, 2),
        line(8, 9, 6, 2, 2), line(10, 10, 6, 1, 2), deletion(11, 10, 5),
    };
    const auto comparison = compare(good, 12, heads);
    EXPECT_EQ(text(comparison),
              "new: 0 10, changed: 1, same: 2, older: 3 11, deleted: 4, unknown_deletion: 5 6, "
              "invalid: 7 8 9");
    EXPECT_EQ(sum(comparison), 12U);
}

TEST(Comparison, lines_before_it_in_the_file_count_as_stored) {
    const std::vector<FileLine> good{line(0, 1, 1), line(1, 1, 1),     line(2, 1, 2, 2),
                                     line(3, 1, 1), deletion(4, 1, 2), deletion(5, 2, 1),
                                     line(6, 2, 2)};
    EXPECT_EQ(text(compare(good, 7, {})),
              "new: 0 6, changed: 2, same: 1, older: 3, deleted: 4, unknown_deletion: 5");
}

TEST(Comparison, at_most_twenty_lines_are_named_and_all_are_counted) {
    std::vector<FileLine> good;
    for (std::uint32_t i = 0; i < 30; ++i) good.push_back(line(i, i, 1));
    const auto comparison = compare(good, 60, {});
    EXPECT_EQ(comparison[Compared::added].count, 30U);
    EXPECT_EQ(comparison[Compared::added].first.size(), 20U);
    EXPECT_EQ(comparison[Compared::invalid].count, 30U);
    EXPECT_EQ(comparison[Compared::invalid].first.front(), 30U);
    EXPECT_EQ(sum(compare({}, 0, {})), 0U);
}

}  // namespace
}  // namespace chaiqin::domain
