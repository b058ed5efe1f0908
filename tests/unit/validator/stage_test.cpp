#include "validator/stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/keyed_hash.hpp"
#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "runtime/metrics.hpp"
#include "support/received_files.hpp"
#include "wire/file_validated.hpp"
#include "wire/submission_updated.hpp"

namespace chaiqin::validator {
namespace {

using namespace chaiqin::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

/// Keeps what it is given; answers as told.
class StoreInMemory final : public domain::ValidationStore {
public:
    std::vector<domain::EarlierAnswer> earlier(
        domain::UnitOfWork&, std::span<const domain::EarlierQuestion> questions) override {
        asked.assign(questions.begin(), questions.end());
        auto given = answers;
        given.resize(questions.size());
        return given;
    }
    void write(domain::UnitOfWork&, std::int32_t,
               std::span<const domain::FileVerdict> verdicts) override {
        for (const auto& verdict : verdicts) {
            written.push_back(verdict);
            sealed.emplace_back(verdict.sealed);
            written.back().sealed = {};  // the batch goes
        }
    }
    domain::LostFiles lost_files(domain::UnitOfWork&, std::int32_t, domain::Instant from,
                                 domain::Instant before, int) override {
        looked.emplace_back(from, before);
        return lost;
    }

    std::vector<domain::EarlierQuestion> asked;
    std::vector<domain::EarlierAnswer> answers;
    std::vector<domain::FileVerdict> written;
    std::vector<std::string> sealed;
    domain::LostFiles lost;
    std::vector<std::pair<domain::Instant, domain::Instant>> looked;
};

class Validator : public ::testing::Test {
protected:
    static void SetUpTestSuite() { runtime::open_metrics("test", "0"); }

    std::vector<runtime::OutgoingMessage> apply(const std::vector<SentFile>& files) {
        std::vector<runtime::Message> batch;
        for (const auto& file : files) batch.push_back(received_message(file));
        return apply_messages(batch);
    }
    std::vector<runtime::OutgoingMessage> apply_messages(
        const std::vector<runtime::Message>& batch) {
        runtime::Outbox outbox;
        runtime::StageContext context{work_, batch.at(0).partition, 0, now_};
        EXPECT_EQ(stage_.apply(context, batch, outbox), runtime::Applied::done);
        return outbox.take();
    }
    std::vector<runtime::OutgoingMessage> sweep() {
        runtime::Outbox outbox;
        runtime::StageContext context{work_, domain::partition_of(sender), 0, now_};
        stage_.upkeep(context, outbox);
        return outbox.take();
    }
    std::vector<std::string> codes(std::size_t file) {
        std::vector<std::string> all;
        for (const auto& stored : store_.written.at(file).findings)
            all.push_back(stored.finding.code);
        return all;
    }

    domain::UnitOfWork work_;
    StoreInMemory store_;
    FixedRegistrySource registry_;
    ValidatorStage stage_{store_, registry_, test_keys(), *domain::parse_roc_month("11401")};
    domain::Instant now_ = at("2026-11-06T10:00:05+08:00");
};

TEST_F(Validator, sends_a_good_file_on_with_tokens_for_persons) {
    const auto sent = apply({{.number = 1}});
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].topic, domain::topics::file_validated);
    EXPECT_EQ(sent[0].partition, domain::partition_of(sender));
    EXPECT_EQ(sent[0].event_id, submission(1) + "/1");
    const auto file = wire::decode_file_validated(sent[0].payload);
    EXPECT_EQ(file.agency, sender);
    EXPECT_EQ(file.received_at, at("2026-11-06T10:00:00+08:00"));
    EXPECT_EQ(file.lines.size(), 2u);
    for (const auto& line : file.lines) {
        EXPECT_EQ(line.token, crypto::PersonTokens(test_keys()).token("A123456789"));
        EXPECT_EQ(line.masked_person_id, "A12*****89");
    }
    EXPECT_NE(file.lines[0].identity, file.lines[1].identity);
}

TEST_F(Validator, gives_up_a_message_whose_header_was_changed_and_names_it) {
    const std::pair<const char*, const char*> changes[] = {{"received_at", "1770000000000000"},
                                                           {"sha256", "aa"},
                                                           {"idempotency_hash", "other"},
                                                           {"size_bytes", "1"},
                                                           {"route", "WEBHR"}};
    for (const auto& [name, value] : changes) {
        auto message = received_message({.number = 1, .key_hash = "kk"});
        for (auto& header : message.headers)
            if (header.first == name) header.second = value;
        try {
            apply_messages({message});
            ADD_FAILURE() << name << " is taken as it is";
        } catch (const domain::PermanentFailure& failure) {
            EXPECT_EQ(
                std::string(failure.what()),
                std::string("header ") + name + " does not say what was sealed with the file");
        }
    }
    auto another_attempt = received_message({.number = 1, .attempt = 1});
    for (auto& [name, value] : another_attempt.headers) {
        if (name == "attempt") value = "2";
        if (name == "ce_id") value = submission(1) + "/2";
    }
    EXPECT_THROW(apply_messages({another_attempt}), domain::PermanentFailure);
    EXPECT_THAT(store_.written, IsEmpty());
}

TEST_F(Validator, takes_a_file_that_was_sealed_before_headers_were) {
    auto message = received_message({.number = 1});
    message.payload =
        crypto::Sealer(test_keys())
            .seal(crypto::pack_file("upload.json", good_file()), sender, submission(1));
    EXPECT_EQ(apply_messages({message}).size(), 1u);
}

TEST_F(Validator, stores_a_verdict_and_the_sealed_bytes_as_they_came) {
    const auto message = received_message({.number = 1, .key_hash = "kk"});
    apply_messages({message});
    ASSERT_EQ(store_.written.size(), 1u);
    const auto& verdict = store_.written[0];
    EXPECT_FALSE(verdict.rejected);
    EXPECT_FALSE(verdict.again);
    EXPECT_EQ(verdict.file_name, "upload.json");
    EXPECT_TRUE(store_.sealed[0] == message.payload);
    EXPECT_EQ(verdict.key_id, "1");
    EXPECT_EQ(verdict.key_hash, "kk");
    EXPECT_EQ(verdict.ruleset, registry_.registry->rules.version());
    EXPECT_EQ(verdict.data_month, domain::parse_iso_month("2026-10"));
    EXPECT_EQ(verdict.total, 2u);
    EXPECT_EQ(verdict.invalid, 0u);
    EXPECT_EQ(verdict.validated_at, now_);
}

TEST_F(Validator, keeps_personal_data_out_of_everything_but_the_archive) {
    auto text = file_with("休假", "canary-reason");
    const auto name = text.find("王小明");
    text.replace(name, std::string("王小明").size(), "金絲雀");
    const auto sent = apply({{.number = 1, .content = text}});
    for (const char* canary : {"A123456789", "金絲雀", "canary-reason"}) {
        EXPECT_EQ(sent[0].payload.find(canary), std::string::npos) << canary;
        EXPECT_EQ(store_.sealed[0].find(canary), std::string::npos) << canary;
    }
}

TEST_F(Validator, takes_the_good_lines_of_a_file_with_bad_ones) {
    const auto sent = apply(
        {{.number = 1, .content = file_with("\"leave_type\":\"16\"", "\"leave_type\":\"77\"")}});
    const auto file = wire::decode_file_validated(sent.at(0).payload);
    EXPECT_EQ(file.invalid_lines, 1u);
    EXPECT_EQ(file.lines.size(), 1u);
    EXPECT_EQ(file.finding_identities.size(), 1u);
    EXPECT_EQ(store_.written[0].invalid, 1u);
    EXPECT_THAT(codes(0), ElementsAre("L01"));
    EXPECT_TRUE(store_.written[0].findings[0].identity.has_value());
}

TEST_F(Validator, tells_notification_of_a_rejected_file_and_the_matcher_nothing) {
    const auto sent = apply({{.number = 1, .content = file_with("\"batch_no\"", "\"batch_nr\"")}});
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].topic, domain::topics::submission_updated);
    const auto event = wire::decode_submission_updated(sent[0].payload);
    EXPECT_EQ(event.version,
              (domain::SubmissionVersion{1, domain::SubmissionState::rejected_file}));
    EXPECT_EQ(event.error_count, store_.written[0].error_count);
    EXPECT_TRUE(store_.written[0].rejected);
    EXPECT_EQ(store_.written[0].total, 0u);
    EXPECT_EQ(store_.written[0].record_count, 2u);
}

TEST_F(Validator, warns_of_content_that_came_before) {
    store_.answers = {{.same_content_batch = "20261105-001"}};
    const auto sent = apply({{.number = 1}});
    EXPECT_THAT(codes(0), ElementsAre("F11"));
    EXPECT_EQ(store_.written[0].findings[0].finding.message,
              "檔案內容與先前報送之批次20261105-001相同");
    EXPECT_EQ(store_.written[0].warning_count, 1u);
    EXPECT_EQ(wire::decode_file_validated(sent.at(0).payload).warning_count, 1u);
    EXPECT_EQ(store_.written[0].groups.at(0).code, "F11");
}

TEST_F(Validator, sees_its_own_batch_as_earlier_files) {
    apply({{.number = 1}, {.number = 2}, {.number = 3, .content = good_file() + " "}});
    EXPECT_THAT(codes(0), IsEmpty());
    EXPECT_THAT(codes(1), ElementsAre("F11"));
    EXPECT_THAT(codes(2), IsEmpty());
}

TEST_F(Validator, takes_no_rejected_file_for_an_earlier_one) {
    const auto bad = file_with("\"batch_no\"", "\"batch_nr\"");
    apply({{.number = 1, .content = bad}, {.number = 2, .content = bad}});
    EXPECT_THAT(codes(1), Not(::testing::Contains("F11")));
}

TEST_F(Validator, warns_of_a_key_that_was_used_for_other_content) {
    store_.answers = {{.key_had_other_content = true}};
    apply({{.number = 1, .key_hash = "kk"}});
    EXPECT_THAT(codes(0), ElementsAre("F13"));
    store_.answers.clear();
    store_.written.clear();
    apply({{.number = 2, .key_hash = "kk"},
           {.number = 3, .content = good_file() + "\n", .key_hash = "kk"},
           {.number = 4, .content = good_file() + "  "}});
    EXPECT_THAT(codes(0), IsEmpty());
    EXPECT_THAT(codes(1), ElementsAre("F13"));
    EXPECT_THAT(codes(2), IsEmpty());
}

TEST_F(Validator, lists_findings_about_the_file_in_the_order_of_their_codes) {
    store_.answers = {{.same_content_batch = "b", .key_had_other_content = true}};
    apply({{.number = 1,
            .content = "\xEF\xBB\xBF" + file_with("\"leave_type\":\"16\"", "\"leave_type\":\"77\""),
            .key_hash = "kk"}});
    EXPECT_THAT(codes(0), ElementsAre("F11", "F12", "F13", "L01"));
}

TEST_F(Validator, gives_up_on_bytes_that_were_not_sealed_for_this_submission) {
    auto message = received_message({.number = 1});
    for (auto& [name, value] : message.headers)
        if (name == "agency") value = "Z00000003C";
    EXPECT_THROW(apply_messages({message}), domain::PermanentFailure);
    auto damaged = received_message({.number = 1});
    damaged.payload.back() = static_cast<char>(damaged.payload.back() ^ 1);
    EXPECT_THROW(apply_messages({damaged}), domain::PermanentFailure);
    EXPECT_THAT(store_.written, IsEmpty());
}

TEST_F(Validator, judges_a_replayed_file_again) {
    const auto sent = apply({{.number = 1, .attempt = 2}});
    EXPECT_TRUE(store_.asked.at(0).again);
    EXPECT_TRUE(store_.written.at(0).again);
    EXPECT_EQ(sent.at(0).event_id, submission(1) + "/2");
}

TEST_F(Validator, sweeps_once_a_minute_and_not_at_once) {
    EXPECT_FALSE(stage_.wants_upkeep(3, now_));
    EXPECT_FALSE(stage_.wants_upkeep(3, now_ + std::chrono::seconds(59)));
    EXPECT_TRUE(stage_.wants_upkeep(3, now_ + std::chrono::seconds(61)));
    EXPECT_FALSE(stage_.wants_upkeep(3, now_ + std::chrono::seconds(62)));
    EXPECT_TRUE(stage_.wants_upkeep(3, now_ + std::chrono::seconds(122)));
}

TEST_F(Validator, sends_a_lost_file_again_from_the_archive) {
    const auto message = received_message({.number = 1});
    const auto received = at("2026-11-06T10:00:00+08:00");
    store_.lost.files = {{submission(1), sender, "SELF", crypto::sha256_hex(good_file()), "", 1,
                          received, received, message.payload}};
    now_ += std::chrono::minutes(20);
    const auto sent = sweep();
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].event_id, submission(1) + "/1");
    EXPECT_EQ(wire::decode_file_validated(sent[0].payload).lines.size(), 2u);
    EXPECT_TRUE(store_.asked.at(0).again);
    EXPECT_TRUE(store_.written.at(0).again);
    EXPECT_EQ(store_.written.at(0).validated_at, now_);  // another 10 minutes for this event
    EXPECT_EQ(store_.looked.at(0).second, now_ - std::chrono::minutes(10));
}

TEST_F(Validator, looks_for_lost_files_only_where_there_may_be_some) {
    store_.lost.settled_until = at("2026-11-06T09:00:00+08:00");
    sweep();
    sweep();
    EXPECT_EQ(store_.looked.at(0).first, domain::Instant{});
    EXPECT_EQ(store_.looked.at(1).first, store_.lost.settled_until);
}

}  // namespace
}  // namespace chaiqin::validator
