// Accepting: the fate of files with every part there, away, slow or silent; one key is one
// submission.
#include "gateway/ingest/accepting.hpp"

#include <gtest/gtest.h>

#include "crypto/digest.hpp"
#include "domain/partitioning.hpp"
#include "domain/topics.hpp"
#include "intake_fakes.hpp"
#include "support/run_coroutine.hpp"
#include "test_keys.hpp"
#include "wire/receipt_json.hpp"

namespace chaiqin::gateway {
namespace {

using namespace testing_fakes;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class FixedClock final : public runtime::Clock {
public:
    domain::Instant now() const override {
        return domain::Instant(std::chrono::microseconds(1'800'000'000'000'000 + ++ticks_));
    }

private:
    mutable std::atomic<std::int64_t> ticks_{0};
};

class AcceptingTest : public ::testing::Test {
protected:
    void SetUp() override {
        receipts_ =
            std::make_unique<ReceiptBook>([this] { return std::make_unique<FakeStore>(database_); },
                                          [](auto, auto, const auto&) {}, health_, 12,
                                          ReceiptBookLimits{.last_try_within = milliseconds(50)});
        desk_ =
            std::make_unique<IntakeDesk>([this] { return std::make_unique<FakeStore>(database_); },
                                         health_, [](auto&, auto days) { return days; });
        renew();
        ASSERT_TRUE(wait_until([&] { return receipts_->is_caught_up(); }));
    }
    /// As after a restart of the process: its memory of keys is gone.
    void renew() {
        accepting_.reset();
        key_memory_ = std::make_unique<KeyMemory>(1'000);
        accepting_ = std::make_unique<Accepting>(AcceptingParts{.keys = keys_,
                                                                .signer = signer_,
                                                                .producer = producer_,
                                                                .receipts = *receipts_,
                                                                .desk = *desk_,
                                                                .key_memory = *key_memory_,
                                                                .database = health_,
                                                                .sealing_pool = sealing_pool_,
                                                                .clock = clock_});
    }

    boost::asio::awaitable<std::vector<AnsweredFile>> accept(std::vector<std::string> contents,
                                                             std::string key = "",
                                                             bool is_form = false) {
        std::vector<UploadedFile> files;
        for (auto& content : contents) {
            auto& file = files.emplace_back("A123456789.json", budget_);
            if (!file.share.try_grow(content.size()))
                throw std::runtime_error("the budget of the test is used up");
            file.bytes = std::move(content);
        }
        Sender sender{.agency = "ZT0000001A",
                      .sub = "somebody",
                      .name = "某人",
                      .client_kind = "webhr",
                      .trace_parent = "00-0-0-01",
                      .idempotency_key = std::move(key),
                      .is_form = is_form};
        return accepting_->accept(std::move(sender), std::move(files));
    }
    AnsweredFile send(const std::string& content, const std::string& key = "") {
        auto answered = testing::run(context_, accept({content}, key));
        return std::move(answered.at(0));
    }

    // In the order of what may call what: the producer's last reports go to the receipt book.
    boost::asio::io_context context_;
    MemoryBudget budget_{64u << 20};
    FakeDatabase database_;
    DatabaseHealth health_;
    FixedClock clock_;
    crypto::Keyring keys_ = test_keys();
    crypto::ReceiptSigner signer_{keys_};
    std::unique_ptr<ReceiptBook> receipts_;
    std::unique_ptr<IntakeDesk> desk_;
    std::unique_ptr<KeyMemory> key_memory_;
    WorkerPool sealing_pool_{2, 100};
    std::unique_ptr<Accepting> accepting_;
    FakeProducer producer_;
};

TEST_F(AcceptingTest, the_whole_file_is_one_sealed_message) {
    const auto file = send("{\"a\":1}");
    ASSERT_EQ(file.fate, FileFate::accepted);
    EXPECT_FALSE(file.replayed);
    const auto sent = producer_.sent();
    ASSERT_EQ(sent.size(), 1U);
    const auto& message = sent[0];
    EXPECT_EQ(message.topic, domain::topics::file_received);
    EXPECT_EQ(message.partition, domain::partition_of("ZT0000001A"));
    EXPECT_EQ(message.key, "ZT0000001A");
    EXPECT_EQ(message.event_id, file.receipt.submission_id + "/1");
    std::map<std::string, std::string> headers(message.headers.begin(), message.headers.end());
    EXPECT_EQ(headers["submission_id"], file.receipt.submission_id);
    EXPECT_EQ(headers["attempt"], "1");
    EXPECT_EQ(headers["agency"], "ZT0000001A");
    EXPECT_EQ(headers["route"], "WEBHR");
    EXPECT_EQ(headers["client_kind"], "webhr");
    EXPECT_EQ(headers["size_bytes"], "7");
    EXPECT_EQ(headers["sha256"], crypto::sha256_hex("{\"a\":1}"));
    EXPECT_EQ(headers["received_at"],
              std::to_string(file.receipt.received_at.time_since_epoch().count()));
    EXPECT_EQ(headers["sub_hash"].find("somebody"), std::string::npos);
    EXPECT_EQ(headers["idempotency_hash"], "");
    EXPECT_EQ(message.payload.find("{\"a\":1}"), std::string::npos);
    const auto opened =
        crypto::Sealer(keys_).open(message.payload, "ZT0000001A", file.receipt.submission_id, 1000);
    EXPECT_EQ(crypto::unpack_file(opened).content, "{\"a\":1}");
    EXPECT_EQ(crypto::unpack_file(opened).masked_name, "A12*****89.json");
}

TEST_F(AcceptingTest, the_receipt_is_stored_before_the_answer) {
    const auto file = send("{}");
    EXPECT_EQ(database_.receipt_count(), 1U);
    EXPECT_EQ(file.receipt_jws.substr(0, 2), "ey");
    EXPECT_NE(file.receipt_json.find("\"file_name\":\"A12*****89.json\""), std::string::npos);
}

TEST_F(AcceptingTest, bytes_that_are_no_text_are_refused) {
    EXPECT_EQ(send("").refusal, FileRefusal::empty);
    EXPECT_EQ(send("\xff").refusal, FileRefusal::not_utf8);
    EXPECT_TRUE(producer_.sent().empty());
}

TEST_F(AcceptingTest, a_time_out_is_unknown_and_a_refusal_unavailable) {
    producer_.set(FakeProducer::Mode::unknown);
    EXPECT_EQ(send("{}").fate, FileFate::unknown);
    producer_.set(FakeProducer::Mode::not_queued);
    EXPECT_EQ(send("{}").fate, FileFate::unavailable);
    producer_.set(FakeProducer::Mode::silent);
    const auto began = steady_clock::now();
    EXPECT_EQ(send("{}").fate, FileFate::unknown);
    EXPECT_LT(steady_clock::now() - began, milliseconds(1'950));
}

TEST_F(AcceptingTest, without_postgres_files_are_accepted_at_once) {
    database_.set_away(true);
    send("{\"first\":1}", "key");
    const auto began = steady_clock::now();
    EXPECT_EQ(send("{\"second\":1}", "other").fate, FileFate::accepted);
    EXPECT_LT(steady_clock::now() - began, milliseconds(1'000));
    EXPECT_EQ(producer_.sent().size(), 2U);
}

TEST_F(AcceptingTest, a_slow_postgres_is_not_waited_for) {
    {
        std::lock_guard lock(database_.mutex);
        database_.delay = milliseconds(1'500);
    }
    const auto began = steady_clock::now();
    EXPECT_EQ(send("{}", "key").fate, FileFate::accepted);
    EXPECT_LT(steady_clock::now() - began, milliseconds(900))
        << "50 ms for the key, 300 ms for the receipt";
}

TEST_F(AcceptingTest, the_same_key_and_bytes_give_the_same_receipt) {
    const auto first = send("{}", "key"), again = send("{}", "key");
    EXPECT_EQ(again.fate, FileFate::accepted);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.receipt_json, first.receipt_json);
    renew();
    EXPECT_TRUE(send("{}", "key").replayed) << "the database knows it";
    EXPECT_EQ(producer_.sent().size(), 1U);
}

TEST_F(AcceptingTest, without_database_and_memory_the_submission_is_still_the_same) {
    database_.set_away(true);
    const auto first = send("{}", "key");
    renew();
    const auto again = send("{}", "key");
    EXPECT_FALSE(again.replayed);
    EXPECT_EQ(again.receipt.submission_id, first.receipt.submission_id) << "so it is counted once";
}

TEST_F(AcceptingTest, one_key_for_other_bytes_is_refused) {
    send("{}", "key");
    EXPECT_EQ(send("{\"a\":1}", "key").refusal, FileRefusal::key_conflict);
    renew();
    EXPECT_EQ(send("{\"a\":1}", "key").refusal, FileRefusal::key_conflict)
        << "the database knows it";
    EXPECT_EQ(send("{\"a\":1}", "another").fate, FileFate::accepted);
}

TEST_F(AcceptingTest, a_key_whose_file_was_not_queued_is_free_again) {
    producer_.set(FakeProducer::Mode::not_queued);
    EXPECT_EQ(send("{}", "key").fate, FileFate::unavailable);
    ASSERT_TRUE(wait_until([&] {
        std::lock_guard lock(database_.mutex);
        return database_.keys.empty();
    }));
    producer_.set(FakeProducer::Mode::delivers);
    EXPECT_EQ(send("{\"corrected\":1}", "key").fate, FileFate::accepted);
}

TEST_F(AcceptingTest, concurrent_posts_with_one_key_give_one_receipt) {
    std::vector<std::vector<AnsweredFile>> answers;
    const auto guard = boost::asio::make_work_guard(context_);
    for (int i = 0; i < 8; ++i)
        boost::asio::co_spawn(context_, accept({"{}"}, "key"),
                              [&](std::exception_ptr, std::vector<AnsweredFile> files) {
                                  answers.push_back(std::move(files));
                                  if (answers.size() == 8) context_.stop();
                              });
    context_.restart();
    context_.run();
    int replayed = 0;
    for (const auto& files : answers) {
        EXPECT_EQ(files.at(0).receipt_json, answers[0].at(0).receipt_json);
        replayed += files.at(0).replayed;
    }
    EXPECT_EQ(replayed, 7);
    EXPECT_EQ(producer_.sent().size(), 1U);
}

TEST_F(AcceptingTest, each_file_of_a_form_has_a_key_of_its_own) {
    auto first = testing::run(context_, accept({"{}", "{}"}, "key", true));
    EXPECT_NE(first[0].receipt.submission_id, first[1].receipt.submission_id);
    auto again = testing::run(context_, accept({"{}", "{}"}, "key", true));
    EXPECT_TRUE(again[0].replayed && again[1].replayed);
    auto other = testing::run(context_, accept({"{}", "{\"a\":1}"}, "key", true));
    EXPECT_EQ(other[1].refusal, FileRefusal::key_conflict) << "refused alone";
    EXPECT_EQ(other[0].fate, FileFate::accepted);
}

TEST_F(AcceptingTest, a_file_of_the_topic_gives_its_receipt_back) {
    const auto file = send("{}", "key");
    const auto sent = producer_.sent().at(0);
    runtime::Message message{.topic = sent.topic,
                             .partition = sent.partition,
                             .offset = 5,
                             .key = sent.key,
                             .headers = sent.headers,
                             .payload = sent.payload};
    const auto taken = taken_file(message, crypto::Sealer(keys_));
    ASSERT_TRUE(taken);
    EXPECT_EQ(wire::receipt_json(taken->receipt), file.receipt_json);
    const auto& stored = database_.receipts.at(file.receipt.submission_id).sent_by;
    EXPECT_EQ(taken->sent_by.sub_hash, stored.sub_hash) << "as when it is stored at once";
    EXPECT_EQ(taken->sent_by.sealed_name, stored.sealed_name);
    EXPECT_EQ(stored.sealed_name.find("某人"), std::string::npos);
    const crypto::Sealer sealer(keys_);
    EXPECT_EQ(sealer.open(stored.sealed_name, "ZT0000001A", file.receipt.submission_id, 100),
              "某人");
    EXPECT_EQ(taken->receipt.route, "WEBHR");
    EXPECT_FALSE(taken->key_hash.empty());
    for (auto& [name, value] : message.headers)
        if (name == "received_at") value += "0";
    EXPECT_FALSE(taken_file(message, crypto::Sealer(keys_))) << "a header was changed";
    message.headers = sent.headers;
    message.payload[20] ^= 1;
    EXPECT_FALSE(taken_file(message, crypto::Sealer(keys_)));
}

}  // namespace
}  // namespace chaiqin::gateway
