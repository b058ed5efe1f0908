#include "domain/submission_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace chaiqin::domain {
namespace {

TEST(SubmissionState, is_the_furthest_of_receipt_verdict_matched_counted) {
    EXPECT_EQ(furthest({}), SubmissionState::received);
    EXPECT_EQ(furthest({.accepted = true}), SubmissionState::validated);
    EXPECT_EQ(furthest({.rejected = true}), SubmissionState::rejected_file);
    EXPECT_EQ(furthest({.accepted = true, .matched = true}), SubmissionState::matched);
    EXPECT_EQ(furthest({.accepted = true, .matched = true, .counted_partial = false}),
              SubmissionState::counted);
    EXPECT_EQ(furthest({.accepted = true, .matched = true, .counted_partial = true}),
              SubmissionState::counted_partial);
    EXPECT_EQ(furthest({.quarantined = true}), SubmissionState::quarantined);
    EXPECT_EQ(furthest({.accepted = true, .replayed = true}), SubmissionState::received);
}

TEST(SubmissionState, every_state_has_its_name_sentences_and_next_actor) {
    for (int i = 0; i < submission_state_count; ++i) {
        const auto state = static_cast<SubmissionState>(i);
        EXPECT_EQ(parse_state(state_name(state)), state);
        for (const auto& [counted, unmatched] :
             {std::pair(0, 0), std::pair(5, 0), std::pair(5, 5), std::pair(0, 5)}) {
            const auto text = state_text(
                state, {.total = 5, .invalid = 0, .counted = counted, .unmatched = unmatched});
            EXPECT_FALSE(text.zh.empty() || text.en.empty());
            EXPECT_FALSE(name_of(text.next_actor).empty()) << state_name(state);
        }
    }
    EXPECT_EQ(parse_state("DONE"), std::nullopt);
}

TEST(SubmissionVersion, a_later_attempt_is_newer_and_within_one_the_further_state) {
    using enum SubmissionState;
    const auto number = [](std::uint32_t attempt, SubmissionState state) {
        return SubmissionVersion{attempt, state}.number();
    };
    EXPECT_EQ(number(1, rejected_file), 21u) << "fixed: stored notices carry it";
    EXPECT_EQ(number(1, counted), 22u) << "fixed: stored notices carry it";
    EXPECT_EQ(number(1, counted_partial), 22u);
    EXPECT_LT(number(1, received), number(1, validated));
    EXPECT_LT(number(1, validated), number(1, matched));
    EXPECT_LT(number(1, matched), number(1, counted));
    EXPECT_LT(number(1, counted), number(2, received));
    for (int i = 0; i < submission_state_count; ++i)
        EXPECT_EQ(SubmissionVersion::attempt_of(number(7, static_cast<SubmissionState>(i))), 7u);
}

TEST(SubmissionState, a_counted_file_of_which_nothing_was_matched_says_so) {
    const auto counted = [](std::int64_t matched, std::int64_t unmatched) {
        return state_text(SubmissionState::counted,
                          {.total = 3, .counted = matched, .unmatched = unmatched});
    };
    EXPECT_NE(counted(0, 3).zh, counted(3, 0).zh);
    EXPECT_EQ(counted(3, 0).next_actor, NextActor::nobody);
    EXPECT_EQ(counted(0, 3).next_actor, NextActor::personnel_office);
}

TEST(SubmissionState, a_file_without_a_good_line_does_not_say_that_some_were_counted) {
    const auto partial = [](std::int64_t invalid) {
        return state_text(SubmissionState::counted_partial, {.total = 3, .invalid = invalid});
    };
    EXPECT_NE(partial(3).zh, partial(2).zh);
    EXPECT_EQ(partial(3).zh.find("已計入"), std::string_view::npos);
    EXPECT_EQ(partial(3).en.find("are counted"), std::string_view::npos);
    EXPECT_EQ(partial(3).next_actor, NextActor::sender);
    EXPECT_NE(partial(2).zh.find("已計入"), std::string_view::npos);
}

}  // namespace
}  // namespace chaiqin::domain
