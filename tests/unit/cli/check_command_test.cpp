// chaiqin check as a vendor uses it: readable table or the endpoint's answer, exit codes, nothing
// needed but files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "cli/commands.hpp"
#include "domain/failure.hpp"
#include "support/scratch_directory.hpp"

namespace chaiqin::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string source_dir = CHAIQIN_SOURCE_DIR;

struct Answer {
    int exit_code = 0;
    std::string out;
};

Answer run(std::string arguments) {
    Surroundings surroundings;
    surroundings.schemas_dir = source_dir + "/schemas";
    CLI::App app;
    Answer answer;
    add_check_command({app, surroundings, answer.exit_code});
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    try {
        app.parse("check " + arguments, false);
    } catch (...) {
        ::testing::internal::GetCapturedStdout();
        ::testing::internal::GetCapturedStderr();
        throw;
    }
    answer.out = ::testing::internal::GetCapturedStdout();
    ::testing::internal::GetCapturedStderr();
    return answer;
}

std::string pack(const std::string& name) { return source_dir + "/schemas/conformance/" + name; }

TEST(CheckCommand, passes_the_sample_and_says_which_rules_it_skipped) {
    const auto answer = run(
        source_dir + "/schemas/submission/v1/sample.json --received-at 2026-11-06T10:00:00+08:00");
    EXPECT_EQ(answer.exit_code, 0);
    EXPECT_THAT(answer.out, HasSubstr("sample.json：檢核通過，2 筆，錯誤 0，警示 0"));
    EXPECT_THAT(answer.out, HasSubstr("E04 E05 C09 C10 C11"));
    EXPECT_THAT(answer.out, HasSubstr("檢核通過不代表已完成報送"));
}

TEST(CheckCommand, prints_a_table_with_masked_values_and_exits_1) {
    const auto answer =
        run(pack("files/C06-1.json") +
            " --received-at 2026-11-06T10:00:00+08:00 --agency Z00000001A --registry " +
            pack("agencies.csv"));
    EXPECT_EQ(answer.exit_code, 1);
    for (const auto* part : {"C06", "差假 1", "L1150930-0007", "身分證統一編號", "A12*****88",
                             "身分證統一編號檢查碼錯誤"}) {
        EXPECT_THAT(answer.out, HasSubstr(part));
    }
    EXPECT_THAT(answer.out, Not(HasSubstr("A123456788")));
    EXPECT_THAT(answer.out, Not(HasSubstr("未執行之檢核")));
}

TEST(CheckCommand, prints_the_answer_of_the_endpoint) {
    const auto answer =
        run(pack("files/L18-1.json") + " --json --received-at 2026-11-06T10:00:00+08:00");
    EXPECT_EQ(answer.exit_code, 1);
    EXPECT_THAT(answer.out, HasSubstr(R"("skipped_rules":["E04","E05","C09","C10","C11"])"));
    EXPECT_THAT(answer.out, HasSubstr(R"("code":"L18")"));
    EXPECT_EQ(answer.out.find("{\"files\":["), 0u);
}

/// A file that goes with the test.
struct WrittenFile {
    WrittenFile(const std::string& name, const std::string& text) : path(directory / name) {
        std::ofstream(path, std::ios::binary) << text;
    }
    const testing::ScratchDirectory directory;
    const std::filesystem::path path;
};

TEST(CheckCommand, reads_a_registry_as_the_platform_does) {
    auto document = read_text_file(source_dir + "/schemas/submission/v1/sample.json");
    const std::string org = R"("org_code":"Z00000001A")";
    document.replace(document.find(org), org.size(), R"("org_code":"Z00000002B")");
    const WrittenFile file("check_registry.json", document);
    // The second row of Z00000002B has no date, so it holds from today on: in October the agency
    // was not yet under its supervising agency.
    const WrittenFile agencies("check_registry.csv",
                               "org_code,name,supervising_org_code,established_on\r"
                               "Z00000001A,甲,,2010-01-01\r"
                               "Z00000002B,乙,,2010-01-01\r"
                               "Z00000002B,乙,Z00000001A,2010-01-01\r");
    const auto answer = run(file.path.string() + " --received-at 2026-11-06T10:00:00+08:00 " +
                            "--json --agency Z00000001A --registry " + agencies.path.string());
    EXPECT_THAT(answer.out, HasSubstr(R"("code":"C11")"));
}

TEST(CheckCommand, refuses_a_registry_that_cannot_be_read) {
    const WrittenFile agencies("check_bad_registry.csv", "org_code,name\nZ00000001A,\"甲\n");
    try {
        (void)run(pack("files/good.json") + " --registry " + agencies.path.string());
        FAIL();
    } catch (const domain::ConfigError& failure) {
        EXPECT_THAT(failure.problems,
                    ::testing::ElementsAre(::testing::StartsWith(agencies.path.string() + ":2: ")));
    }
}

TEST(CheckCommand, refuses_wrong_use) {
    EXPECT_THROW((void)run("/nowhere.json"), CLI::ParseError);
    EXPECT_THROW((void)run(""), CLI::ParseError);
    EXPECT_THROW((void)run(pack("files/good.json") + " --received-at yesterday"),
                 domain::ConfigError);
}

}  // namespace
}  // namespace chaiqin::cli
