#include "postgres/operations/verification.hpp"

#include "component/outcome/ledger.hpp"
#include "domain/topics.hpp"
#include "support/quarantined.hpp"

namespace chaiqin::testing {
namespace {

using postgres::operations::rebuild_statistics;
using postgres::operations::TopicEnds;
using postgres::operations::verify;

struct Counted {
    Counted() {
        for (int number = 1; number <= 3; ++number)
            batches.push_back(ledger.file(
                number, north, {{north}, {east, 90}, {"", 15}, {west, 30, 256 + 1}}, number - 1));
        AggregatorUnderTest aggregator(ledger);
        std::vector<domain::CountedFile> files;
        for (int number = 1; number <= 3; ++number) {
            domain::CountedFile file;
            file.submission_id = submission(number);
            file.agency = north;
            files.push_back(file);
        }
        aggregator.announce(batches, files);
    }
    postgres::Session owner() { return postgres::Session({ledger.database.conninfo(), "test"}); }
    std::vector<std::string> broken(const TopicEnds& ends = {}) {
        auto session = owner();
        std::vector<std::string> checks;
        for (const auto& difference : verify(session, [&] { return ends; }).differences)
            checks.push_back(difference.check);
        return checks;
    }
    Ledger ledger;
    std::vector<std::int64_t> batches;
};

TEST(Verify, holds_for_a_counted_store_and_says_its_sums) {
    Counted store;
    auto session = store.owner();
    const auto result = verify(session);
    EXPECT_TRUE(result.differences.empty())
        << (result.differences.empty() ? "" : result.differences[0].detail);
    EXPECT_EQ(result.submissions, 3);
    EXPECT_EQ(result.lines, 15);
    EXPECT_EQ(result.counted, 9);
    EXPECT_EQ(result.live_counted, 9);
    EXPECT_EQ(result.published, 9);
    EXPECT_EQ(result.unmatched, 3);
}

TEST(Verify, holds_while_deltas_are_outstanding) {
    Counted store;
    store.ledger.file(4, west, {{west}});
    auto session = store.owner();
    const auto result = verify(session);
    EXPECT_TRUE(result.differences.empty());
    EXPECT_EQ(result.published + result.unapplied, result.live_counted);
    EXPECT_EQ(result.unapplied_batches, 1);
}

TEST(Verify, names_the_first_agency_and_month_that_differ) {
    Counted store;
    store.ledger.database.run(
        "UPDATE statistics.agency_month SET records[1] = records[1] + 1, leave = leave + 1"
        " WHERE agency IN ('Z00000002B', 'Z00000003C')");
    auto session = store.owner();
    const auto differences = verify(session).differences;
    ASSERT_EQ(differences.size(), 3u);
    EXPECT_EQ(differences[2].check, "national_sums");
    EXPECT_EQ(differences[0].check, "sums");
    EXPECT_EQ(differences[1].check, "monthly_counts");
    EXPECT_EQ(differences[1].agency, east);
    EXPECT_EQ(differences[1].month, "2026-10");
    EXPECT_EQ(differences[1].count, 2);
}

TEST(Verify, sees_minutes_too) {
    Counted store;
    store.ledger.database.run(
        "UPDATE statistics.agency_month SET minutes[1] = minutes[1] - 1,"
        " leave_minutes = leave_minutes - 1 WHERE agency = 'Z00000001A'");
    EXPECT_EQ(store.broken(), (std::vector<std::string>{"monthly_counts", "national_sums"}));
}

TEST(Verify, sees_a_submission_whose_lines_are_not_its_dispositions) {
    Counted store;
    store.ledger.database.run("UPDATE matching.file SET total = total + 1 WHERE submission_id = $1",
                              submission(2));
    auto session = store.owner();
    const auto differences = verify(session).differences;
    ASSERT_EQ(differences.size(), 2u);
    EXPECT_EQ(differences[0].check, "dispositions");
    EXPECT_EQ(differences[1].check, "judgements") << "the validator has another total";
    EXPECT_EQ(differences[0].submission_id, submission(2));
}

TEST(Verify, sees_records_that_a_submission_does_not_account_for) {
    Counted store;
    store.ledger.database.run(R"(
        UPDATE matching.file SET counted = counted - 1, unmatched = unmatched + 1
        WHERE submission_id = $1)",
                              submission(1));
    EXPECT_EQ(store.broken(),
              (std::vector<std::string>{"sums", "records_of_file", "unmatched_lines"}));
}

TEST(Verify, sees_an_unmatched_list_that_is_not_what_the_files_say) {
    const std::vector<std::string> seen{"unmatched_lines"};
    {
        Counted store;
        store.ledger.database.run("DELETE FROM matching.unmatched_line WHERE submission_id = $1",
                                  submission(1));
        EXPECT_EQ(store.broken(), seen);
    }
    Counted store;
    store.ledger.database.run("UPDATE matching.unmatched_count SET records = records + 1");
    EXPECT_EQ(store.broken(), seen);
}

TEST(Verify, sees_files_and_receipts_that_are_lost) {
    Counted store;
    store.ledger.verdict(9, east, 1, 0, "2026-01-05T09:00:00+08:00");
    store.ledger.database.run(R"(
        INSERT INTO intake.receipt
            (submission_id, agency, file_name, route, size_bytes, sha256, received_at,
             partition, "offset")
        VALUES ($1, 'Z00000001A', 'a.json', 'WEBITR', 1, 'x', now(), 3, 7))",
                              submission(8));
    store.ledger.database.run(
        "INSERT INTO validation.progress (stage, topic, partition, next_offset) VALUES"
        " ('validator', $1, 3, 8)",
        std::string(domain::topics::file_received));
    EXPECT_EQ(store.broken(), (std::vector<std::string>{"lost_files", "lost_receipts"}));
    quarantine_in_matcher(store.ledger.database, submission(9));
    EXPECT_EQ(store.broken(), std::vector<std::string>{"lost_receipts"});
    store.ledger.database.run("UPDATE validation.progress SET next_offset = 0");
    EXPECT_EQ(store.broken(), std::vector<std::string>{}) << "the validator is not there yet";
    EXPECT_EQ(store.broken({{3, 8}}), std::vector<std::string>{});
    EXPECT_EQ(store.broken({{3, 7}}), std::vector<std::string>{"lost_receipts"});
}

TEST(Verify, sees_a_judgement_that_the_matcher_does_not_have) {
    Counted store;
    EXPECT_EQ(store.broken(), std::vector<std::string>{});
    store.ledger.database.run("UPDATE validation.submission SET data_month = data_month + 1");
    EXPECT_EQ(store.broken(), std::vector<std::string>{"judgements"});
}

TEST(Verify, sees_a_negative_count_only_at_rest) {
    Counted store;
    const auto minus = store.ledger.batch(), plus = store.ledger.batch();
    store.ledger.delta(minus, west, -1, -10, 40);
    store.ledger.delta(plus, west, 1, 10, 40);
    AggregatorUnderTest(store.ledger).announce({minus});
    EXPECT_TRUE(store.broken().empty());
    store.ledger.database.run("DELETE FROM matching.batch WHERE id = $1", plus);
    EXPECT_EQ(store.broken(),
              (std::vector<std::string>{"sums", "monthly_counts", "negative_counts"}));
}

TEST(Verify, sees_sums_that_are_not_the_counts) {
    Counted store;
    store.ledger.database.run(
        "UPDATE statistics.agency_month SET leave = leave + 1 WHERE agency = 'Z00000002B'");
    EXPECT_EQ(store.broken(), std::vector<std::string>{"agency_sums"});
    store.ledger.database.run(
        "UPDATE statistics.agency_month SET leave = leave - 1 WHERE agency = 'Z00000002B';"
        "UPDATE statistics.national_month SET minutes = minutes + 1 WHERE kind = 1");
    EXPECT_EQ(store.broken(), std::vector<std::string>{"national_sums"});
}

TEST(Rebuild, finds_nothing_to_change_in_a_live_store) {
    Counted store;
    const auto before = store.ledger.database.table(
        "SELECT * FROM statistics.monthly_count ORDER BY agency, kind, type");
    auto session = store.owner();
    const auto result = rebuild_statistics(session, true);
    EXPECT_TRUE(result.switched);
    EXPECT_EQ(result.differing(), 0);
    EXPECT_EQ(result.counts.rows, 3);
    EXPECT_EQ(store.ledger.database.table(
                  "SELECT * FROM statistics.monthly_count ORDER BY agency, kind, type"),
              before);
}

TEST(Rebuild, puts_a_damaged_table_right_and_only_looks_when_asked_to) {
    Counted store;
    const auto before = store.ledger.database.table(
        "SELECT * FROM statistics.monthly_count ORDER BY agency, kind, type");
    store.ledger.database.run(
        "UPDATE statistics.agency_month SET records[1] = 99 WHERE agency = 'Z00000001A';"
        "DELETE FROM statistics.agency_month WHERE agency = 'Z00000002B';"
        "INSERT INTO statistics.agency_month VALUES"
        " ('Z00000009X', 24321, 1, 0, 1, 0, '{16}', '{1}', '{1}');"
        "DELETE FROM statistics.national_month;"
        "UPDATE statistics.claim SET records = 0");
    auto session = store.owner();
    const auto looked = rebuild_statistics(session, false);
    EXPECT_EQ(looked.counts.differing, 3);
    EXPECT_EQ(looked.claims.differing, 1);
    EXPECT_FALSE(store.broken().empty());
    rebuild_statistics(session, true);
    EXPECT_EQ(store.ledger.database.table(
                  "SELECT * FROM statistics.monthly_count ORDER BY agency, kind, type"),
              before);
    EXPECT_TRUE(store.broken().empty());
}

TEST(Rebuild, takes_outstanding_batches_in_so_that_their_event_changes_nothing) {
    Counted store;
    const auto late = store.ledger.file(4, west, {{west}});
    auto session = store.owner();
    EXPECT_EQ(rebuild_statistics(session, true).batches_applied, 1);
    const auto counts = store.ledger.database.table(
        "SELECT * FROM statistics.monthly_count ORDER BY agency, kind, type");
    AggregatorUnderTest(store.ledger).announce({late});
    EXPECT_EQ(store.ledger.database.table(
                  "SELECT * FROM statistics.monthly_count ORDER BY agency, kind, type"),
              counts);
    EXPECT_TRUE(store.broken().empty());
}

}  // namespace
}  // namespace chaiqin::testing
