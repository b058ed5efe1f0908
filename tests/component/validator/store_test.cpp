// The validator's stage and store on a real PostgreSQL, driven without Kafka: the ledger moves the
// progress row just as the stage loop does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "domain/failure.hpp"
#include "postgres/migrations.hpp"
#include "postgres/stage_ledger.hpp"
#include "postgres/validation/validation_store.hpp"
#include "runtime/metrics.hpp"
#include "support/quarantined.hpp"
#include "support/received_files.hpp"
#include "support/scratch_database.hpp"
#include "validator/stage.hpp"
#include "wire/file_validated.hpp"

namespace chaiqin::testing {
namespace {

using ::testing::HasSubstr;

class ValidatorOnDisk : public ::testing::Test {
protected:
    static void SetUpTestSuite() { runtime::open_metrics("test", "0"); }
    static void TearDownTestSuite() { shared().reset(); }
    ValidatorOnDisk() {
        database_.run(
            "TRUNCATE validation.submission, validation.finding, validation.finding_group, "
            "validation.archive, validation.outbox,"
            " validation.outbox_dead, validation.applied, matching.file, matching.quarantine, "
            "intake.idempotency_key");
        postgres::Session owner({database_.conninfo(), "test"});
        postgres::make_progress_rows(owner, "validation", "validator",
                                     std::string(domain::topics::file_received), 12);
    }

    /// One batch of the sender's partition, committed. `relayed`: its outbox rows have been
    /// delivered and are gone.
    std::vector<runtime::OutgoingMessage> apply(const std::vector<SentFile>& files,
                                                bool relayed = true) {
        std::vector<runtime::Message> batch;
        for (const auto& file : files) batch.push_back(received_message(file));
        const auto progress = ledger_->read(at_);
        auto begun = ledger_->begin(at_, progress.next_offset,
                                    progress.next_offset + static_cast<std::int64_t>(batch.size()));
        runtime::Outbox outbox;
        runtime::StageContext context{*begun->work, at_.partition, 0, now_};
        EXPECT_EQ(stage_.apply(context, batch, outbox), runtime::Applied::done);
        return settle(std::move(*begun), outbox, relayed);
    }
    std::vector<runtime::OutgoingMessage> sweep() {
        auto begun = ledger_->begin_upkeep(at_, ledger_->read(at_).next_offset);
        runtime::Outbox outbox;
        runtime::StageContext context{*begun->work, at_.partition, 0, now_};
        stage_.upkeep(context, outbox);
        return settle(std::move(*begun), outbox, true);
    }
    std::vector<runtime::OutgoingMessage> settle(runtime::BegunBatch begun, runtime::Outbox& outbox,
                                                 bool relayed) {
        const auto ids = ledger_->append_outbox(*begun.work, at_, outbox);
        ledger_->commit(std::move(begun));
        if (relayed && !ids.empty()) ledger_->delete_outbox(at_, ids);
        return outbox.take();
    }
    std::string codes(int number) {
        return database_.table(R"(
            SELECT code FROM validation.finding WHERE submission_id = $1
            ORDER BY kind, index, pointer, code)",
                               submission(number));
    }

    /// One database for all; each test begins with empty tables.
    static std::unique_ptr<ScratchDatabase>& shared() {
        static std::unique_ptr<ScratchDatabase> one;
        return one;
    }
    ScratchDatabase& database_ =
        shared() ? *shared() : *(shared() = std::make_unique<ScratchDatabase>());
    runtime::TopicPartition at_{std::string(domain::topics::file_received),
                                domain::partition_of(sender)};
    FixedRegistrySource registry_;
    std::unique_ptr<domain::ValidationStore> store_ = postgres::validation::make_validation_store();
    std::unique_ptr<runtime::StageLedger> ledger_ =
        postgres::make_stage_ledger({.session = {database_.conninfo("validator"), "validator"},
                                     .schema = "validation",
                                     .stage = "validator"});
    validator::ValidatorStage stage_{*store_, registry_, test_keys(),
                                     *domain::parse_roc_month("11401")};
    domain::Instant now_ = at("2026-11-06T10:00:05+08:00");
};

const std::string with_bad_leave = file_with("\"leave_type\":\"16\"", "\"leave_type\":\"77\"");

TEST_F(ValidatorOnDisk, stores_verdict_findings_groups_and_archive) {
    apply({{.number = 1, .content = with_bad_leave, .key_hash = "kk"}});
    EXPECT_EQ(database_.table(
                  "SELECT attempt, agency, partition, verdict, received_at AT TIME ZONE 'UTC', "
                  "validated_at AT TIME ZONE 'UTC', file_name, route,"
                  " sha256, key_hash, ruleset, source_system, batch_no, data_month, zero_report, "
                  "record_count, total, invalid, error_count, warning_count"
                  " FROM validation.submission"),
              "1|Z00000001A|" + std::to_string(at_.partition) +
                  "|ACCEPTED|2026-11-06 02:00:00|2026-11-06 02:00:05|upload.json|SELF|" +
                  crypto::sha256_hex(with_bad_leave) + "|kk|" +
                  registry_.registry->rules.version() + "|WEBITR|20261105-001|24321|f|2|2|1|1|0");
    EXPECT_EQ(
        database_.table("SELECT kind, index, pointer, code, seq, severity, record_no, record_seq, "
                        "field, field_name, value, message,"
                        " identity IS NOT NULL, agency, data_month FROM validation.finding"),
        "2|0|/leave_records/0/"
        "leave_type|L01|0|0|L1150930-0007|1|leave_type|假別代碼|77|假別代碼不存在|t|Z00000001A|"
        "24321");
    EXPECT_EQ(
        database_.table(
            "SELECT code, severity, field, message, count, first FROM validation.finding_group"),
        "L01|0|leave_type|假別代碼不存在|1|{0}");
    EXPECT_EQ(database_.table("SELECT key_id, octet_length(sealed) FROM validation.archive"),
              "1|" + std::to_string(received_message(
                                        {.number = 1, .content = with_bad_leave, .key_hash = "kk"})
                                        .payload.size()));
}

TEST_F(ValidatorOnDisk, gives_the_matcher_the_identities_that_stand_with_the_findings) {
    const auto sent = apply({{.number = 1, .content = with_bad_leave}});
    const auto file = wire::decode_file_validated(sent.at(0).payload);
    ASSERT_EQ(file.finding_identities.size(), 1u);
    EXPECT_EQ(database_.value("SELECT identity FROM validation.finding"),
              std::to_string(static_cast<std::int64_t>(file.finding_identities[0])));
}

TEST_F(ValidatorOnDisk, keeps_at_most_a_thousand_findings_a_code_and_exact_totals) {
    auto text = good_file();
    const auto begin = text.find("{\"action\""), end = text.find("}],");
    std::string record = text.substr(begin, end - begin + 1), records;
    record.replace(record.find("\"leave_type\":\"16\""), 17, "\"leave_type\":\"77\"");
    for (int i = 0; i < 1200; ++i) {
        auto one = record;
        one.replace(one.find("0007"), 4, std::to_string(10000 + i));
        records += (i ? "," : "") + one;
    }
    text.replace(begin, end - begin + 1, records);
    text.replace(text.find("\"leave_count\":1"), 15, "\"leave_count\":1200");
    apply({{.number = 1, .content = text}});
    EXPECT_EQ(database_.value("SELECT count(*) FROM validation.finding"), "1000");
    EXPECT_EQ(database_.table("SELECT code, count FROM validation.finding_group"), "L01|1200");
    EXPECT_EQ(database_.table("SELECT total, invalid, error_count FROM validation.submission"),
              "1201|1200|1200");
}

TEST_F(ValidatorOnDisk, warns_of_the_same_content_only_after_an_accepted_file_of_the_agency) {
    const auto rejected = file_with("\"batch_no\"", "\"batch_nr\"");
    apply({{.number = 1}, {.number = 2, .content = rejected}});
    apply({{.number = 3},
           {.number = 4, .content = rejected},
           {.number = 5, .content = good_file() + " "}});
    EXPECT_EQ(codes(1), "");
    EXPECT_EQ(codes(3), "F11");
    EXPECT_THAT(codes(4), Not(HasSubstr("F11")));
    EXPECT_EQ(codes(5), "");
    EXPECT_EQ(database_.value("SELECT message FROM validation.finding WHERE code = 'F11'"),
              "檔案內容與先前報送之批次20261105-001相同");
}

TEST_F(ValidatorOnDisk, takes_no_quarantined_file_for_an_earlier_one) {
    apply({{.number = 1}});
    quarantine_in_matcher(database_, submission(1));
    apply({{.number = 2}});
    EXPECT_EQ(codes(2), "");
    database_.run("DELETE FROM validation.submission WHERE submission_id = $1", submission(2));
    database_.run("UPDATE matching.quarantine SET replayed_at = now()");
    apply({{.number = 3}});
    EXPECT_EQ(codes(3), "F11");
}

TEST_F(ValidatorOnDisk, warns_of_a_key_used_for_other_content_by_either_table) {
    const auto other = good_file() + " ";
    apply({{.number = 1, .key_hash = "k1"}});
    apply({{.number = 2, .content = other, .key_hash = "k1"},
           {.number = 3, .content = other + " ", .key_hash = "k2"}});
    EXPECT_EQ(codes(2), "F13");
    EXPECT_EQ(codes(3), "");
    database_.run(R"(
        INSERT INTO intake.idempotency_key (agency, key_hash, submission_id, sha256, reserved_at)
        VALUES ($1, 'k3', $2, 'other', now()), ($1, 'k4', $3, $4, now()))",
                  sender, submission(9), submission(5), crypto::sha256_hex(other + "  "));
    apply({{.number = 4, .content = other + "   ", .key_hash = "k3"},
           {.number = 5, .content = other + "  ", .key_hash = "k4"}});
    EXPECT_EQ(codes(4), "F13");
    EXPECT_EQ(codes(5), "");
    // Kept 90 days.
    apply({{.number = 6,
            .content = other + "    ",
            .key_hash = "k1",
            .received_at = at("2027-02-06T10:00:00+08:00")}});
    EXPECT_THAT(codes(6), Not(HasSubstr("F13")));
}

TEST_F(ValidatorOnDisk, puts_a_replayed_judgement_in_the_place_of_the_earlier_one) {
    const auto abroad = file_with("\"abroad_type\":\"0\"", "\"abroad_type\":\"1\"");
    apply({{.number = 1, .content = abroad}});
    EXPECT_EQ(codes(1), "L18");
    std::vector<domain::Rule> rules;
    for (const auto& rule : registry_.registry->rules.rules())
        if (rule.code != "L18") rules.push_back(rule);
    auto changed = std::make_shared<domain::Registry>(*registry_.registry);
    changed->rules = domain::RuleSet("other", rules);
    registry_.registry = changed;
    apply({{.number = 2, .content = abroad, .received_at = at("2026-11-06T10:00:01+08:00")}});
    EXPECT_EQ(codes(2), "F11");
    apply({{.number = 1, .content = abroad, .attempt = 2}});
    EXPECT_EQ(codes(1), "");  // number 2 came later
    EXPECT_EQ(database_.table(R"(
                  SELECT attempt, ruleset, invalid FROM validation.submission
                  WHERE submission_id = $1)",
                              submission(1)),
              "2|other|0");
    EXPECT_EQ(database_.value("SELECT count(*) FROM validation.archive"), "2");
}

TEST_F(ValidatorOnDisk, sends_again_what_has_neither_outbox_row_nor_matcher_row_nor_quarantine) {
    apply({{.number = 1}});
    apply({{.number = 2, .content = good_file() + " "}}, false);  // still in the outbox
    apply({{.number = 3, .content = file_with("\"batch_no\"", "\"batch_nr\"")}});
    apply({{.number = 4, .content = good_file() + "  "},
           {.number = 5, .content = good_file() + "   "},
           {.number = 6, .content = good_file() + "    "}});
    quarantine_in_matcher(database_, submission(4));
    database_.run(R"(
        INSERT INTO matching.file
            (submission_id, agency, slot, received_at, matched_at, batch_id, data_month,
             zero_report, total, invalid, unchanged, stale, deletion, superseded,
             unmatched, counted)
        VALUES ($1, $2, 0, now(), now(), 1, 24321, false, 2, 0, 0, 0, 0, 0, 0, 2))",
                  submission(5), sender);
    database_.run(R"(
        INSERT INTO validation.outbox_dead
            (id, input_topic, input_partition, topic, partition, key, event_id, headers,
             payload, reason)
        VALUES (1, 't', 0, 't', 0, 'k', $1::text || '/1', '{}', '', 'too large'))",
                  submission(6));
    EXPECT_TRUE(sweep().empty());  // too early
    now_ += std::chrono::minutes(11);
    const auto sent = sweep();
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].event_id, submission(1) + "/1");
    EXPECT_EQ(wire::decode_file_validated(sent[0].payload).lines.size(), 2u);
    EXPECT_EQ(database_.value("SELECT verdict FROM validation.submission WHERE submission_id = $1",
                              submission(1)),
              "ACCEPTED");
    EXPECT_EQ(database_.value("SELECT count(*) FROM validation.submission"), "6");
    EXPECT_EQ(database_.value("SELECT count(*) FROM validation.archive"), "6");
    now_ += std::chrono::minutes(1);
    EXPECT_TRUE(sweep().empty());  // it is on its way
}

TEST_F(ValidatorOnDisk, looks_again_at_a_file_that_was_in_the_outbox_at_the_sweep_before) {
    apply({{.number = 1}}, false);
    now_ += std::chrono::minutes(11);
    EXPECT_TRUE(sweep().empty());
    database_.run("DELETE FROM validation.outbox");  // delivered, and lost by the broker
    now_ += std::chrono::minutes(1);
    EXPECT_EQ(sweep().size(), 1u);
}

TEST_F(ValidatorOnDisk, stores_no_personal_data_in_plaintext) {
    auto text = file_with("休假", "canary-reason");
    text.replace(text.find("王小明"), std::string("王小明").size(), "金絲雀");
    text.replace(text.find("\"leave_type\":\"16\""), 17, "\"leave_type\":\"77\"");
    text.replace(text.find("A123456789"), 10, "A123456788");
    apply({{.number = 1, .content = text}}, false);
    const auto canaries = {"A123456788", "A123456789", "金絲雀", "canary-reason"};
    for (const char* rows :
         {"SELECT t::text FROM validation.submission t", "SELECT t::text FROM validation.finding t",
          "SELECT t::text FROM validation.finding_group t",
          "SELECT t::text FROM validation.archive t", "SELECT t::text FROM validation.outbox t"}) {
        const auto dump = database_.table(rows);
        ASSERT_FALSE(dump.empty()) << rows;
        for (const char* canary : canaries) EXPECT_THAT(dump, Not(HasSubstr(canary))) << rows;
    }
    // bytea prints as hex, so its bytes are searched as well.
    for (const char* canary : canaries)
        EXPECT_EQ(database_.value(R"(
                      SELECT count(*)
                      FROM (SELECT payload FROM validation.outbox
                            UNION ALL
                            SELECT sealed FROM validation.archive) stored (bytes)
                      WHERE position(convert_to($1, 'UTF8') IN bytes) > 0)",
                                  canary),
                  "0");
}

}  // namespace
}  // namespace chaiqin::testing
