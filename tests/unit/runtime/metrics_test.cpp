// The table of metrics: what is shown of it, and that calls and documents say the same.
#include "runtime/metrics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "runtime/metrics_document.hpp"

namespace chaiqin::runtime {
namespace {

const std::filesystem::path root = CHAIQIN_SOURCE_DIR;

std::string text_of(const std::filesystem::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

const MetricRow* row_of(std::string_view name) {
    for (const auto& row : metrics_table)
        if (row.name == name) return &row;
    return nullptr;
}

bool may_have(const MetricRow& row, std::string_view value) {
    return std::ranges::any_of(row.label.values,
                               [&](const LabelValue& one) { return one.value == value; });
}

/// All matches of a pattern in a text, as their groups.
std::vector<std::smatch> matches(const std::string& text, const std::regex& pattern) {
    return {std::sregex_iterator(text.begin(), text.end(), pattern), {}};
}

/// Every source of the product, without the table itself.
std::vector<std::string> sources() {
    std::vector<std::string> all;
    for (const auto* folder : {"services", "gateway"})
        for (const auto& file : std::filesystem::recursive_directory_iterator(root / folder))
            if ((file.path().extension() == ".cpp" || file.path().extension() == ".hpp") &&
                file.path().filename() != "metrics_table.hpp")
                all.push_back(text_of(file.path()));
    return all;
}

TEST(MetricsTest, are_written_with_their_labels) {
    Metrics metrics("test", "1.2.3");
    metrics.add("chaiqin_stage_messages_total", 2, "applied");
    metrics.set("chaiqin_stage_lag_messages", 7, "a.topic");
    metrics.observe("chaiqin_stage_batch_seconds", 0.003);
    const auto text = metrics.text();
    EXPECT_NE(text.find("chaiqin_build_info{service=\"test\",version=\"1.2.3\"} 1"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("chaiqin_stage_messages_total{service=\"test\",outcome=\"applied\"} 2"),
              std::string::npos);
    EXPECT_NE(text.find("chaiqin_stage_lag_messages{service=\"test\",topic=\"a.topic\"} 7"),
              std::string::npos);
    EXPECT_NE(text.find("chaiqin_stage_batch_seconds_count{service=\"test\"} 1"),
              std::string::npos);
    EXPECT_NE(text.find("chaiqin_stage_batch_seconds_bucket{service=\"test\",le=\"0.005\"} 1"),
              std::string::npos);
}

TEST(MetricsTest, every_row_has_a_good_name_and_says_what_it_means) {
    std::set<std::string_view> names;
    for (const auto& row : metrics_table) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_TRUE(row.name.starts_with("chaiqin_")) << row.name;
        EXPECT_EQ(row.name.ends_with("_total"), row.type == MetricType::counter) << row.name;
        EXPECT_EQ(!row.buckets.empty(), row.type == MetricType::histogram) << row.name;
        EXPECT_TRUE(row.help.ends_with('.')) << row.name;
        EXPECT_FALSE(row.who.empty()) << row.name;
        EXPECT_EQ(row.label.name.empty(), row.label.values.empty() && row.label.any.empty())
            << row.name;
    }
}

TEST(MetricsTest, every_row_names_processes_that_there_are) {
    for (const auto& row : metrics_table) {
        const std::string who(row.who);
        for (const auto& name : matches(who, std::regex("[^, ]+")))
            EXPECT_TRUE(name.str() == "all" || name.str() == "stages" ||
                        std::filesystem::exists(root / name.str() / "main.cpp") ||
                        std::filesystem::exists(root / "services" / name.str() / "main.cpp"))
                << row.name << ": " << name.str();
    }
}

TEST(MetricsTest, every_row_is_counted_somewhere_with_values_of_its_label) {
    std::set<std::string> called;
    const std::regex call(R"re("(chaiqin_\w+)"(?:,\s*[^;"]*)?(?:,\s*"([^"]*)")?\))re");
    for (const auto& source : sources())
        for (const auto& found : matches(source, call)) {
            const auto* row = row_of(found[1].str());
            if (!row) continue;
            called.insert(found[1]);
            EXPECT_TRUE(!found[2].matched || may_have(*row, found[2].str())) << found.str();
        }
    for (const auto& row : metrics_table)
        EXPECT_TRUE(called.contains(std::string(row.name))) << "never counted: " << row.name;
}

TEST(MetricsDocumentTest, is_what_the_table_makes) {
    EXPECT_EQ(text_of(root / "docs/metrics.md"), metrics_document())
        << "run: build/release/bin/chaiqin metrics > docs/metrics.md";
}

TEST(MetricsDocumentTest, what_to_watch_names_metrics_and_label_values_that_exist) {
    const auto operations = text_of(root / "docs/operations.md");
    const auto named =
        matches(operations, std::regex(R"re(`(chaiqin_\w+)(?:\{(\w+)="([^"]*)"\})?`)re"));
    EXPECT_GT(named.size(), 5u);
    for (const auto& found : named) {
        const auto* row = row_of(found[1].str());
        ASSERT_TRUE(row) << found.str();
        if (!found[2].matched) continue;
        EXPECT_EQ(found[2].str(), row->label.name) << found.str();
        EXPECT_TRUE(may_have(*row, found[3].str())) << found.str();
    }
}

}  // namespace
}  // namespace chaiqin::runtime
