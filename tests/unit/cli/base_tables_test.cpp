// The product's own tables before they are loaded: one that is wrong is refused with its line, and
// none of them is given to the database.
#include "cli/base_tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/commands.hpp"
#include "support/scratch_directory.hpp"
#include "wire/reference_data.hpp"

namespace chaiqin::cli {
namespace {

namespace fs = std::filesystem;

/// A copy of the tables that tests may spoil.
class BaseTablesTest : public ::testing::Test {
protected:
    BaseTablesTest() {
        for (const char* folder : {"registry", "rules"})
            fs::copy(fs::path(CHAIQIN_SOURCE_DIR) / "schemas" / folder, schemas_ / folder,
                     fs::copy_options::recursive);
    }

    void replace(const std::string& file, const std::string& old, const std::string& with) {
        auto text = read_text_file(schemas_ / file);
        const auto at = text.find(old);
        ASSERT_NE(at, std::string::npos);
        text.replace(at, old.size(), with);
        std::ofstream(schemas_ / file, std::ios::binary) << text;
    }
    std::vector<std::string> problems() const {
        try {
            (void)base_tables(schemas_.string());
        } catch (const wire::TableError& failure) {
            return failure.problems;
        }
        return {};
    }
    /// What a problem in the file begins with.
    std::string line_of(const std::string& file, const std::string& text) const {
        const auto all = read_text_file(schemas_ / file);
        const auto line = 1 + std::count(all.begin(), all.begin() + all.find(text), '\n');
        return (schemas_ / file).string() + ":" + std::to_string(line) + ": ";
    }

    const testing::ScratchDirectory directory_;
    const fs::path& schemas_ = directory_.path();
};

TEST_F(BaseTablesTest, are_taken_as_they_stand) {
    const auto all = base_tables(schemas_.string());
    EXPECT_EQ(all.tables.size(), 4u);
    EXPECT_EQ(all.ruleset.substr(0, 1), "r");
}

TEST_F(BaseTablesTest, without_a_day_of_the_calendar_are_refused_by_line) {
    replace("registry/office-calendar.json", "2026-03-03", "2024-03-03");
    EXPECT_THAT(problems(), ::testing::Contains(::testing::StartsWith(
                                line_of("registry/office-calendar.json", "2026-03-04") +
                                "no day between 2026-03-02")));
}

TEST_F(BaseTablesTest, with_a_lost_tail_or_a_wrong_header_are_refused_by_line) {
    replace("registry/leave-types.csv", "needs_sub_type", "need_sub_type");
    EXPECT_THAT(problems(), ::testing::ElementsAre(::testing::StartsWith(
                                line_of("registry/leave-types.csv", "need_sub_type"))));
    replace("registry/leave-types.csv", "need_sub_type", "needs_sub_type");
    EXPECT_THAT(problems(), ::testing::IsEmpty());
    replace("registry/settings.csv", "deadline_moves,1,", "deadline_moves,1 ");
    EXPECT_THAT(problems(), ::testing::ElementsAre(::testing::StartsWith(
                                line_of("registry/settings.csv", "deadline_moves"))));
}

}  // namespace
}  // namespace chaiqin::cli
