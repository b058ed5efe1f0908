// What one agency may take: the table of limits, who gives way when the server is full, turns of a
// worker pool, memory that is left to small files, bodies that count while they come in.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>

#include "gateway/http/agency_body.hpp"
#include "gateway/http/places.hpp"
#include "gateway/ingest/uploaded_file.hpp"
#include "gateway/work/worker_pool.hpp"
#include "runtime/metrics.hpp"
#include "support/run_coroutine.hpp"

namespace chaiqin::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Held = AgencyShares::Held;
using Kind = Places::Kind;
constexpr auto noon = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);

bool is_let_in(const std::variant<Held, Limited>& answer) {
    return std::holds_alternative<Held>(answer);
}

std::string header(const Response& response, const std::string& name) {
    for (const auto& [one, value] : response.headers)
        if (one == name) return value;
    return "";
}

TEST(AgencyShares, the_defaults_are_those_of_the_contract) {
    const auto values = default_limits();
    const auto of = [&](Limit limit) { return values.at(static_cast<std::size_t>(limit)); };
    EXPECT_EQ(of(Limit::files), 200);
    EXPECT_EQ(of(Limit::bytes), 50);
    EXPECT_EQ(of(Limit::checks), 20);
    EXPECT_EQ(of(Limit::reads), 100);
    EXPECT_EQ(of(Limit::uploads), 16);
    EXPECT_EQ(of(Limit::bytes_in_flight), 64);
    EXPECT_EQ(of(Limit::waits), 50);
    EXPECT_EQ(of(Limit::loads), 2);
    EXPECT_EQ(row_of(Limit::bytes_in_flight).unit, 1 << 20);
}

TEST(AgencyShares, the_metric_knows_every_limit_of_the_table) {
    for (const auto& row : limits_of_agencies()) {
        const auto& known = runtime::metric_parts::limits;
        EXPECT_TRUE(std::any_of(std::begin(known), std::end(known), [&](const auto& one) {
            return one.value == row.name;
        })) << row.name;
    }
}

TEST(AgencyShares, an_agency_holds_so_many_and_gives_them_back) {
    AgencyShares shares;
    {
        auto first = shares.hold(Limit::loads, "A");
        const auto second = shares.hold(Limit::loads, "A");
        EXPECT_TRUE(is_let_in(first) && is_let_in(second));
        EXPECT_FALSE(is_let_in(shares.hold(Limit::loads, "A")));
        EXPECT_TRUE(is_let_in(shares.hold(Limit::loads, "B"))) << "each has its own";
        std::get<Held>(first).give_back();
        EXPECT_TRUE(is_let_in(shares.hold(Limit::loads, "A")));
    }
    const auto one = shares.hold(Limit::loads, "A"), other = shares.hold(Limit::loads, "A");
    EXPECT_TRUE(is_let_in(one) && is_let_in(other));
}

TEST(AgencyShares, what_is_held_may_go_after_the_shares) {
    std::optional<std::variant<Held, Limited>> held;
    {
        AgencyShares shares;
        held.emplace(shares.hold(Limit::waits, "A"));
    }
    held.reset();
}

TEST(AgencyShares, all_agencies_together_have_a_limit_where_the_table_says_so) {
    AgencyShares shares;
    std::vector<std::variant<Held, Limited>> held;
    for (int i = 0; i < 8; ++i) held.push_back(shares.hold(Limit::exports, std::to_string(i)));
    EXPECT_TRUE(std::all_of(held.begin(), held.end(), is_let_in));
    const auto refused = shares.hold(Limit::exports, "8");
    EXPECT_EQ(std::get<Limited>(refused).problem, Problem::exports_busy);
}

TEST(AgencyShares, bytes_in_flight_grow_up_to_the_share_and_one_body_is_always_taken) {
    auto values = default_limits();
    values.at(static_cast<std::size_t>(Limit::bytes_in_flight)) = 1;
    AgencyShares shares(values);
    constexpr std::size_t mebi = 1 << 20;
    auto large = shares.hold(Limit::bytes_in_flight, "A", 5 * mebi);
    EXPECT_TRUE(is_let_in(large)) << "or it could never be sent";
    EXPECT_FALSE(is_let_in(shares.hold(Limit::bytes_in_flight, "A", 1)));
    std::get<Held>(large).give_back();
    auto one = shares.hold(Limit::bytes_in_flight, "A", 0),
         other = shares.hold(Limit::bytes_in_flight, "A", 0);
    EXPECT_FALSE(shares.grow(std::get<Held>(one), mebi / 2));
    EXPECT_FALSE(shares.grow(std::get<Held>(other), mebi / 2));
    EXPECT_TRUE(shares.grow(std::get<Held>(one), 1));
    std::get<Held>(other).give_back();
    EXPECT_FALSE(shares.grow(std::get<Held>(one), mebi / 2));
}

TEST(AgencyShares, a_check_of_ten_files_costs_ten) {
    AgencyShares shares;
    int files = 0;
    for (auto now = noon; now < noon + seconds(10); now += milliseconds(10))
        if (!shares.take(Limit::checks, "A", now)) {
            shares.take_more(Limit::checks, "A", 9);
            files += 10;
        }
    EXPECT_NEAR(files, 20 * (10 + 2), 10) << "20 a second, and two seconds' worth at once";
}

TEST(AgencyShares, a_refusal_names_the_limit_its_value_and_when_to_come_back) {
    AgencyShares shares;
    EXPECT_FALSE(shares.take(Limit::bytes, "A", noon, 100'000'000));
    const auto reached = shares.take(Limit::bytes, "A", noon + seconds(1), 50'000'000);
    EXPECT_FALSE(reached) << "there is something left";
    const auto debt = shares.take(Limit::bytes, "A", noon + seconds(1), 1);
    ASSERT_TRUE(debt);
    const auto answer = answer_with(*debt);
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(header(answer, "Retry-After"), "1");
    for (const char* text :
         {"\"code\":\"rate_limited\"", "\"limit\":\"bytes\"", "每秒至多傳送 50 MB",
          "An agency may send 50 MB per second", "放慢傳送速度"})
        EXPECT_NE(answer.body.find(text), std::string::npos) << text << " in " << answer.body;
    EXPECT_EQ(answer.body.find("{}"), std::string::npos);
}

TEST(AgencyShares, who_has_no_agency_counts_by_person) {
    Request request;
    EXPECT_EQ(holder_of(request), "");
    request.caller.sub = "somebody";
    EXPECT_EQ(holder_of(request), "sub somebody");
    request.acting_agency = "ZT0000001A";
    EXPECT_EQ(holder_of(request), "ZT0000001A");
}

/// Pieces of a body of unknown or declared length.
class PiecesBody final : public Body {
public:
    PiecesBody(std::vector<std::size_t> pieces, std::optional<std::uint64_t> declared)
        : pieces_(std::move(pieces)), declared_(declared) {}
    boost::asio::awaitable<std::string_view> next() override {
        text_.assign(at_ < pieces_.size() ? pieces_[at_++] : 0, ' ');
        co_return text_;
    }
    std::optional<std::uint64_t> declared_bytes() const override { return declared_; }

private:
    std::vector<std::size_t> pieces_;
    std::optional<std::uint64_t> declared_;
    std::size_t at_ = 0;
    std::string text_;
};

TEST(AgencyBody, a_body_of_unknown_length_is_cut_where_the_share_ends) {
    boost::asio::io_context context;
    AgencyShares shares;
    const auto other = shares.hold(Limit::bytes_in_flight, "A", 60u << 20);
    PiecesBody chunked({3u << 20, 3u << 20}, std::nullopt);
    auto held = shares.hold(Limit::bytes_in_flight, "A", 0);
    AgencyBody body(chunked, shares, "A", std::move(std::get<Held>(held)), 0);
    EXPECT_EQ(testing::run(context, body.next()).size(), 3u << 20);
    try {
        testing::run(context, body.next());
        FAIL() << "64 MiB are the share";
    } catch (const BodyCut& cut) {
        EXPECT_EQ(cut.answer.status, 429);
        EXPECT_NE(cut.answer.body.find("\"limit\":\"bytes_in_flight\""), std::string::npos);
    }
}

TEST(Places, the_one_that_is_idle_for_longest_gives_way) {
    Places places(2, 1);
    std::string closed;
    const auto place = [&](const char* name, Kind kind = Kind::ordinary) {
        auto made =
            std::make_unique<Places::Place>(places, kind, [&closed, name] { closed += name; });
        made->become_idle();
        return made;
    };
    EXPECT_EQ(places.make_room(), Kind::ordinary);
    const auto a = place("a"), b = place("b");
    a->become_busy();
    a->become_idle();
    EXPECT_EQ(places.make_room(), Kind::ordinary);
    EXPECT_EQ(closed, "b");
    const auto c = place("c");
    a->become_busy();
    c->become_busy();
    EXPECT_EQ(places.make_room(), Kind::reserved) << "nobody is idle";
    const auto d = place("d", Kind::reserved);
    EXPECT_EQ(places.make_room(), Kind::reserved) << "of the reserve one gives way, too";
    EXPECT_EQ(closed, "bd");
    const auto e = place("e", Kind::reserved);
    e->become_busy();
    EXPECT_EQ(places.make_room(), std::nullopt);
    c->become_idle();
    EXPECT_EQ(places.make_room(), Kind::ordinary);
    EXPECT_EQ(closed, "bdc");
}

TEST(Places, strangers_give_way_before_those_who_showed_a_token) {
    Places places(2, 0);
    std::string closed;
    Places::Place known(places, Kind::ordinary, [&] { closed += "known"; });
    known.become_known();
    known.become_idle();
    {
        Places::Place stranger(places, Kind::ordinary, [&] { closed += "stranger"; });
        stranger.become_idle();
        EXPECT_EQ(places.make_room(), Kind::ordinary);
        EXPECT_EQ(closed, "stranger");
        EXPECT_EQ(places.taken(), 1U) << "it counts no more, although it is still there";
    }
    EXPECT_EQ(places.taken(), 1U);
    EXPECT_EQ(places.make_room(), Kind::ordinary);
    EXPECT_EQ(closed, "stranger") << "there is a place left";
    Places::Place busy(places, Kind::ordinary, [] {});
    EXPECT_EQ(places.make_room(), Kind::ordinary);
    EXPECT_EQ(closed, "strangerknown");
}

TEST(WorkerPool, nobody_waits_behind_all_that_another_one_has_sent) {
    WorkerPool pool(1, 1'000);
    std::promise<void> begin;
    std::promise<int> seen;
    std::atomic<int> done{0};
    const auto go = begin.get_future().share();
    ASSERT_TRUE(pool.try_post([go] { go.wait(); }, "A"));
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(pool.try_post([&] { ++done; }, "A"));
    ASSERT_TRUE(pool.try_post([&] { seen.set_value(done); }, "B"));
    begin.set_value();
    EXPECT_LE(seen.get_future().get(), 1);
    pool.stop();
}

TEST(WorkerPool, one_gets_no_more_than_its_threads_and_places) {
    WorkerPool pool(2, 1'000, {.most_running = 1, .most_waiting = 3});
    std::promise<void> end, other;
    const auto ended = end.get_future().share();
    ASSERT_TRUE(pool.try_post([ended] { ended.wait(); }, "A"));
    int taken = 0;
    for (int i = 0; i < 10; ++i) taken += pool.try_post([ended] { ended.wait(); }, "A");
    EXPECT_GE(taken, 2);
    EXPECT_LE(taken, 4);
    ASSERT_TRUE(pool.try_post([&] { other.set_value(); }, "B"));
    other.get_future().wait();
    end.set_value();
    pool.stop();
}

TEST(MemoryBudget, a_part_is_left_to_small_files) {
    MemoryBudget budget(4u << 20, 1u << 20);
    MemoryBudget::Share large(budget), small(budget);
    EXPECT_TRUE(large.try_grow(3u << 20));
    EXPECT_FALSE(large.try_grow(1));
    EXPECT_TRUE(small.try_grow(small_file_bytes));
    EXPECT_FALSE(small.try_grow(1)) << "it is none any more";
}

}  // namespace
}  // namespace chaiqin::gateway
