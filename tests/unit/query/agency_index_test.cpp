#include "query/agency_index.hpp"

#include <gtest/gtest.h>

#include <random>

namespace chaiqin::query {
namespace {

domain::AgencyVersion version(domain::Day day, std::string above, std::string name = "") {
    domain::AgencyVersion one;
    one.effective_on = day;
    one.supervising_agency = std::move(above);
    one.name = std::move(name);
    return one;
}

domain::RegistryPtr registry(domain::AgencyRegistry::Versions versions) {
    auto made = std::make_shared<domain::Registry>();
    made->agencies = domain::AgencyRegistry(std::move(versions));
    return made;
}

TEST(AgencyIndex, says_the_same_as_the_registry_for_random_hierarchies) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 random(seed);
        domain::AgencyRegistry::Versions versions;
        for (int i = 0; i < 40; ++i)
            for (int v = 0; v < 1 + static_cast<int>(random() % 3); ++v)
                versions["A" + std::to_string(100 + i)].push_back(version(
                    v * 10,
                    i < 5 ? "" : "A" + std::to_string(100 + random() % static_cast<unsigned>(i))));
        const AgencyIndex index(registry(versions));
        const auto& agencies = index.registry().agencies;
        for (const domain::Day day : {-5, 0, 5, 10, 15, 20, 99})
            for (std::size_t root = 0; root < index.size(); ++root) {
                AgencyMask roots(index.size(), 0);
                roots[root] = 1;
                const auto below = index.below(roots, day);
                std::vector<std::string> found;
                for (std::size_t i = 0; i < below.size(); ++i)
                    if (below[i]) found.push_back(index.code(i));
                ASSERT_EQ(found, agencies.subtree(index.code(root), day))
                    << "seed " << seed << " day " << day;
            }
    }
}

TEST(AgencyIndex, cycles_in_old_data_end) {
    const AgencyIndex index(
        registry({{"A", {version(0, "B")}}, {"B", {version(0, "A")}}, {"C", {version(0, "B")}}}));
    AgencyMask none(3, 0), root{1, 0, 0};
    EXPECT_EQ(index.below(none, 1), (AgencyMask{0, 0, 0}));
    EXPECT_EQ(index.below(root, 1), (AgencyMask{1, 1, 1}));
}

TEST(AgencyIndex, units_are_the_agencies_directly_below) {
    const AgencyIndex index(registry({{"A", {version(0, "")}},
                                      {"B", {version(0, "A")}},
                                      {"C", {version(0, "B"), version(10, "A")}},
                                      {"D", {version(0, "C")}},
                                      {"E", {version(0, "")}}}));
    EXPECT_EQ(index.units(0, 5), (std::vector<int>{0, 1, 1, 1, -1}));
    EXPECT_EQ(index.units(0, 15), (std::vector<int>{0, 1, 2, 2, -1}));
    EXPECT_EQ(index.units(1, 5), (std::vector<int>{-1, 1, 2, 2, -1}));
    EXPECT_EQ(index.units(std::nullopt, 5), (std::vector<int>{0, 0, 0, 0, 4})) << "at the top";
    EXPECT_EQ(index.with_subordinates(5), (AgencyMask{1, 1, 1, 0, 0}));
    EXPECT_EQ(index.with_subordinates(15), (AgencyMask{1, 0, 1, 0, 0}));
    const AgencyIndex circle(registry({{"A", {version(0, "B")}}, {"B", {version(0, "A")}}}));
    EXPECT_EQ(circle.units(std::nullopt, 1), (std::vector<int>{-1, -1}));
}

TEST(AgencyIndex, names_are_those_of_the_days_asked_for) {
    const AgencyIndex index(registry({{"A", {version(0, "", "舊名"), version(10, "", "新名")}},
                                      {"B", {version(0, "", "B_%")}}}));
    const domain::Day early[]{5}, late[]{15}, both[]{5, 15};
    EXPECT_EQ(index.named("舊", early), (AgencyMask{1, 0}));
    EXPECT_EQ(index.named("舊", late), (AgencyMask{0, 0}));
    EXPECT_EQ(index.named("名", both), (AgencyMask{1, 0}));
    EXPECT_EQ(index.named("_%", both), (AgencyMask{0, 1})) << "literally";
    EXPECT_EQ(index.named("A", both), (AgencyMask{1, 0})) << "the code as a whole";
    EXPECT_TRUE(index.same_versions(0, 9));
    EXPECT_FALSE(index.same_versions(9, 10));
}

}  // namespace
}  // namespace chaiqin::query
