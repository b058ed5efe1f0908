// File batches on a real database: what is stored, counted and found equals a plain recount, in any
// order.
#include <random>

#include "matcher_under_test.hpp"

namespace chaiqin::testing {
namespace {

[[maybe_unused]] const auto* const metrics =
    ::testing::AddGlobalTestEnvironment(new MetricsEnvironment);

/// Table 19 for persons 0..19: half at north, some at east, one moved within October, one unknown,
/// one that left.
std::string careers() {
    std::vector<CareerLine> lines;
    for (int person = 0; person < 20; ++person) {
        if (person == 17) continue;
        if (person == 18)
            lines.push_back({person, 1, north, "1000101", "1150930"});
        else if (person == 16) {
            lines.push_back({person, 1, north, "1000101", "1151010"});
            lines.push_back({person, 2, east, "1151010", ""});
        } else
            lines.push_back({person, 1, person % 3 == 0 ? east : north});
    }
    return career_csv(lines);
}

/// Files in which an identity has one person and one content a revision.
std::vector<domain::ValidatedFile> random_files(std::mt19937& random, int count) {
    std::vector<domain::ValidatedFile> files;
    for (int number = 1; number <= count; ++number) {
        std::vector<Line> lines;
        for (std::uint64_t identity = 0; identity < 30; ++identity) {
            if (random() % 3 != 0) continue;
            Line line;
            line.identity = identity;
            line.token = token_number(static_cast<int>(identity * 7 % 20));
            line.revision = 1 + random() % 4;
            line.deletion = random() % 5 == 0;
            line.content = line.deletion ? 1 : 0;
            line.day = first_of_october + static_cast<int>(identity + line.revision) % 28;
            line.day_count = identity % 4 == 0 ? 1 : 0;
            line.minutes = 30 * static_cast<int>(line.revision);
            line.kind_type = static_cast<std::int16_t>(1 + identity % 3);
            line.org = identity % 2 == 0 ? north : east;
            lines.push_back(line);
        }
        files.push_back(file(number, lines, north, random() % 3));
    }
    return files;
}

TEST(MatcherFiles, deltas_and_dispositions_equal_a_recount_after_every_batch) {
    MatcherUnderTest matcher;
    matcher.load(900, careers());
    std::mt19937 random(5);
    auto files = random_files(random, 24);
    for (std::size_t at = 0; at < files.size();) {
        std::vector<domain::ValidatedFile> batch;
        for (auto size = 1 + random() % 6; size > 0 && at < files.size(); --size)
            batch.push_back(files[at++]);
        const auto count = batch.size();
        const auto event = matcher.apply(std::move(batch));
        EXPECT_EQ(event.files.size(), count);
        EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.file WHERE batch_id = $1",
                                         event.batch_id),
                  std::to_string(count));
        matcher.expect_conserved();
    }
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.file"), "24");
    EXPECT_NE(matcher.database.value("SELECT sum(superseded) FROM matching.file"), "0");
    EXPECT_NE(matcher.database.value("SELECT sum(stale) FROM matching.file"), "0");
}

TEST(MatcherFiles, any_order_and_repetition_give_the_same_live_lines_and_counts) {
    MatcherUnderTest matcher;
    matcher.load(900, careers());
    std::mt19937 random(11);
    for (int set = 0; set < 3; ++set) {
        const auto files = random_files(random, 10);
        std::string expected, counts;
        for (int round = 0; round < 4; ++round) {
            matcher.forget_files();
            auto order = files;
            for (int i = 0; i < 4; ++i) order.push_back(files[random() % files.size()]);
            if (round > 0) std::shuffle(order.begin(), order.end(), random);
            for (std::size_t at = 0; at < order.size(); ++at)
                order[at].submission_id = submission(static_cast<int>(at + 1));
            for (std::size_t at = 0; at < order.size();) {
                std::vector<domain::ValidatedFile> batch;
                for (auto size = 1 + random() % 5; size > 0 && at < order.size(); --size)
                    batch.push_back(order[at++]);
                matcher.apply(std::move(batch));
            }
            matcher.expect_conserved();
            const auto live = matcher.live_lines();
            const auto now_counted = matcher.database.table(
                "SELECT agency, month, kind, type, records, minutes FROM matching.recount ORDER BY "
                "1, 2, 3, "
                "4");
            if (round == 0) expected = live, counts = now_counted;
            EXPECT_EQ(live, expected) << "set " << set << " round " << round;
            EXPECT_EQ(now_counted, counts);
        }
        EXPECT_FALSE(expected.empty());
    }
}

TEST(MatcherFiles, without_the_overlay_the_recount_finds_the_difference) {
    const auto twice = [](MatcherUnderTest& matcher) {
        matcher.load(900, careers());
        matcher.apply({file(1, {{.identity = 1, .token = token_number(1)}}),
                       file(2, {{.identity = 1, .token = token_number(1)}})});
        return matcher.database.value("SELECT count(*) FROM matching.record WHERE live");
    };
    MatcherUnderTest sound, broken({.overlay = false});
    EXPECT_EQ(twice(sound), "1");
    EXPECT_EQ(twice(broken), "2");
}

TEST(MatcherFiles, many_files_of_an_agency_are_still_found) {
    MatcherUnderTest matcher;
    matcher.load(900, careers());
    for (int begin = 1; begin <= 200; begin += 25) {
        std::vector<domain::ValidatedFile> batch;
        for (int number = begin; number < begin + 25; ++number)
            batch.push_back(file(number, {{.identity = static_cast<std::uint64_t>(number),
                                           .token = token_number(number % 15)}}));
        matcher.apply(std::move(batch));
    }
    EXPECT_LE(std::stoi(matcher.database.value("SELECT count(*) FROM matching.identity_prefix")),
              64);
    std::vector<Line> again;
    for (int number = 1; number <= 200; ++number)
        again.push_back(
            {.identity = static_cast<std::uint64_t>(number), .token = token_number(number % 15)});
    matcher.apply({file(500, again)});
    EXPECT_EQ(matcher.database.value("SELECT unchanged FROM matching.file WHERE submission_id = $1",
                                     submission(500)),
              "200");
    matcher.expect_conserved();
}

TEST(MatcherFiles, findings_say_what_table19_and_the_store_found) {
    MatcherUnderTest matcher;
    matcher.load(900, careers());
    const auto october_10 = first_of_october + 9;
    matcher.apply({file(1, {{.identity = 1, .token = token_number(17)},               // nobody
                            {.identity = 2, .token = token_number(18)},               // has left
                            {.identity = 3, .token = token_number(3), .org = north},  // is at east
                            {.identity = 4,
                             .token = token_number(16),
                             .day = october_10 - 1,
                             .day_count = 1},  // spans
                            {.identity = 5, .token = token_number(1)}})});
    EXPECT_EQ(
        matcher.database.table(
            "SELECT index, code, pointer, value, message FROM matching.t_finding ORDER BY index"),
        "0|T01|/leave_records/0/person_id|A12*****89|查無此人\n"
        "1|T04|/leave_records/1/person_id|A12*****89|晚於\n"
        "2|T05|/leave_records/2/org_code|Z00000001A|不符，歸屬Z00000002B \n"
        "3|T08|/leave_records/3/start_date|1151009|跨越");
    EXPECT_EQ(matcher.database.table("SELECT index, record_no, reason, hidden, date FROM "
                                     "matching.unmatched_line ORDER BY 1"),
              "0|L1|0|f|2026-10-05\n1|L2|3|f|2026-10-05");
    EXPECT_EQ(matcher.database.value("SELECT t_warnings FROM matching.file"), "4");
    // A sender whose scope does not hold the person's rows sees nobody; here another line of the
    // person is matched.
    matcher.apply({file(2,
                        {{.identity = 9, .token = token_number(18)},
                         {.identity = 10, .token = token_number(18), .day = first_of_october - 30},
                         {.identity = 11, .token = token_number(3), .org = west}},
                        west)});
    EXPECT_EQ(matcher.database.table("SELECT index, reason, hidden,"
                                     " matching.person_is_matched(submission_id, kind, index)"
                                     " FROM matching.unmatched_line WHERE agency = $1",
                                     west),
              "0|3|t|t");
    EXPECT_EQ(
        matcher.database.table("SELECT code, message FROM matching.t_finding WHERE agency = $1"
                               " ORDER BY index, code",
                               west),
        "T01|查無此人\nT05|不符");
    // A later file's lines without error fix the findings of the earlier ones, once.
    matcher.apply({file(3, {{.identity = 1, .token = token_number(17), .revision = 2},
                            {.identity = 3, .token = token_number(3)}})});
    matcher.apply({file(4, {{.identity = 3, .token = token_number(3)}})});
    EXPECT_EQ(
        matcher.database.table(
            "SELECT submission_id, fixed_by FROM matching.fixed_finding ORDER BY identity = $1, 2",
            static_cast<std::int64_t>(spread(3))),
        submission(1) + "|" + submission(3) + "\n" + submission(1) + "|" + submission(3));
    matcher.expect_conserved();
}

TEST(MatcherFiles, a_new_revision_makes_an_unmatched_record_no_younger) {
    MatcherUnderTest matcher;
    matcher.load(900, careers());
    const auto first_received = [&] {
        return matcher.database.table(
            "SELECT u.submission_id, f.submission_id FROM matching.unmatched_line u"
            " JOIN matching.file f ON f.received_at = u.first_received_at ORDER BY u.index");
    };
    // Matched at first; a deletion in between; two revisions of one batch.
    const auto leaver = token_number(18);
    matcher.apply({file(1, {{.identity = 1, .token = leaver, .day = first_of_october - 30}})});
    matcher.apply({file(2, {{.identity = 1, .token = leaver, .revision = 2, .deletion = true}})});
    matcher.apply({file(3, {{.identity = 1, .token = leaver, .revision = 3}})});
    EXPECT_EQ(first_received(), submission(3) + "|" + submission(1));
    matcher.apply({file(4, {{.identity = 1, .token = leaver, .revision = 4},
                            {.identity = 2, .token = leaver}}),
                   file(5, {{.identity = 1, .token = leaver, .revision = 5},
                            {.identity = 2, .token = leaver, .revision = 2},
                            {.identity = 3, .token = leaver}})});
    EXPECT_EQ(first_received(), submission(5) + "|" + submission(1) + "\n" + submission(5) + "|" +
                                    submission(4) + "\n" + submission(5) + "|" + submission(5));
    matcher.expect_conserved();
}

TEST(MatcherFiles, identity_findings_and_open_ones_are_stored) {
    MatcherUnderTest matcher;
    matcher.load(900, careers());
    matcher.apply({file(1, {{.identity = 1, .token = token_number(1), .revision = 3},
                            {.identity = 2, .token = token_number(1), .revision = 3}})});
    matcher.apply({file(2, {{.identity = 1, .token = token_number(1), .revision = 3, .content = 5},
                            {.identity = 2, .token = token_number(2), .revision = 4}}),
                   file(3, {{.identity = 1, .token = token_number(1), .revision = 2}})});
    EXPECT_EQ(
        matcher.database.table(
            "SELECT code, severity, pointer, record_no, value FROM matching.finding ORDER BY code"),
        "U02|1|/leave_records/0/revision|L1|2\nU03|0|/leave_records/0/revision|L1|3\nU05|0|/"
        "leave_records/1/record_no|L2|L2");
    EXPECT_EQ(matcher.database.table(
                  "SELECT code, count, first FROM matching.finding_group ORDER BY code"),
              "U02|1|{0}\nU03|1|{0}\nU05|1|{1}");
    EXPECT_EQ(matcher.database.table("SELECT invalid, stale, matcher_errors, matcher_warnings FROM "
                                     "matching.file ORDER BY submission_id"),
              "0|0|0|0\n2|0|2|0\n0|1|0|1");
    // U03 of file 2 is answered by the stale line of file 3 (a warning is no error); U05 stays
    // open.
    EXPECT_EQ(matcher.database.table("SELECT submission_id, fixed_by FROM matching.fixed_finding"),
              submission(2) + "|" + submission(3));
    EXPECT_EQ(matcher.database.value(
                  "SELECT count(*) FROM matching.open_finding WHERE length(identity) = 8"),
              "2");
    matcher.expect_conserved();
}

/// A file that the validator has judged, as the matcher finds it in the store.
struct Validated {
    int number = 0;
    std::string agency = "A";
    const char* verdict = "REJECTED_FILE";
    std::string received;
    std::optional<int> month = std::nullopt;
    int total = 0;
    int errors = 0;
};

void validated(MatcherUnderTest& matcher, const Validated& file) {
    matcher.database.run(
        "INSERT INTO validation.submission (submission_id, attempt, agency, partition, verdict,"
        " received_at, validated_at, file_name, route, sha256, ruleset, data_month, record_count,"
        " total, invalid, error_count, warning_count)"
        " VALUES ($1, 1, $2, 0, $3, $4, $4, 'a', 'SELF', 'x', 'r', $5, $6, $6, 0, $7, 0)",
        submission(file.number), file.agency, file.verdict, file.received, file.month, file.total,
        file.errors);
}

/// A finding of the validator at an overtime line of the agency north.
struct Found {
    int number = 0;
    int index = 0;
    const char* code = "";
    int severity = 0;
    std::uint64_t identity = 0;
    std::string received;
};

void found(MatcherUnderTest& matcher, const Found& finding) {
    matcher.database.run(
        "INSERT INTO validation.finding (submission_id, kind, index, pointer, code, seq, severity,"
        " field, field_name, message, message_en, identity, agency, received_at)"
        " VALUES ($1, 2, $2, '/', $3, 0, $4, '', '', '', '', $5, $6, $7)",
        submission(finding.number), finding.index, finding.code, finding.severity,
        static_cast<std::int64_t>(spread(finding.identity)), north, finding.received);
}

TEST(MatcherFiles, a_record_finding_of_a_rejected_file_is_fixed_by_a_later_file_only) {
    MatcherUnderTest matcher;
    matcher.load(900, careers());
    const auto received = domain::rfc3339_taipei(file(5, {}).received_at);
    validated(matcher, {.number = 5, .agency = north, .received = received, .errors = 2});
    for (const std::uint64_t identity : {1, 2})
        found(matcher, {.number = 5,
                        .index = static_cast<int>(identity),
                        .code = "L18",
                        .identity = identity,
                        .received = received});
    matcher.apply({file(4, {{.identity = 1, .token = token_number(1)}})});
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.fixed_finding"), "0")
        << "received before it";
    matcher.apply({file(6, {{.identity = 1, .token = token_number(1)}})});
    EXPECT_EQ(matcher.database.table("SELECT submission_id, fixed_by FROM matching.fixed_finding"),
              submission(5) + "|" + submission(6));
    matcher.apply({file(7, {{.identity = 1, .token = token_number(1)},
                            {.identity = 2, .token = token_number(1)}})});
    EXPECT_EQ(matcher.database.table("SELECT fixed_by FROM matching.fixed_finding ORDER BY 1"),
              submission(6) + "\n" + submission(7));
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.open_finding"), "0");
}

TEST(MatcherFiles, a_warning_of_the_validator_is_fixed_too) {
    MatcherUnderTest matcher;
    matcher.load(900, careers());
    found(matcher,
          {.number = 1, .code = "C07", .severity = 1, .identity = 1, .received = "2026-11-01"});
    auto warned = file(1, {{.identity = 1, .token = token_number(1)}});
    warned.warning_count = 1;
    matcher.apply({warned});
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.open_finding"), "1");
    matcher.apply({file(2, {{.identity = 1, .token = token_number(1), .revision = 2}})});
    EXPECT_EQ(matcher.database.table("SELECT submission_id, fixed_by FROM matching.fixed_finding"),
              submission(1) + "|" + submission(2));
}

TEST(MatcherFiles, a_file_finding_is_fixed_by_the_next_accepted_file_of_its_month) {
    MatcherUnderTest matcher;
    const auto october = 2026 * 12 + 9, september = october - 1;
    validated(matcher, {.number = 1, .received = "2026-11-01", .month = october, .errors = 1});
    validated(matcher, {.number = 2,
                        .verdict = "ACCEPTED",
                        .received = "2026-11-02",
                        .month = september,
                        .total = 1});
    validated(matcher, {.number = 3,
                        .verdict = "ACCEPTED",
                        .received = "2026-11-03",
                        .month = october,
                        .total = 1});
    const auto fixed_by = [&](std::optional<int> month, const char* received, int number) {
        return matcher.database.value("SELECT matching.file_fixed_by('A', $1, $2, $3)", month,
                                      received, submission(number));
    };
    EXPECT_EQ(fixed_by(october, "2026-11-01", 1), submission(3));
    EXPECT_EQ(fixed_by(std::nullopt, "2026-11-01", 1), submission(2));
    EXPECT_EQ(fixed_by(october, "2026-11-03", 3), "");
}

}  // namespace
}  // namespace chaiqin::testing
