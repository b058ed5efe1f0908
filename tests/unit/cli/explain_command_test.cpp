// chaiqin explain as a clerk or a vendor uses it: a text to read, or the API's answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "domain/failure.hpp"

namespace chaiqin::cli {
namespace {

using testing::HasSubstr;

std::string explained(const std::string& arguments) {
    Surroundings surroundings;
    surroundings.schemas_dir = CHAIQIN_SOURCE_DIR "/schemas";
    CLI::App app;
    int exit_code = 0;
    add_explain_command({app, surroundings, exit_code});
    testing::internal::CaptureStdout();
    try {
        app.parse("explain " + arguments, false);
    } catch (...) {
        testing::internal::GetCapturedStdout();
        throw;
    }
    return testing::internal::GetCapturedStdout();
}

TEST(ExplainCommand, says_what_a_rule_means_and_how_it_looks) {
    const auto text = explained("L18");
    EXPECT_THAT(text, HasSubstr("L18  錯誤  location\n  地點不得為空白"));
    EXPECT_THAT(text, HasSubstr("由誰處理："));
    EXPECT_THAT(text, HasSubstr("錯誤範例 (leave)：{"));
}

TEST(ExplainCommand, prints_the_answer_of_the_api) {
    const auto json = explained("F01 --json");
    EXPECT_THAT(json, HasSubstr(R"({"code":"F01","scope":"file",)"));
    EXPECT_THAT(json, HasSubstr(R"("who_mends":"sender","subject":"file","wrong":null,)"));
}

TEST(ExplainCommand, knows_no_rule_that_is_not_in_force) {
    EXPECT_THROW(explained("Z99"), domain::ConfigError);
}

}  // namespace
}  // namespace chaiqin::cli
