#include "domain/agency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chaiqin::domain {
namespace {

using testing::ElementsAre;

Day day(std::string_view text) { return *parse_iso_day(text); }

AgencyVersion under(std::string parent, Day from = 0) {
    AgencyVersion version;
    version.effective_on = from;
    version.supervising_agency = std::move(parent);
    return version;
}

/// c moved from a to b on 2026-03-01; d is under c all the time.
AgencyRegistry moved() {
    AgencyRegistry::Versions versions;
    versions["a"] = {under("")};
    versions["b"] = {under("")};
    versions["c"] = {under("b", day("2026-03-01")), under("a", day("2020-01-01"))};
    versions["d"] = {under("c", day("2021-01-01"))};
    return AgencyRegistry(std::move(versions));
}

TEST(Hierarchy, is_that_of_the_day) {
    const auto registry = moved();
    EXPECT_TRUE(registry.within("d", "a", day("2026-02-28")));
    EXPECT_FALSE(registry.within("d", "b", day("2026-02-28")));
    EXPECT_FALSE(registry.within("d", "a", day("2026-03-01")));
    EXPECT_TRUE(registry.within("d", "b", day("2026-03-01")));
    EXPECT_THAT(registry.subtree("a", day("2026-02-28")), ElementsAre("a", "c", "d"));
    EXPECT_THAT(registry.subtree("a", day("2026-03-01")), ElementsAre("a"));
    EXPECT_THAT(registry.subtree("b", day("2026-03-01")), ElementsAre("b", "c", "d"));
}

TEST(Hierarchy, begins_with_the_first_version_whenever_that_was) {
    const auto registry = moved();
    EXPECT_EQ(registry.as_of("c", day("1999-01-01"))->supervising_agency, "a");
    EXPECT_TRUE(registry.within("d", "a", day("1999-01-01")));
    EXPECT_EQ(registry.as_of("c", day("2026-03-01"))->supervising_agency, "b");
}

TEST(Hierarchy, knows_nobody_unknown) {
    const auto registry = moved();
    EXPECT_EQ(registry.as_of("x", 0), nullptr);
    EXPECT_FALSE(registry.within("x", "x", 0));
    EXPECT_FALSE(registry.within("x", "a", 0));
    EXPECT_FALSE(registry.within("a", "x", 0));
    EXPECT_TRUE(registry.subtree("x", 0).empty());
    EXPECT_TRUE(registry.within("a", "a", 0));
}

TEST(Hierarchy, outlives_copying_and_moving) {
    auto first = std::make_unique<AgencyRegistry>(moved());
    const AgencyRegistry copy(*first);
    auto taken = AgencyRegistry(std::move(*first));
    first.reset();
    EXPECT_TRUE(copy.within("d", "b", day("2026-03-01")));
    EXPECT_TRUE(taken.within("d", "b", day("2026-03-01")));
    EXPECT_THAT(taken.subtree("b", day("2026-03-01")), ElementsAre("b", "c", "d"));
}

TEST(Hierarchy, with_a_cycle_in_old_data_ends) {
    AgencyRegistry::Versions versions;
    versions["a"] = {under("b")};
    versions["b"] = {under("a")};
    versions["c"] = {under("b")};
    const AgencyRegistry registry(std::move(versions));
    EXPECT_FALSE(registry.within("c", "x", 0));
    EXPECT_TRUE(registry.within("c", "a", 0));
    EXPECT_THAT(registry.subtree("a", 0), ElementsAre("a", "b", "c"));
    EXPECT_THAT(registry.subtree("c", 0), ElementsAre("c"));
}

}  // namespace
}  // namespace chaiqin::domain
