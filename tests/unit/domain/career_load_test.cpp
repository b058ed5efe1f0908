#include "domain/career_load.hpp"

#include <gtest/gtest.h>

namespace chaiqin::domain {
namespace {

TEST(CareerLoad, modes_and_states_have_the_names_of_the_api) {
    for (const char* name : {"snapshot", "changes"})
        EXPECT_EQ(load_mode_name(parse_load_mode(name).value()), name);
    for (const char* name : {"RECEIVED", "LOADED", "REFUSED", "FAILED"})
        EXPECT_EQ(load_state_name(parse_load_state(name).value()), name);
    EXPECT_EQ(parse_load_mode("all"), std::nullopt);
    EXPECT_EQ(parse_load_state("loaded"), std::nullopt);
}

}  // namespace
}  // namespace chaiqin::domain
