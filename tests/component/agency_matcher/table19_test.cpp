// Table 19 loads and re-matching on a real database.
#include "domain/failure.hpp"
#include "matcher_under_test.hpp"

namespace chaiqin::testing {
namespace {

const std::vector<const char*> all_counts{"state",           "rows",         "persons",
                                          "persons_changed", "persons_kept", "rejected_count"};

TEST(Table19Loads, a_snapshot_replaces_the_rows_of_its_authority_only) {
    MatcherUnderTest matcher;
    matcher.load(1, career_csv({{1, 1, north}, {2, 1, north}, {3, 1, east}}));
    matcher.load(2, career_csv({{1, 1, west}}), domain::LoadMode::snapshot, false, west);
    EXPECT_EQ(matcher.load_row(1, all_counts), "LOADED|3|3|3|0|0");
    matcher.load(3, career_csv({{1, 1, east}, {2, 1, north}, {4, 1, north}}));
    EXPECT_EQ(matcher.load_row(3, all_counts), "LOADED|3|3|2|1|0");
    EXPECT_EQ(matcher.database.table(
                  "SELECT authority, org FROM matching.career WHERE token = $1 ORDER BY 1",
                  static_cast<std::int64_t>(spread(1000000 + token_number(1)))),
              north + "|{" + east + "}\n" + west + "|{" + west + "}");
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.career"), "5");
    EXPECT_EQ(
        matcher.database.value("SELECT count(*) = max(change_no) FROM matching.table19_change"),
        "t");
    EXPECT_EQ(matcher.memory.change_no(), 6);
    EXPECT_EQ(matcher.memory.current()->posts_of(spread(1000000 + token_number(1))).size(), 2u);
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.career_chunk"), "0");
}

TEST(Table19Loads, changes_touch_just_the_persons_listed_and_seq_zero_removes) {
    MatcherUnderTest matcher;
    matcher.load(1, career_csv({{1, 1, north}, {2, 1, north}, {3, 1, east}}));
    matcher.load(2, career_csv({{1, 2, east}, {2, 0, ""}}), domain::LoadMode::changes);
    EXPECT_EQ(matcher.load_row(2, {"state", "rows", "persons", "persons_changed", "persons_kept"}),
              "LOADED|2|2|2|0");
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.career"), "2");
    // The same once more changes nothing.
    matcher.load(3, career_csv({{1, 2, east}, {2, 0, ""}}), domain::LoadMode::changes);
    EXPECT_EQ(matcher.load_row(3, {"persons_changed", "rematch_persons", "rematch_done"}), "0|0|0");
    EXPECT_EQ(matcher.database.table(
                  "SELECT agency, sum(delta) FROM matching.post_delta GROUP BY 1 ORDER BY 1"),
              north + "|0\n" + east + "|2");
}

TEST(Table19Loads, a_much_smaller_snapshot_is_refused_unless_forced) {
    MatcherUnderTest matcher;
    std::vector<CareerLine> ten, eight, seven;
    for (int person = 0; person < 10; ++person) {
        ten.push_back({person, 1, north});
        if (person < 8) eight.push_back({person, 1, north});
        if (person < 7) seven.push_back({person, 1, east});
    }
    matcher.load(1, career_csv(ten));
    matcher.load(2, career_csv(seven));
    EXPECT_EQ(matcher.load_row(2, {"state", "rows", "persons_changed", "committed_at"}),
              "REFUSED|7|0|");
    EXPECT_EQ(
        matcher.database.value("SELECT count(*) FROM matching.career WHERE org = ARRAY[$1]", east),
        "0");
    matcher.load(3, career_csv(seven), domain::LoadMode::snapshot, true);
    EXPECT_EQ(matcher.load_row(3, {"state", "persons_changed", "persons_kept"}), "LOADED|7|3");
    matcher.load(4, career_csv(ten), domain::LoadMode::snapshot, true);
    matcher.load(5, career_csv(eight));
    EXPECT_EQ(matcher.load_row(5, {"state"}), "LOADED");
    matcher.load(6, career_csv({{1, 1, north}}), domain::LoadMode::changes);
    EXPECT_EQ(matcher.load_row(6, {"state"}), "LOADED");
}

TEST(Table19Loads, bad_lines_are_listed_and_the_rest_loads) {
    MatcherUnderTest matcher;
    matcher.load(1, career_csv({{1, 1, north}, {2, 1, north}}));
    matcher.load(
        2, career_csv(
               {{1, 1, elsewhere}, {2, 1, east}, {2, 1, north}, {3, 1, "Z99999999Z"}, {2, 0, ""}}));
    EXPECT_EQ(
        matcher.load_row(2, {"state", "rows", "persons", "persons_changed", "rejected_count"}),
        "LOADED|5|1|1|4");
    EXPECT_EQ(matcher.database.table("SELECT line FROM matching.career_rejected ORDER BY line"),
              "2\n4\n5\n6");
    EXPECT_EQ(matcher.database.table("SELECT rejected -> 0 ->> 'line', rejected -> 0 ->> 'reason'"
                                     " FROM matching.table19_load WHERE load_id = $1",
                                     submission(2)),
              "2|org_code 於 start_date 不屬於該主管機關");
    // Person 1, all of whose lines were bad, keeps the old row.
    EXPECT_EQ(
        matcher.database.value("SELECT count(*) FROM matching.career WHERE org = ARRAY[$1]", north),
        "1");
}

TEST(Table19Loads, of_a_file_that_stops_being_csv_fail_as_a_whole_and_change_nothing) {
    MatcherUnderTest matcher;
    const auto good = career_csv({{1, 1, north}, {2, 1, north}});
    matcher.load(1, good);
    int number = 1;
    const auto rest = good.substr(good.find('\n') + 1);
    const auto expect_failed = [&](const std::string& csv, const std::string& reason) {
        matcher.load(++number, csv);
        EXPECT_EQ(matcher.load_row(number, {"state", "reason", "rejected_count"}),
                  "FAILED|" + reason + "|0");
    };
    expect_failed("person_id,seq,org_code,post_kind,start_date,enddate\r\n" + rest,
                  "第 1 行：缺少欄位 end_date");
    expect_failed(career_csv({{3, 1, north}}) + "A123456789,1,\"Z00000001A,1,1100101,\n" + rest,
                  "第 3 行第 3 欄（第 14 字）：引號內不得換行，引號可能未關閉");
    expect_failed("\r\r", "第 1 行：沒有標題列");
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.career"), "2");
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.career_rejected"), "0");
}

TEST(Table19Loads, remember_the_columns_that_they_ignored) {
    MatcherUnderTest matcher;
    matcher.load(1, "Note,person_id,SEQ,org_code,post_kind,start_date,end_date,x y\r");
    EXPECT_EQ(matcher.load_row(1, {"state", "rows", "ignored_columns"}), "LOADED|0|{Note,\"x y\"}");
    matcher.load(2, career_csv({{1, 1, north}}));
    EXPECT_EQ(matcher.load_row(2, {"state", "ignored_columns"}), "LOADED|{}");
}

TEST(Table19Loads, apply_in_the_order_they_became_complete_and_repeats_are_harmless) {
    MatcherUnderTest matcher;
    const auto first = career_csv({{1, 1, north}}), second = career_csv({{1, 1, east}});
    matcher.stage_chunk(1, first, domain::LoadMode::snapshot, false, north, 0, 40);
    matcher.upload(2, second);
    for (std::size_t index = 0; index * 40 < first.size(); ++index)
        matcher.stage_chunk(1, first, domain::LoadMode::snapshot, false, north, index, 40);
    matcher.stage_chunk(1, first, domain::LoadMode::snapshot, false, north, 1, 40);
    EXPECT_TRUE(matcher.load_next());
    EXPECT_EQ(matcher.load_row(2, {"state"}), "LOADED");
    EXPECT_EQ(matcher.load_row(1, {"state", "number"}), "RECEIVED|1");
    EXPECT_TRUE(matcher.load_next());
    EXPECT_FALSE(matcher.load_next());
    EXPECT_EQ(matcher.database.value("SELECT org FROM matching.career"), "{" + north + "}");
    matcher.stage_chunk(1, first, domain::LoadMode::snapshot, false, north, 0, 40);
    EXPECT_FALSE(matcher.load_next());
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.career_chunk"), "0");
}

TEST(Table19Loads, an_interrupted_load_leaves_nothing_and_is_applied_later) {
    MatcherUnderTest matcher;
    matcher.upload(1, career_csv({{1, 1, north}, {2, 1, east}}));
    {
        auto work = matcher.loads->next();
        ASSERT_TRUE(work);
        auto other = postgres::matching::make_career_loads(matcher.session("other loader"));
        EXPECT_EQ(other->next(), nullptr) << "one load at a time over all processes";
        agency_matcher::CareerLoad(*work, matcher.registry.current()->agencies, matcher.keys,
                                   [](double) {})
            .run();
    }
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.career"), "0");
    EXPECT_EQ(matcher.load_row(1, {"state"}), "RECEIVED");
    EXPECT_TRUE(matcher.load_next());
    EXPECT_EQ(matcher.load_row(1, {"state", "persons_changed"}), "LOADED|2");
}

TEST(Table19Loads, a_load_that_kills_its_process_again_and_again_fails) {
    MatcherUnderTest matcher;
    matcher.upload(1, career_csv({{1, 1, north}}));
    for (int process = 0; process < 5; ++process)
        ASSERT_TRUE(postgres::matching::make_career_loads(matcher.session("loader"))->next());
    EXPECT_EQ(postgres::matching::make_career_loads(matcher.session("loader"))->next(), nullptr);
    EXPECT_EQ(matcher.load_row(1, {"state"}), "FAILED");
}

TEST(Table19Loads, an_upload_that_broke_off_is_dropped_after_a_day) {
    MatcherUnderTest matcher;
    const auto csv = career_csv({{1, 1, north}, {2, 1, north}});
    matcher.stage_chunk(1, csv, domain::LoadMode::snapshot, false, north, 0, 40);
    matcher.loads->tidy(matcher.now + std::chrono::hours(23));
    EXPECT_EQ(matcher.load_row(1, {"state"}), "RECEIVED");
    matcher.loads->tidy(matcher.now + std::chrono::hours(25));
    EXPECT_EQ(matcher.load_row(1, {"state"}), "FAILED");
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.career_chunk"), "0");
}

TEST(Table19Loads, the_change_log_is_forgotten_after400_days_but_not_its_end) {
    MatcherUnderTest matcher;
    matcher.load(1, career_csv({{1, 1, north}, {2, 1, north}}));
    matcher.loads->tidy(matcher.now + std::chrono::hours(24 * 401));
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.table19_change"), "2")
        << "a partition has not seen it";
    matcher.upkeep_everywhere();
    matcher.loads->tidy(matcher.now + std::chrono::hours(24 * 399));
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.table19_change"), "2");
    matcher.loads->tidy(matcher.now + std::chrono::hours(24 * 401));
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.table19_change"), "0");
    matcher.load(2, career_csv({{1, 1, east}, {2, 1, north}}));
    EXPECT_EQ(matcher.database.value("SELECT change_no FROM matching.table19_change"), "3");
    EXPECT_EQ(matcher.memory.change_no(), 3);
    agency_matcher::Table19Memory fresh(*matcher.source);
    fresh.refresh();
    EXPECT_EQ(fresh.change_no(), 3);
    EXPECT_EQ(fresh.current()->rows(), 2u);
}

TEST(Table19Loads, a_damaged_or_headless_upload_fails) {
    MatcherUnderTest matcher;
    matcher.keys.open_chunk = [](const domain::WaitingLoad&, std::string_view) -> std::string {
        throw domain::PermanentFailure("not sealed by us");
    };
    matcher.load(1, career_csv({{1, 1, north}}));
    EXPECT_EQ(matcher.load_row(1, {"state"}), "FAILED");
    matcher.keys = open_keys();
    matcher.load(2, "person_id,seq\nA123456789,1\n");
    EXPECT_EQ(matcher.load_row(2, {"state", "reason"}),
              "FAILED|第 1 行：缺少欄位 org_code、post_kind、start_date、end_date");
}

TEST(Rematching, moves_exactly_the_touched_persons_records) {
    MatcherUnderTest matcher;
    matcher.load(900, career_csv({{1, 1, north}, {2, 1, north}, {3, 1, north}}));
    matcher.upkeep_everywhere();
    std::vector<domain::ValidatedFile> files;
    for (int number = 1; number <= 6; ++number)
        files.push_back(file(
            number,
            {{.identity = static_cast<std::uint64_t>(number * 10 + 1), .token = token_number(1)},
             {.identity = static_cast<std::uint64_t>(number * 10 + 2), .token = token_number(2)},
             {.identity = static_cast<std::uint64_t>(number * 10 + 4), .token = token_number(4)}}));
    matcher.apply(files);
    matcher.load(901, career_csv({{1, 1, east}, {4, 1, north}}), domain::LoadMode::changes);
    EXPECT_EQ(matcher.load_row(901, {"rematch_persons", "rematch_done"}), "2|0");
    matcher.upkeep_everywhere();
    matcher.expect_conserved();
    EXPECT_EQ(matcher.load_row(901, {"rematch_persons", "rematch_done"}), "2|2");
    EXPECT_EQ(matcher.database.table("SELECT agency, records FROM matching.recount ORDER BY 1"),
              north + "|12\n" + east + "|6");
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.attribution_history"), "12");
    EXPECT_EQ(matcher.database.table("SELECT DISTINCT line, load_no, old_org, new_org FROM "
                                     "matching.attribution_history ORDER BY 1"),
              "0|2|" + north + "|" + east + "\n2|2||" + north);
    EXPECT_EQ(matcher.database.value("SELECT sum(unmatched) FROM matching.file"), "0");
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.noted"), "6")
        << "T05 of person 1";
    EXPECT_EQ(matcher.database.value(
                  "SELECT bool_and(by_rematch) FROM matching.claim_delta WHERE agency = $1", east),
              "t");
}

TEST(Rematching, superseded_lines_and_tombstones_are_left_alone) {
    MatcherUnderTest matcher;
    matcher.load(900, career_csv({{1, 1, north}}));
    matcher.apply({file(1, {{.identity = 1, .token = token_number(1)},
                            {.identity = 2, .token = token_number(1)},
                            {.identity = 3, .token = token_number(1)}})});
    matcher.apply({file(2, {{.identity = 1, .token = token_number(1), .revision = 2},
                            {.identity = 2, .token = token_number(1), .deletion = true}})});
    matcher.load(901, career_csv({{1, 1, east}}), domain::LoadMode::changes);
    matcher.upkeep_everywhere();
    matcher.expect_conserved();
    EXPECT_EQ(matcher.database.value("SELECT count(*) FROM matching.attribution_history"), "2");
}

TEST(Rematching, a_batch_never_uses_a_table19_older_than_its_partition_has_seen) {
    const auto run = [](MatcherUnderTest& matcher) {
        matcher.load(900, career_csv({{1, 1, north}}));
        matcher.upkeep_everywhere();
        // Another process applies a load and re-matches this partition; our memory has not followed
        // yet.
        MatcherUnderTest* self = &matcher;
        self->upload(901, career_csv({{1, 1, east}}), domain::LoadMode::changes, false, north,
                     4096);
        EXPECT_TRUE(self->load_next());
        self->database.run("UPDATE matching.progress SET change_no = 2 WHERE topic = $1",
                           std::string(domain::topics::file_validated));
        matcher.apply({file(1, {{.identity = 1, .token = token_number(1)}})});
        matcher.memory.refresh();
        matcher.upkeep_everywhere();
        return matcher.database.value("SELECT agency FROM matching.recount");
    };
    MatcherUnderTest sound, broken({.change_no_check = false});
    EXPECT_EQ(run(sound), east);
    EXPECT_EQ(sound.decided_again, 1);
    EXPECT_EQ(run(broken), north)
        << "the control: without the check the record is never matched again";
}

TEST(Rematching, a_chunk_is_bounded_and_every_chunk_keeps_the_law) {
    MatcherUnderTest matcher;
    std::vector<CareerLine> at_north, at_east;
    std::vector<Line> lines;
    for (int person = 0; person < 1200; ++person) {
        at_north.push_back({person, 1, north});
        at_east.push_back({person, 1, east});
        lines.push_back(
            {.identity = static_cast<std::uint64_t>(person), .token = token_number(person)});
    }
    matcher.load(900, career_csv(at_north));
    matcher.upkeep_everywhere();
    matcher.apply({file(1, lines)});
    matcher.load(901, career_csv(at_east));
    EXPECT_EQ(matcher.upkeep(domain::partition_of(north)), 3);
    matcher.upkeep_everywhere();
    matcher.expect_conserved();
    EXPECT_EQ(matcher.database.table("SELECT agency, records FROM matching.recount"),
              east + "|1200");
    EXPECT_EQ(matcher.load_row(901, {"rematch_persons", "rematch_done"}), "1200|1200");
}

TEST(Rematching, memory_follows_small_changes_as_it_would_be_read_whole) {
    MatcherUnderTest matcher;
    matcher.load(900, career_csv({{1, 1, north}, {2, 1, north}, {3, 1, north}}));
    matcher.load(901, career_csv({{1, 0, ""}, {2, 3, east}}), domain::LoadMode::changes);
    agency_matcher::Table19Memory fresh(*matcher.source);
    fresh.refresh();
    for (int person = 1; person <= 3; ++person) {
        const auto token = spread(1000000 + token_number(person));
        const auto followed = matcher.memory.current()->posts_of(token),
                   whole = fresh.current()->posts_of(token);
        ASSERT_EQ(followed.size(), whole.size()) << person;
        for (std::size_t at = 0; at < whole.size(); ++at) {
            EXPECT_EQ(matcher.memory.current()->codes().code(followed[at].org),
                      fresh.current()->codes().code(whole[at].org));
            EXPECT_EQ(followed[at].seq, whole[at].seq);
        }
    }
    EXPECT_EQ(fresh.change_no(), matcher.memory.change_no());
}

TEST(CareerStageOnDatabase, tells_once_of_the_batch_that_a_load_made) {
    MatcherUnderTest matcher;
    matcher.load(900, career_csv({{1, 1, north}}));
    agency_matcher::CareerStage stage(*matcher.staging);
    for (const std::size_t expected : {1u, 0u}) {
        auto work = matcher.writer.begin();
        runtime::Outbox outbox;
        runtime::StageContext context{*work, 0, 0, matcher.now};
        stage.upkeep(context, outbox);
        matcher.writer.commit(*work);
        EXPECT_EQ(outbox.messages().size(), expected);
    }
}

}  // namespace
}  // namespace chaiqin::testing
