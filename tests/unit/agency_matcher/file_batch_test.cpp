#include "agency_matcher/file_batch.hpp"

#include <gtest/gtest.h>

#include "domain/failure.hpp"
#include "support/matching_builders.hpp"

namespace chaiqin::agency_matcher {
namespace {

using domain::ValidatedFile;
using testing::Line;

struct Batch {
    domain::Table19Ptr table = testing::table19({{1, testing::north}, {2, testing::east}});
    domain::RegistryPtr registry = testing::small_registry();
    Switches switches;
    std::vector<domain::JudgedFile> stored;
    std::vector<domain::OpenFindings> open;

    FileBatch::Result run(std::vector<ValidatedFile> files) {
        std::vector<std::uint32_t> prefixes;
        for (const auto& file : files)
            for (const auto& line : file.lines) prefixes.push_back(prefix_of(line.identity));
        FileBatch batch(
            {*table, *registry, domain::taipei_midnight(testing::first_of_october + 40), switches},
            PrefixFilter(prefixes), {std::move(stored), std::move(open), {}}, prefixes.size());
        for (auto& file : files) batch.take(std::move(file));
        return batch.finish();
    }
};

std::vector<int> dispositions(const domain::FileCounts& counts) {
    return {counts.invalid,    counts.unchanged, counts.stale,  counts.deletion,
            counts.superseded, counts.unmatched, counts.counted};
}

void expect_sum(const domain::FileCounts& counts) {
    int sum = 0;
    for (const auto count : dispositions(counts)) sum += count;
    EXPECT_EQ(sum, counts.total);
}

TEST(FileBatch, counts_a_matched_line_for_its_agency_and_claims_it_for_both) {
    const auto result =
        Batch().run({testing::file(1, {{.identity = 1, .token = 2, .org = testing::east}})});
    ASSERT_EQ(result.effects.files.size(), 1u);
    EXPECT_EQ(dispositions(result.effects.files[0].counts), (std::vector{0, 0, 0, 0, 0, 0, 1}));
    ASSERT_EQ(result.effects.counts.size(), 1u);
    EXPECT_EQ(result.effects.counts[0].agency, testing::east);
    EXPECT_EQ(result.effects.counts[0].records, 1);
    EXPECT_EQ(result.effects.counts[0].minutes, 60);
    ASSERT_EQ(result.effects.claims.size(), 2u);
    EXPECT_EQ(result.effects.claims[0].agency, testing::north);
    EXPECT_EQ(result.effects.claims[1].agency, testing::east);
    EXPECT_TRUE(result.effects.noted.empty());
    EXPECT_EQ(result.counted[0].counted, 1u);
    EXPECT_FALSE(result.counted[0].partial);
}

TEST(FileBatch, an_unmatched_line_is_stored_noted_and_not_counted) {
    const auto result = Batch().run({testing::file(1, {{.identity = 1, .token = 77}})});
    EXPECT_EQ(dispositions(result.effects.files[0].counts), (std::vector{0, 0, 0, 0, 0, 1, 0}));
    EXPECT_EQ(result.effects.files[0].counts.t_warnings, 1);
    EXPECT_TRUE(result.effects.counts.empty());
    ASSERT_EQ(result.effects.claims.size(), 1u);
    ASSERT_EQ(result.effects.noted.size(), 1u);
    EXPECT_EQ(domain::outcome::deciding_step(result.effects.noted[0].lines[0].outcome),
              domain::DecidingStep::no_person);
    EXPECT_EQ(result.effects.noted[0].lines[0].org, "");
}

TEST(FileBatch, a_later_file_of_the_batch_replaces_the_line_of_an_earlier_one) {
    const auto result = Batch().run(
        {testing::file(1, {{.identity = 1, .token = 1}, {.identity = 2, .token = 1}}),
         testing::file(2, {{.identity = 1, .token = 1, .revision = 2, .minutes = 90}})});
    EXPECT_EQ(dispositions(result.effects.files[0].counts), (std::vector{0, 0, 0, 0, 1, 0, 1}));
    EXPECT_EQ(dispositions(result.effects.files[1].counts), (std::vector{0, 0, 0, 0, 0, 0, 1}));
    ASSERT_EQ(result.effects.counts.size(), 1u);
    EXPECT_EQ(result.effects.counts[0].records, 2);
    EXPECT_EQ(result.effects.counts[0].minutes, 150);
    for (const auto& file : result.effects.files) expect_sum(file.counts);
}

TEST(FileBatch, without_the_overlay_the_same_batch_counts_twice) {
    Batch batch;
    batch.switches.overlay = false;
    const auto result = batch.run({testing::file(1, {{.identity = 1, .token = 1}}),
                                   testing::file(2, {{.identity = 1, .token = 1}})});
    EXPECT_EQ(result.effects.counts[0].records, 2);
    EXPECT_EQ(Batch()
                  .run({testing::file(1, {{.identity = 1, .token = 1}}),
                        testing::file(2, {{.identity = 1, .token = 1}})})
                  .effects.counts[0]
                  .records,
              1);
}

TEST(FileBatch, a_deletion_takes_the_count_away_and_claims_stay_visible_for_on_time) {
    const auto result = Batch().run(
        {testing::file(1, {{.identity = 1, .token = 1}}),
         testing::file(2, {{.identity = 1, .token = 1, .revision = 1, .deletion = true}})});
    EXPECT_EQ(dispositions(result.effects.files[0].counts), (std::vector{0, 0, 0, 0, 1, 0, 0}));
    EXPECT_EQ(dispositions(result.effects.files[1].counts), (std::vector{0, 0, 0, 1, 0, 0, 0}));
    EXPECT_TRUE(result.effects.counts.empty());
    ASSERT_EQ(result.effects.claims.size(), 2u);
    EXPECT_EQ(result.effects.claims[0].delta, -1);
    EXPECT_EQ(result.effects.claims[1].delta, 1);
    EXPECT_EQ(result.effects.claims[1].received_at, testing::file(1, {}).received_at);
}

TEST(FileBatch, makes_every_identity_finding) {
    const auto result =
        Batch().run({testing::file(1, {{.identity = 1, .token = 1, .revision = 5},
                                       {.identity = 2, .token = 1, .revision = 5},
                                       {.identity = 3, .token = 1, .revision = 5}}),
                     testing::file(2, {{.identity = 1, .token = 1, .revision = 4},
                                       {.identity = 2, .token = 1, .revision = 5, .content = 99},
                                       {.identity = 3, .token = 2, .revision = 6},
                                       {.identity = 4, .token = 1, .deletion = true}})});
    EXPECT_EQ(dispositions(result.effects.files[1].counts), (std::vector{2, 0, 1, 1, 0, 0, 0}));
    EXPECT_EQ(result.effects.files[1].counts.matcher_errors, 2);
    EXPECT_EQ(result.effects.files[1].counts.matcher_warnings, 2);
    std::vector<std::string> codes;
    for (const auto& row : result.effects.findings) codes.push_back(row.finding.code);
    EXPECT_EQ(codes, (std::vector<std::string>{"U02", "U03", "U05", "U04"}));
    EXPECT_EQ(result.effects.findings[0].finding.pointer, "/leave_records/0/revision");
    EXPECT_EQ(result.effects.findings[3].finding.value, "D");
    EXPECT_EQ(result.effects.groups.size(), 4u);
    EXPECT_TRUE(result.counted[1].partial);
    ASSERT_EQ(result.effects.opened.size(), 1u);
    EXPECT_EQ(result.effects.opened[0].identity.size(), 4u);
}

TEST(FileBatch, details_are_capped_and_groups_exact) {
    std::vector<Line> lines, again;
    for (std::uint64_t i = 0; i < 1500; ++i) {
        lines.push_back({.identity = i, .token = 1, .revision = 2});
        again.push_back({.identity = i, .token = 1, .revision = 1});
    }
    const auto result = Batch().run({testing::file(1, lines), testing::file(2, again)});
    EXPECT_EQ(result.effects.findings.size(), 1000u);
    ASSERT_EQ(result.effects.groups.size(), 1u);
    EXPECT_EQ(result.effects.groups[0].group.count, 1500u);
    EXPECT_EQ(result.effects.groups[0].group.first, (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
}

TEST(FileBatch, stored_files_are_changed_by_differences) {
    auto first = Batch().run(
        {testing::file(1, {{.identity = 1, .token = 1}, {.identity = 2, .token = 77}})});
    Batch batch;
    batch.stored = {testing::judged(first.effects.files[0])};
    const auto result =
        batch.run({testing::file(2, {{.identity = 1, .token = 1, .revision = 2},
                                     {.identity = 2, .token = 77, .revision = 2}})});
    ASSERT_EQ(result.effects.changes.size(), 1u);
    const auto& change = result.effects.changes[0];
    EXPECT_EQ(change.submission_id, testing::submission(1));
    EXPECT_EQ(change.superseded, 2);
    EXPECT_EQ(change.counted, -1);
    EXPECT_EQ(change.unmatched, -1);
    for (const auto value : change.outcome) EXPECT_FALSE(domain::outcome::is_live(value));
    EXPECT_TRUE(result.effects.counts.empty());
    // The T01 of the first file is answered by the second.
    ASSERT_EQ(result.effects.fixed.size(), 1u);
    EXPECT_EQ(result.effects.fixed[0].submission_id, testing::submission(1));
    EXPECT_EQ(result.effects.fixed[0].fixed_by, testing::submission(2));
    EXPECT_EQ(result.effects.fixed[0].identity, (std::vector{testing::spread(2)}));
}

TEST(FileBatch, a_finding_is_fixed_by_the_first_later_line_without_error) {
    auto bad = testing::file(1, {}, testing::north, 1);
    bad.finding_identities = {testing::spread(1)};
    bad.finding_lines = {0};
    const auto result = Batch().run({bad, testing::file(2, {{.identity = 1, .token = 1}}),
                                     testing::file(3, {{.identity = 1, .token = 1}})});
    EXPECT_TRUE(result.effects.opened.empty());
    ASSERT_EQ(result.effects.fixed.size(), 1u);
    EXPECT_EQ(result.effects.fixed[0].fixed_by, testing::submission(2));

    Batch later;
    later.open = {
        {testing::submission(9), testing::north, {testing::spread(1), testing::spread(5)}, {}}};
    const auto fixed = later.run({testing::file(10, {{.identity = 1, .token = 1}})});
    ASSERT_EQ(fixed.effects.still_open.size(), 1u);
    EXPECT_EQ(fixed.effects.still_open[0].identity, (std::vector{testing::spread(5)}));
}

TEST(FileBatch, a_zero_report_is_a_claim) {
    auto zero = testing::file(1, {});
    zero.zero_report = true;
    const auto result = Batch().run({zero});
    ASSERT_EQ(result.effects.claims.size(), 1u);
    EXPECT_TRUE(result.effects.claims[0].zero_report);
    EXPECT_EQ(result.effects.claims[0].month, zero.data_month);
    EXPECT_EQ(result.effects.files[0].counts.total, 0);
}

TEST(FileBatch, what_the_sender_may_be_shown_follows_its_scope) {
    Batch batch;
    batch.table = testing::table19({{1, testing::east},
                                    {2, testing::west},
                                    {3, testing::east, 10000, 10001},
                                    {4, testing::west, 10000, 10001}});
    const auto result = batch.run({testing::file(1, {{.identity = 1, .token = 1},
                                                     {.identity = 2, .token = 2},
                                                     {.identity = 3, .token = 3},
                                                     {.identity = 4, .token = 4}})});
    ASSERT_EQ(result.effects.noted[0].lines.size(), 4u);
    const auto shown = [&](std::size_t at) {
        return (result.effects.noted[0].lines[at].outcome & domain::outcome::shown) != 0;
    };
    EXPECT_TRUE(shown(0));
    EXPECT_FALSE(shown(1));
    EXPECT_TRUE(shown(2));
    EXPECT_FALSE(shown(3));
}

TEST(FileBatch, numbers_that_do_not_add_up_are_our_own_bug) {
    auto broken = testing::file(1, {{.identity = 1, .token = 1}});
    broken.leave_lines = 5;
    EXPECT_THROW(Batch().run({broken}), domain::PermanentFailure);
}

}  // namespace
}  // namespace chaiqin::agency_matcher
