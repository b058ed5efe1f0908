#include "domain/identity_decision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace chaiqin::domain {
namespace {

constexpr std::uint64_t wang = 1, lin = 2;

IdentityLine add(std::uint32_t revision, std::uint64_t person = wang, std::uint64_t content = 0) {
    return {revision, false, person, content};
}
IdentityLine remove(std::uint32_t revision, std::uint64_t person = wang) {
    return {revision, true, person, 0};
}

TEST(IdentityDecision, nothing_stored) {
    EXPECT_EQ(judge(nullptr, add(1)), IdentityDecision::stored);
    EXPECT_EQ(judge(nullptr, remove(1)), IdentityDecision::nothing_to_delete);
}

TEST(IdentityDecision, a_live_line_is_stored) {
    const auto live = add(5, wang, 77);
    EXPECT_EQ(judge(&live, add(6)), IdentityDecision::replaced);
    EXPECT_EQ(judge(&live, add(6, lin)), IdentityDecision::other_person);
    EXPECT_EQ(judge(&live, add(5, wang, 77)), IdentityDecision::unchanged);
    EXPECT_EQ(judge(&live, add(5, wang, 78)), IdentityDecision::other_content);
    EXPECT_EQ(judge(&live, add(5, lin, 79)), IdentityDecision::other_content);
    EXPECT_EQ(judge(&live, add(4)), IdentityDecision::stale);
    EXPECT_EQ(judge(&live, remove(4)), IdentityDecision::stale);
    EXPECT_EQ(judge(&live, remove(4, lin)), IdentityDecision::stale);
    EXPECT_EQ(judge(&live, remove(5)), IdentityDecision::deleted);
    EXPECT_EQ(judge(&live, remove(9)), IdentityDecision::deleted);
    EXPECT_EQ(judge(&live, remove(5, lin)), IdentityDecision::other_person);
}

TEST(IdentityDecision, a_tombstone_is_stored) {
    const auto tombstone = remove(5);
    EXPECT_EQ(judge(&tombstone, remove(5)), IdentityDecision::unchanged);
    EXPECT_EQ(judge(&tombstone, remove(5, lin)), IdentityDecision::unchanged);
    EXPECT_EQ(judge(&tombstone, remove(6, lin)), IdentityDecision::tombstone_raised);
    EXPECT_EQ(judge(&tombstone, add(6)), IdentityDecision::stored);
    EXPECT_EQ(judge(&tombstone, add(6, lin)), IdentityDecision::stored);
    EXPECT_EQ(judge(&tombstone, add(5)), IdentityDecision::stale);
    EXPECT_EQ(judge(&tombstone, add(4)), IdentityDecision::stale);
    EXPECT_EQ(judge(&tombstone, remove(4)), IdentityDecision::stale);
}

TEST(IdentityDecision, every_finding_has_its_verdict) {
    EXPECT_EQ(finding_code(IdentityDecision::stale), "U02");
    EXPECT_EQ(finding_code(IdentityDecision::other_content), "U03");
    EXPECT_EQ(finding_code(IdentityDecision::nothing_to_delete), "U04");
    EXPECT_EQ(finding_code(IdentityDecision::other_person), "U05");
    EXPECT_EQ(finding_code(IdentityDecision::stored), "");
    EXPECT_TRUE(is_invalid(IdentityDecision::other_person) &&
                is_invalid(IdentityDecision::other_content));
    EXPECT_FALSE(is_invalid(IdentityDecision::stale) || becomes_head(IdentityDecision::stale));
    EXPECT_TRUE(becomes_head(IdentityDecision::nothing_to_delete) &&
                becomes_head(IdentityDecision::tombstone_raised));
}

using File = std::vector<std::pair<std::uint64_t, IdentityLine>>;

std::map<std::uint64_t, std::uint32_t> live_after(const std::vector<const File*>& files) {
    std::map<std::uint64_t, IdentityLine> heads;
    for (const auto* file : files) {
        for (const auto& [identity, line] : *file) {
            const auto at = heads.find(identity);
            if (becomes_head(judge(at == heads.end() ? nullptr : &at->second, line)))
                heads[identity] = line;
        }
    }
    std::map<std::uint64_t, std::uint32_t> live;
    for (const auto& [identity, head] : heads)
        if (!head.deletion) live[identity] = head.revision;
    return live;
}

/// Files in which an identity has one person, and one content a revision (deletions have revisions
/// of their own or an addition's: then the deletion wins in any order).
std::vector<File> random_files(std::mt19937& random) {
    std::vector<File> files(1 + random() % 6);
    for (auto& file : files) {
        const auto lines = random() % 8;
        for (std::size_t i = 0; i < lines; ++i) {
            const std::uint64_t identity = random() % 4;
            const auto revision = static_cast<std::uint32_t>(1 + random() % 4);
            const bool deletion = random() % 3 == 0;
            file.emplace_back(identity, IdentityLine{revision, deletion, identity,
                                                     deletion ? 0 : revision * 100});
        }
    }
    return files;
}

TEST(IdentityDecision, any_order_and_any_repetition_of_the_files_give_the_same_live_lines) {
    for (unsigned seed = 1; seed <= 3000; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        const auto files = random_files(random);
        std::vector<const File*> order;
        for (const auto& file : files) order.push_back(&file);
        const auto expected = live_after(order);
        for (int round = 0; round < 4; ++round) {
            auto repeated = order;
            for (std::size_t i = 0; i < 3; ++i) repeated.push_back(order[random() % order.size()]);
            std::shuffle(repeated.begin(), repeated.end(), random);
            ASSERT_EQ(live_after(repeated), expected);
        }
    }
}

}  // namespace
}  // namespace chaiqin::domain
