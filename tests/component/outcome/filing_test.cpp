#include "component/outcome/ledger.hpp"
#include "domain/topics.hpp"
#include "support/quarantined.hpp"
#include "wire/filing_changed.hpp"

namespace chaiqin::testing {
namespace {

constexpr const char* frozen =
    "SELECT f.version, f.agency, f.obliged, f.reported, f.zero, f.on_time FROM "
    "statistics.frozen_filing f"
    " WHERE f.month = 24321 AND f.obliged ORDER BY 1, 2";
const std::string before_deadline = "2026-11-19T09:00:00+08:00",
                  after_deadline = "2026-11-21T00:05:00+08:00";

/// Three agencies with posts since a year ago. The deadline of 2026-10 is Friday 2026-11-20.
struct Filings {
    Filings() {
        for (const auto& code : {north, east, west}) ledger.agency(code);
        posts = ledger.batch();
        for (const auto& code : {north, east, west}) ledger.post(posts, code);
        aggregator.announce({posts});
    }
    void claim(const std::string& agency, const std::string& received_at, bool by_rematch = false,
               bool zero = false) {
        const auto batch = ledger.batch(by_rematch);
        ledger.claim(batch, agency, 1, received_at, by_rematch, zero);
        aggregator.announce({batch});
    }
    std::string live(const std::string& deadline_end = "2026-11-21 00:00:00+08") {
        return ledger.database.table(R"(
            SELECT agency, obliged, exempt, reported, zero, on_time
            FROM statistics.filing($1, $2) ORDER BY 1)",
                                     october, deadline_end);
    }
    Ledger ledger;
    AggregatorUnderTest aggregator{ledger};
    std::int64_t posts = 0;
};

TEST(Filing, tells_who_is_obliged_has_reported_and_was_on_time) {
    Filings f;
    f.claim(north, before_deadline);
    f.claim(east, after_deadline);
    f.claim(west, before_deadline, false, true);
    EXPECT_EQ(f.live(), "Z00000001A|t|f|t|f|t\nZ00000002B|t|f|t|f|f\nZ00000003C|t|f|t|t|t");
}

TEST(Filing, records_win_over_a_zero_report) {
    Filings f;
    f.claim(north, before_deadline, false, true);
    f.claim(north, before_deadline);
    EXPECT_EQ(f.live().substr(0, 20), "Z00000001A|t|f|t|f|t");
}

TEST(Filing, new_exempt_and_abolished_agencies_are_not_obliged) {
    Filings f;
    f.ledger.database.run(
        "UPDATE registry.agency_version SET established_on = '2026-10-02' WHERE org_code = "
        "'Z00000001A';"
        "UPDATE registry.agency_version SET exempt_from = '2026-10-31' WHERE org_code = "
        "'Z00000002B';"
        "UPDATE registry.agency_version SET abolished_on = '2026-10-31' WHERE org_code = "
        "'Z00000003C'");
    EXPECT_EQ(f.live(), "Z00000001A|f|f|f|f|f\nZ00000002B|f|t|f|f|f\nZ00000003C|f|f|f|f|f");
    f.ledger.database.run(
        "UPDATE registry.agency_version SET established_on = '2026-10-01' WHERE org_code = "
        "'Z00000001A';"
        "UPDATE registry.agency_version SET exempt_from = '2026-09-01', exempt_to = '2026-09-30' "
        "WHERE "
        "org_code = 'Z00000002B';"
        "UPDATE registry.agency_version SET abolished_on = '2026-11-01' WHERE org_code = "
        "'Z00000003C'");
    EXPECT_EQ(f.live(), "Z00000001A|t|f|f|f|f\nZ00000002B|t|f|f|f|f\nZ00000003C|t|f|f|f|f");
}

TEST(Filing, facts_hold_for_every_month_whatever_day_they_take_effect) {
    Filings f;
    // Entered on 5 November, with that day as the date of the new version.
    f.ledger.database.run(
        "INSERT INTO registry.agency_version (org_code, effective_on, name, abolished_on) VALUES"
        " ('Z00000001A', '2026-11-05', 'n', '2026-10-01');"
        "INSERT INTO registry.agency_version (org_code, effective_on, name, exempt_from, exempt_to)"
        " VALUES ('Z00000002B', '2026-11-05', 'e', '2026-08-01', '2026-12-31'),"
        " ('Z00000002B', '2026-11-06', 'e', '2027-02-01', '2027-02-28');"
        "INSERT INTO registry.agency_version (org_code, effective_on, name, established_on) VALUES"
        " ('Z00000003C', '2026-11-05', 'w', '2026-10-02')");
    const std::string nobody = "Z00000001A|f|f|f|f|f\nZ00000002B|f|t|f|f|f\nZ00000003C|f|f|f|f|f";
    EXPECT_EQ(f.live(), nobody);
    EXPECT_EQ(f.ledger.database.table(R"(
                  SELECT agency, obliged, exempt, reported, zero, on_time
                  FROM statistics.filing_of(ARRAY['Z00000001A', 'Z00000002B', 'Z00000003C'],
                                            ARRAY[$1::int], ARRAY[$2::timestamptz]) ORDER BY 1)",
                                      october, std::string("2026-11-21 00:00:00+08")),
              nobody);
    // A wrong fact is mended by replacing its version.
    f.ledger.database.run(
        "UPDATE registry.agency_version SET abolished_on = NULL WHERE org_code = 'Z00000001A'");
    EXPECT_EQ(f.live().substr(0, 20), "Z00000001A|t|f|f|f|f");
}

TEST(Filing, an_agency_without_a_post_in_the_month_is_not_obliged) {
    Filings f;
    const auto batch = f.ledger.batch();
    f.ledger.post(batch, north, october, -1);
    f.ledger.post(batch, east, october + 1, -1);
    f.aggregator.announce({batch});
    EXPECT_EQ(f.live(), "Z00000001A|f|f|f|f|f\nZ00000002B|t|f|f|f|f\nZ00000003C|t|f|f|f|f");
}

TEST(Freeze, waits_for_the_deadline_and_a_minute) {
    Filings f;
    f.aggregator.look_at_filings("2026-11-21T00:00:59+08:00");
    EXPECT_EQ(f.ledger.database.value("SELECT count(*) FROM statistics.frozen_month"), "0");
    f.aggregator.look_at_filings("2026-11-21T00:01:00+08:00");
    EXPECT_EQ(
        f.ledger.database.table("SELECT month, version, formula FROM statistics.frozen_month"),
        "24321|1|1");
}

TEST(Freeze, counts_files_received_in_time_and_not_what_a_rematch_brought) {
    Filings f;
    f.claim(north, before_deadline);
    f.claim(east, before_deadline, true);
    f.claim(west, after_deadline);
    f.aggregator.look_at_filings("2026-11-21T00:06:00+08:00");
    EXPECT_EQ(f.ledger.database.table(frozen),
              "1|Z00000001A|t|t|f|t\n1|Z00000002B|t|f|f|f\n1|Z00000003C|t|f|f|f");
    EXPECT_EQ(f.live(), "Z00000001A|t|f|t|f|t\nZ00000002B|t|f|t|f|t\nZ00000003C|t|f|t|f|f");
}

TEST(Freeze, keeps_who_stood_above_each_agency_on_the_months_last_day) {
    Filings f;
    f.ledger.database.run(
        "UPDATE registry.agency_version SET supervising_org_code = 'Z00000001A' WHERE org_code = "
        "'Z00000002B';"
        "INSERT INTO registry.agency_version (org_code, effective_on, name, supervising_org_code) "
        "VALUES ('Z00000003C', '2026-10-31', 'moved', 'Z00000002B'), ('Z00000003C', '2026-11-01', "
        "'moved', 'Z00000001A')");
    f.aggregator.look_at_filings("2026-11-21T00:06:00+08:00");
    EXPECT_EQ(f.ledger.database.table("SELECT agency, chain FROM statistics.frozen_filing WHERE "
                                      "obliged ORDER BY 1"),
              "Z00000001A|{Z00000001A}\nZ00000002B|{Z00000002B,Z00000001A}\n"
              "Z00000003C|{Z00000003C,Z00000002B,Z00000001A}");
}

TEST(Freeze, waits_until_the_validator_is_past_the_cut) {
    Filings f;
    f.aggregator.input_ends = {{0, 10}};
    f.ledger.database.run(
        "INSERT INTO validation.progress (stage, topic, partition, next_offset) VALUES"
        " ('validator', $1, 0, 9)",
        std::string(domain::topics::file_received));
    f.aggregator.look_at_filings("2026-11-21T00:06:00+08:00");
    EXPECT_EQ(f.ledger.database.value("SELECT count(*) FROM statistics.frozen_month"), "0");
    f.aggregator.input_ends = {{0, 99}};  // the cut is kept
    f.ledger.database.run("UPDATE validation.progress SET next_offset = 10");
    f.aggregator.look_at_filings("2026-11-21T00:07:00+08:00");
    EXPECT_EQ(f.ledger.database.value("SELECT count(*) FROM statistics.frozen_month"), "1");
}

TEST(Freeze, waits_for_accepted_files_to_be_matched_and_counted) {
    Filings f;
    f.ledger.verdict(1, north, 1, 0, before_deadline);
    f.aggregator.look_at_filings("2026-11-21T00:06:00+08:00");
    EXPECT_EQ(f.ledger.database.value("SELECT count(*) FROM statistics.frozen_month"), "0")
        << "no matcher row";
    f.ledger.database.run("DELETE FROM validation.submission");
    const auto batch = f.ledger.file(1, north, {{north}}, 0, before_deadline);
    f.aggregator.look_at_filings("2026-11-21T00:07:00+08:00");
    EXPECT_EQ(f.ledger.database.value("SELECT count(*) FROM statistics.frozen_month"), "0")
        << "deltas not applied";
    f.aggregator.announce({batch});
    f.aggregator.look_at_filings("2026-11-21T00:08:00+08:00");
    EXPECT_EQ(f.ledger.database.table(frozen).substr(0, 22), "1|Z00000001A|t|t|f|t\n1");
}

TEST(Freeze, is_not_held_by_a_quarantined_file_which_later_makes_a_new_version) {
    Filings f;
    f.ledger.verdict(1, north, 1, 0, before_deadline);
    quarantine_in_matcher(f.ledger.database, submission(1));
    f.aggregator.look_at_filings("2026-11-21T00:06:00+08:00");
    EXPECT_EQ(f.ledger.database.value("SELECT max(version) FROM statistics.frozen_month"), "1");
    f.claim(north, before_deadline);
    f.aggregator.look_at_filings("2026-12-05T00:00:00+08:00");
    EXPECT_EQ(
        f.ledger.database.table(frozen),
        "1|Z00000001A|t|f|f|f\n1|Z00000002B|t|f|f|f\n1|Z00000003C|t|f|f|f\n2|Z00000001A|t|t|f|t\n2|"
        "Z00000002B|t|f|f|f\n2|Z00000003C|t|f|f|f");
    EXPECT_NE(
        f.ledger.database.value("SELECT reason FROM statistics.frozen_month WHERE version = 2"),
        "");
    f.aggregator.look_at_filings("2026-12-05T00:01:00+08:00");
    EXPECT_EQ(f.ledger.database.value("SELECT max(version) FROM statistics.frozen_month"), "2");
}

TEST(Freeze, is_held_by_a_replay_but_not_when_that_is_quarantined_too) {
    Filings f;
    f.ledger.verdict(1, north, 1, 0, before_deadline);
    quarantine_in_matcher(f.ledger.database, submission(1));
    f.ledger.database.run("UPDATE matching.quarantine SET replayed_at = now()");
    f.aggregator.look_at_filings("2026-11-21T00:06:00+08:00");
    EXPECT_EQ(f.ledger.database.value("SELECT count(*) FROM statistics.frozen_month"), "0");
    quarantine_in_matcher(f.ledger.database, submission(1), 2);
    f.aggregator.look_at_filings("2026-11-21T00:07:00+08:00");
    EXPECT_EQ(f.ledger.database.value("SELECT max(version) FROM statistics.frozen_month"), "1");
}

TEST(Freeze, makes_a_new_version_when_the_calendar_moves_the_deadline) {
    // A typhoon: 2026-11-20 becomes a day off after the month was frozen, so that Monday the 23rd
    // is the last day.
    Filings f;
    f.claim(north, before_deadline);
    f.claim(east, after_deadline);
    f.aggregator.look_at_filings("2026-11-21T00:06:00+08:00");
    const std::string first = "1|Z00000001A|t|t|f|t\n1|Z00000002B|t|f|f|f\n1|Z00000003C|t|f|f|f";
    EXPECT_EQ(f.ledger.database.table(frozen), first);
    const auto typhoon = domain::parse_iso_day("2026-11-20").value();
    f.aggregator.registry.declare_off(typhoon, {.day = 23});
    f.aggregator.look_at_filings("2026-11-24T00:01:00+08:00");
    EXPECT_EQ(f.ledger.database.table(frozen), first) << "a changed rule leaves what is frozen";
    f.aggregator.registry.declare_off(typhoon);
    f.aggregator.look_at_filings("2026-11-24T00:00:59+08:00");
    EXPECT_EQ(f.ledger.database.table(frozen), first) << "the new deadline has not passed";
    // A file that came before the new deadline is on its way when it passes.
    f.aggregator.input_ends = {{0, 1}};
    f.aggregator.look_at_filings("2026-11-24T00:01:00+08:00");
    EXPECT_EQ(f.ledger.database.table(frozen), first) << "not everything is counted";
    f.ledger.database.run(
        "INSERT INTO validation.progress (stage, topic, partition, next_offset)"
        " VALUES ('validator', $1, 0, 1)",
        std::string(domain::topics::file_received));
    f.claim(west, "2026-11-23T23:00:00+08:00");
    f.aggregator.look_at_filings("2026-11-24T00:02:00+08:00");
    EXPECT_EQ(f.ledger.database.table(frozen),
              first + "\n2|Z00000001A|t|t|f|t\n2|Z00000002B|t|t|f|t\n2|Z00000003C|t|t|f|t");
    EXPECT_EQ(
        f.ledger.database.value("SELECT reason FROM statistics.frozen_month WHERE version = 2"),
        "the office calendar has moved the deadline from 2026-11-20 to 2026-11-23");
    f.aggregator.look_at_filings("2026-11-25T00:00:00+08:00");
    EXPECT_EQ(f.ledger.database.value("SELECT max(version) FROM statistics.frozen_month"), "2");
}

TEST(Freeze, leaves_months_whose_deadline_was_before_the_platform_and_months_with_nobody_obliged) {
    Filings f;
    f.aggregator.look_at_filings("2026-11-21T00:06:00+08:00");
    EXPECT_EQ(f.ledger.database.table("SELECT month FROM statistics.frozen_month"), "24321");
    Ledger empty;
    AggregatorUnderTest aggregator(empty);
    aggregator.announce({empty.batch()});
    aggregator.look_at_filings("2026-11-21T00:06:00+08:00");
    EXPECT_EQ(empty.database.value("SELECT count(*) FROM statistics.frozen_month"), "0");
}

TEST(DeadlineNotice, goes_once_of_each_kind_to_who_has_not_reported) {
    Filings f;
    f.claim(north, "2026-11-10T09:00:00+08:00");
    f.claim(east, "2026-11-10T09:00:00+08:00", false, true);
    EXPECT_TRUE(f.aggregator.look_at_filings("2026-11-14T23:59:00+08:00").messages().empty());
    const auto told = f.aggregator.look_at_filings("2026-11-15T00:00:00+08:00");
    ASSERT_EQ(told.messages().size(), 1u);
    const auto event = wire::decode_filing_changed(told.messages()[0].payload);
    EXPECT_EQ(event.agency, west);
    EXPECT_EQ(event.month, october);
    EXPECT_EQ(event.kind, domain::NoticeKind::deadline_before_5);
    EXPECT_EQ(domain::iso_day(event.deadline), "2026-11-20");
    EXPECT_TRUE(f.aggregator.look_at_filings("2026-11-15T08:00:00+08:00").messages().empty());
    EXPECT_EQ(f.aggregator.look_at_filings("2026-11-19T08:00:00+08:00").messages().size(), 1u);
    EXPECT_TRUE(f.aggregator.look_at_filings("2026-11-21T00:00:30+08:00").messages().empty())
        << "not frozen yet";
    EXPECT_EQ(f.aggregator.look_at_filings("2026-11-21T00:02:00+08:00").messages().size(), 1u);
    EXPECT_TRUE(f.aggregator.look_at_filings("2026-11-22T09:00:00+08:00").messages().empty());
}

TEST(Digest, tells_supervising_agencies_twice_how_many_below_them_have_reported) {
    Filings f;
    f.ledger.database.run(
        "UPDATE registry.agency_version SET supervising_org_code = 'Z00000001A' WHERE org_code IN "
        "('Z00000002B', 'Z00000003C')");
    f.claim(north, "2026-11-09T09:00:00+08:00");
    f.claim(east, "2026-11-09T09:00:00+08:00");
    EXPECT_TRUE(f.aggregator.look_at_filings("2026-11-09T23:59:00+08:00").messages().empty());
    const auto first = f.aggregator.look_at_filings("2026-11-10T00:00:00+08:00");
    EXPECT_TRUE(first.messages().empty()) << "looked at a minute ago";
    const auto told = f.aggregator.look_at_filings("2026-11-10T00:10:00+08:00");
    ASSERT_EQ(told.messages().size(), 1u);
    const auto event = wire::decode_filing_changed(told.messages()[0].payload);
    EXPECT_EQ(event, (domain::FilingChanged{north, october, domain::NoticeKind::digest_first,
                                            domain::parse_iso_day("2026-11-20").value(), 2, 1}));
    EXPECT_TRUE(f.aggregator.look_at_filings("2026-11-11T08:00:00+08:00").messages().empty());
    int second = 0;
    const auto later = f.aggregator.look_at_filings("2026-11-17T08:00:00+08:00");
    for (const auto& message : later.messages())
        second +=
            wire::decode_filing_changed(message.payload).kind == domain::NoticeKind::digest_second;
    EXPECT_EQ(second, 1);
}

}  // namespace
}  // namespace chaiqin::testing
