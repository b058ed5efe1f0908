#include "component/outcome/ledger.hpp"
#include "wire/submission_updated.hpp"

namespace chaiqin::testing {
namespace {

constexpr const char* all_counts =
    "SELECT agency, month, kind, type, records, minutes FROM statistics.monthly_count ORDER BY 1, "
    "2, 3, 4";

domain::CountedFile counted_file(int number, const std::string& agency, std::uint32_t total,
                                 std::uint32_t invalid) {
    return {submission(number), 1,     agency,  invalid > 0, at("2026-11-05T09:00:00+08:00"),
            "WEBITR",           total, invalid, 0,           total - invalid};
}

TEST(Aggregator, applies_a_batch_once_however_often_it_is_announced) {
    Ledger ledger;
    const auto first = ledger.file(1, north, {{north}, {north, 120}, {east}}),
               second = ledger.file(2, east, {{east, 30}});
    AggregatorUnderTest aggregator(ledger);
    aggregator.announce({first, second, first});
    aggregator.announce({second});
    aggregator.announce({first});
    EXPECT_EQ(ledger.database.table(all_counts),
              "Z00000001A|24321|0|16|2|180\nZ00000002B|24321|0|16|2|90");
}

TEST(Aggregator, without_the_set_of_applied_batches_a_repeat_counts_twice) {
    Ledger ledger;
    const auto batch = ledger.file(1, north, {{north}});
    AggregatorUnderTest aggregator(ledger, false);
    aggregator.announce({batch});
    aggregator.announce({batch});
    EXPECT_EQ(ledger.database.value("SELECT records FROM statistics.monthly_count"), "2");
    postgres::Session session({ledger.database.conninfo("statistics_aggregator"), "test"});
    auto work = session.begin();
    EXPECT_NE(aggregator.store->conservation_difference(*work), 0);
}

TEST(Aggregator, counts_may_be_negative_until_the_other_delta_comes) {
    Ledger ledger;
    const auto plus = ledger.batch(), minus = ledger.batch();
    ledger.delta(plus, north, 5, 300);
    ledger.delta(minus, north, -2, -120);
    AggregatorUnderTest aggregator(ledger);
    aggregator.announce({minus});
    EXPECT_EQ(ledger.database.value("SELECT records FROM statistics.monthly_count"), "-2");
    aggregator.announce({plus});
    EXPECT_EQ(ledger.database.table("SELECT records, minutes FROM statistics.monthly_count"),
              "3|180");
}

TEST(Aggregator, keeps_types_in_order_and_none_that_came_to_nothing) {
    Ledger ledger;
    const auto first = ledger.batch(), second = ledger.batch(), third = ledger.batch();
    ledger.delta(first, north, 2, 60, 256 + 2);
    ledger.delta(first, north, 1, 30, 20);
    ledger.delta(second, north, 3, 90, 16);
    ledger.delta(second, north, -2, -60, 256 + 2);
    ledger.delta(third, north, -1, -30, 20);
    ledger.delta(third, north, -3, -90, 16);
    AggregatorUnderTest aggregator(ledger);
    const auto month = [&] {
        return ledger.database.table(
            "SELECT leave, overtime, leave_minutes, overtime_minutes, kind_type, records, minutes"
            " FROM statistics.agency_month");
    };
    aggregator.announce({first});
    EXPECT_EQ(month(), "1|2|30|60|{20,258}|{1,2}|{30,60}");
    aggregator.announce({second});
    EXPECT_EQ(month(), "4|0|120|0|{16,20}|{3,1}|{90,30}");
    aggregator.announce({third});
    EXPECT_EQ(month(), "0|0|0|0|{}|{}|{}");
    EXPECT_EQ(ledger.database.value("SELECT count(*) FROM statistics.monthly_count"), "0");
}

TEST(Aggregator, keeps_the_sums_over_all_agencies) {
    Ledger ledger;
    std::vector<std::int64_t> batches;
    for (int number = 0; number < 20; ++number) {
        batches.push_back(ledger.batch());
        for (const auto& agency : {north, east, west})
            ledger.delta(batches.back(), agency, number - 6, 10 * number, 16 + number % 3 * 120,
                         october + number % 2);
    }
    AggregatorUnderTest aggregator(ledger);
    aggregator.announce({batches.begin(), batches.begin() + 7});
    aggregator.announce(batches);
    EXPECT_EQ(ledger.database.table("SELECT month, kind, type, records, minutes FROM "
                                    "statistics.national_month WHERE records <> 0 OR minutes <> 0 "
                                    "ORDER BY 1, 2, 3"),
              ledger.database.table("SELECT month, kind, type, sum(records), sum(minutes) FROM "
                                    "matching.count_delta GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"));
    EXPECT_EQ(
        ledger.database.table(all_counts),
        ledger.database.table("SELECT agency, month, kind, type, sum(records), sum(minutes) FROM "
                              "matching.count_delta GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"));
}

TEST(Aggregator, drops_a_batch_that_is_not_in_the_ledger) {
    Ledger ledger;
    AggregatorUnderTest aggregator(ledger);
    EXPECT_TRUE(aggregator.announce({4711}, {counted_file(1, north, 1, 0)}).messages().empty());
    EXPECT_EQ(ledger.database.value("SELECT count(*) FROM statistics.applied_batch"), "0");
    EXPECT_NE(runtime::metrics().text().find("chaiqin_deltas_unknown_total"), std::string::npos);
}

TEST(Aggregator, says_of_every_file_that_it_is_counted) {
    Ledger ledger;
    const auto whole = ledger.file(1, north, {{north}}),
               partial = ledger.file(2, north, {{north}}, 2);
    AggregatorUnderTest aggregator(ledger);
    const auto first = aggregator.announce({whole}, {counted_file(1, north, 1, 0)});
    const auto second = aggregator.announce({partial}, {counted_file(2, north, 3, 2)});
    ASSERT_EQ(first.messages().size(), 1u);
    ASSERT_EQ(second.messages().size(), 1u);
    const auto event = wire::decode_submission_updated(second.messages()[0].payload);
    EXPECT_EQ(event.error_count, 2u);
    EXPECT_EQ(event.version,
              (domain::SubmissionVersion{1, domain::SubmissionState::counted_partial}));
    EXPECT_EQ(wire::decode_submission_updated(first.messages()[0].payload).version.state,
              domain::SubmissionState::counted);
    EXPECT_EQ(ledger.database.table("SELECT partial, counted_at IS NOT NULL FROM "
                                    "statistics.counted ORDER BY submission_id"),
              "f|t\nt|t");
}

TEST(Aggregator, applies_what_nobody_announced_after_a_minute) {
    Ledger ledger;
    ledger.file(1, north, {{north}});
    AggregatorUnderTest aggregator(ledger);
    EXPECT_TRUE(aggregator.upkeep("2026-11-05T10:00:30+08:00").messages().empty());
    const auto outbox = aggregator.upkeep("2026-11-05T10:01:31+08:00");
    ASSERT_EQ(outbox.messages().size(), 1u);
    EXPECT_EQ(wire::decode_submission_updated(outbox.messages()[0].payload).submission_id,
              submission(1));
    EXPECT_EQ(ledger.database.value("SELECT records FROM statistics.monthly_count"), "1");
    EXPECT_EQ(ledger.database.value("SELECT count(*) FROM statistics.counted"), "1");
    EXPECT_TRUE(aggregator.upkeep("2026-11-05T10:03:00+08:00").messages().empty());
}

TEST(Aggregator, keeps_the_first_times_of_a_claim_whatever_comes_after) {
    Ledger ledger;
    const auto first = ledger.batch(), moved = ledger.batch(true), gone = ledger.batch();
    ledger.claim(first, north, 2, "2026-11-10T09:00:00+08:00");
    ledger.claim(moved, north, 1, "2026-11-02T09:00:00+08:00", true);
    ledger.claim(gone, north, -3, "2026-11-01T09:00:00+08:00");
    AggregatorUnderTest aggregator(ledger);
    aggregator.announce({first, moved, gone});
    EXPECT_EQ(ledger.database.table("SELECT records, first_received_at AT TIME ZONE 'Asia/Taipei', "
                                    "first_file_received_at AT TIME ZONE 'Asia/Taipei'"
                                    " FROM statistics.claim"),
              "0|2026-11-02 09:00:00|2026-11-10 09:00:00");
}

}  // namespace
}  // namespace chaiqin::testing
