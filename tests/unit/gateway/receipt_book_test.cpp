// Receipts between Kafka and PostgreSQL: none is lost, progress never passes one that is not
// stored.
#include "gateway/ingest/receipt_book.hpp"

#include <gtest/gtest.h>

#include "intake_fakes.hpp"

namespace chaiqin::gateway {
namespace {

using namespace testing_fakes;

domain::TakenFile taken(int number, std::int32_t partition = 0) {
    domain::TakenFile file;
    char id[40];
    std::snprintf(id, sizeof id, "00000000-0000-8000-8000-%012d", number);
    file.receipt.submission_id = id;
    file.receipt.agency = "ZT0000001A";
    file.partition = partition;
    file.offset = number;
    return file;
}

class ReceiptBookTest : public ::testing::Test {
protected:
    void open(std::size_t most_waiting = 1000) {
        const ReceiptBookLimits limits{
            most_waiting, std::chrono::milliseconds(50), std::chrono::milliseconds(100),
            std::chrono::milliseconds(100), std::chrono::milliseconds(1000)};
        book_ =
            std::make_unique<ReceiptBook>([this] { return std::make_unique<FakeStore>(database_); },
                                          [this](std::int32_t partition, std::int64_t from,
                                                 const auto& each) { read(partition, from, each); },
                                          health_, 2, limits);
    }
    void read(std::int32_t partition, std::int64_t from,
              const std::function<void(std::optional<domain::TakenFile>, std::int64_t)>& each) {
        if (broker_is_away_) throw domain::TransientFailure("broker away");
        std::vector<domain::TakenFile> files;
        {
            std::lock_guard lock(database_.mutex);
            for (const auto& file : topic_)
                if (file.partition == partition && file.offset >= from) files.push_back(file);
        }
        ++reads_;
        for (const auto& file : files) each(file, file.offset);
    }
    void put_into_topic(domain::TakenFile file) {
        std::lock_guard lock(database_.mutex);
        topic_.push_back(std::move(file));
    }

    FakeDatabase database_;
    DatabaseHealth health_;
    std::vector<domain::TakenFile> topic_;
    std::atomic<bool> broker_is_away_{false};
    std::atomic<int> reads_{0};
    std::unique_ptr<ReceiptBook> book_;
};

TEST_F(ReceiptBookTest, a_receipt_is_stored_and_told) {
    database_.progress[0] = 7;
    open();
    ASSERT_TRUE(wait_until([&] { return book_->is_caught_up(); }));
    std::atomic<bool> stored{false};
    book_->enter(taken(7), [&] { stored = true; });
    ASSERT_TRUE(wait_until([&] { return stored.load(); }));
    EXPECT_EQ(database_.receipt_count(), 1U);
    EXPECT_EQ(database_.progress_of(0), 8);
    EXPECT_FALSE(book_->find(taken(7).receipt.submission_id)) << "now it is in PostgreSQL";
}

TEST_F(ReceiptBookTest, what_waits_can_be_found_and_is_stored_when_postgres_is_back) {
    database_.set_away(true);
    open();
    for (int i = 0; i < 100; ++i) book_->enter(taken(i), [] {});
    EXPECT_TRUE(book_->find(taken(42).receipt.submission_id));
    ASSERT_TRUE(wait_until([&] { return !health_.answers(); })) << "noticed";
    EXPECT_EQ(book_->waiting(), 100U);
    database_.set_away(false);
    ASSERT_TRUE(wait_until([&] { return database_.receipt_count() == 100; }));
    ASSERT_TRUE(wait_until([&] { return health_.answers(); }));
    std::lock_guard lock(database_.mutex);
    EXPECT_EQ(*std::max_element(database_.groups.begin(), database_.groups.end()), 100U)
        << "together, not one by one";
}

TEST_F(ReceiptBookTest, at_the_start_what_is_missing_is_read_from_the_topic) {
    for (int i = 0; i < 5; ++i) put_into_topic(taken(i));
    put_into_topic(taken(0, 1));
    database_.progress[0] = 2;
    open();
    ASSERT_TRUE(wait_until([&] { return book_->is_caught_up(); }));
    EXPECT_EQ(database_.receipt_count(), 4U) << "offsets 2, 3, 4 of partition 0, and partition 1";
    EXPECT_EQ(database_.progress_of(0), 5);
}

TEST_F(ReceiptBookTest, until_the_topic_is_read_progress_stands_still) {
    broker_is_away_ = true;
    for (int i = 0; i < 3; ++i) put_into_topic(taken(i));
    open();
    std::atomic<bool> stored{false};
    book_->enter(taken(9), [&] { stored = true; });
    ASSERT_TRUE(wait_until([&] { return stored.load(); })) << "accepting does not wait for it";
    EXPECT_EQ(database_.progress_of(0), 0) << "offsets 0 to 2 may still lack their receipts";
    EXPECT_FALSE(book_->is_caught_up());
    broker_is_away_ = false;
    ASSERT_TRUE(wait_until([&] { return book_->is_caught_up(); }));
    EXPECT_EQ(database_.receipt_count(), 4U);
}

TEST_F(ReceiptBookTest, a_produce_in_doubt_is_read_again) {
    open();
    ASSERT_TRUE(wait_until([&] { return book_->is_caught_up(); }));
    put_into_topic(taken(0));  // it had got there, but nobody was told
    const int before = reads_;
    book_->note_doubt(0, book_->next_offset(0));
    book_->enter(taken(1), [] {});
    ASSERT_TRUE(wait_until([&] { return reads_ > before && database_.receipt_count() == 2; }));
    EXPECT_GE(database_.progress_of(0), 1);
}

TEST_F(ReceiptBookTest, progress_never_passes_a_file_that_another_gateway_took) {
    open();
    ASSERT_TRUE(wait_until([&] { return book_->is_caught_up(); }));
    broker_is_away_ = true;  // so that nothing is read
    std::atomic<bool> stored{false};
    book_->enter(taken(0), [] {});
    book_->enter(taken(2), [&] { stored = true; });
    ASSERT_TRUE(wait_until([&] { return stored.load(); }));
    EXPECT_LE(database_.progress_of(0), 1) << "the other gateway may not have stored offset 1";
}

TEST_F(ReceiptBookTest, what_a_dead_gateway_owes_is_taken_up_by_the_others) {
    open();
    ASSERT_TRUE(wait_until([&] { return book_->is_caught_up(); }));
    put_into_topic(taken(0));  // by the other one, which died before it stored the receipt
    put_into_topic(taken(1));
    book_->enter(taken(1), [] {});
    put_into_topic(taken(3, 1));  // where this gateway sends nothing
    EXPECT_TRUE(wait_until([&] { return database_.receipt_count() == 3; }));
    EXPECT_TRUE(wait_until([&] { return database_.progress_of(0) == 2; }));
}

TEST_F(ReceiptBookTest, a_full_memory_relies_on_the_topic) {
    database_.set_away(true);
    open(10);
    for (int i = 0; i < 30; ++i) {
        put_into_topic(taken(i));
        book_->enter(taken(i), [] {});
    }
    EXPECT_EQ(book_->waiting(), 10U);
    database_.set_away(false);
    EXPECT_TRUE(wait_until([&] { return database_.receipt_count() == 30; }));
}

TEST_F(ReceiptBookTest, a_receipt_that_postgres_refuses_holds_up_no_other) {
    database_.set_away(true);
    open();
    database_.refused.insert(taken(3).receipt.submission_id);
    for (int i = 0; i < 6; ++i) book_->enter(taken(i), [] {});
    database_.set_away(false);
    ASSERT_TRUE(wait_until([&] { return database_.receipt_count() == 5; }));
    EXPECT_TRUE(wait_until([&] { return book_->waiting() == 0; }));
}

TEST_F(ReceiptBookTest, its_end_stores_what_waits) {
    open();
    for (int i = 0; i < 50; ++i) book_->enter(taken(i), [] {});
    book_.reset();
    EXPECT_EQ(database_.receipt_count(), 50U);
}

TEST(DatabaseHealth, that_was_slow_once_is_not_away) {
    DatabaseHealth health;
    health.note_slow();
    EXPECT_FALSE(health.answers()) << "nobody waits for it for a second";
    EXPECT_FALSE(health.is_away()) << "/readyz stays 200";
    health.note_failure();
    EXPECT_TRUE(health.is_away());
    health.note_success();
    EXPECT_FALSE(health.is_away());
}

}  // namespace
}  // namespace chaiqin::gateway
