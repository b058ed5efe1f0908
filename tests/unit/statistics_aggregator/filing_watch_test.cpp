#include "statistics_aggregator/filing_watch.hpp"

#include <gtest/gtest.h>

#include "domain/failure.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::statistics_aggregator {
namespace {

/// Notes what it is asked for; nothing is frozen.
class NotedStore final : public domain::FilingStore {
public:
    std::optional<domain::Instant> in_operation_since(domain::UnitOfWork&) override {
        return since;
    }
    std::vector<domain::Month> unfrozen(domain::UnitOfWork&, domain::Month first,
                                        domain::Month last) override {
        std::vector<domain::Month> months;
        for (auto month = first; month <= last; ++month) months.push_back(month);
        return months;
    }
    bool has_cut(domain::UnitOfWork&, domain::Month month) override { return cuts.contains(month); }
    void keep_cut(domain::UnitOfWork&, domain::Month month,
                  const std::map<std::int32_t, std::int64_t>& ends) override {
        cuts[month] = ends;
    }
    std::map<domain::Month, domain::FrozenDeadline> frozen_deadlines(domain::UnitOfWork&) override {
        return {};
    }
    domain::Freezing freeze(domain::UnitOfWork&, domain::Month month, const domain::FrozenDeadline&,
                            domain::Instant, const std::string&) override {
        frozen.push_back(domain::iso_month(month));
        return domain::Freezing::waiting;
    }
    std::vector<domain::Month> freeze_again(domain::UnitOfWork&, domain::Instant) override {
        return {};
    }
    std::vector<std::string> to_be_told(domain::UnitOfWork&, domain::Month month, domain::Instant,
                                        domain::NoticeKind kind, domain::Instant, int) override {
        told.push_back(domain::iso_month(month) + " " + std::string(domain::row_of(kind).name));
        return {};
    }
    std::vector<domain::FilingBelow> to_be_sent_a_digest(domain::UnitOfWork&, domain::Month,
                                                         domain::Instant, domain::NoticeKind,
                                                         domain::Instant) override {
        return {};
    }
    std::optional<domain::Instant> since;
    std::map<domain::Month, std::map<std::int32_t, std::int64_t>> cuts;
    std::vector<std::string> frozen, told;
};

class NoRegistry final : public domain::RegistrySource {
public:
    domain::RegistryPtr current() const override { return registry_; }

private:
    domain::RegistryPtr registry_ = std::make_shared<domain::Registry>();
};

struct Watch {
    void look(const char* now) {
        domain::UnitOfWork work;
        runtime::Outbox outbox;
        runtime::StageContext context{work, 0, 0, domain::parse_rfc3339(now).value()};
        watch.look(context, outbox);
    }
    NotedStore store;
    NoRegistry registry;
    int asked = 0;
    FilingWatch watch{store, registry, [this] {
                          ++asked;
                          return std::map<std::int32_t, std::int64_t>{{0, 7}};
                      }};
};

TEST(FilingWatch, freezes_nothing_before_the_platform_was_in_operation) {
    Watch w;
    w.look("2026-11-21T00:10:00+08:00");
    EXPECT_TRUE(w.store.frozen.empty());
    w.store.since = domain::parse_rfc3339("2026-11-21T00:05:00+08:00").value();
    w.look("2026-11-21T00:10:00+08:00");
    EXPECT_TRUE(w.store.frozen.empty());
}

TEST(FilingWatch, takes_the_cut_once_a_minute_after_the_deadline) {
    Watch w;
    w.store.since = domain::parse_rfc3339("2026-11-01T00:00:00+08:00").value();
    w.look("2026-11-21T00:00:30+08:00");
    EXPECT_EQ(w.asked, 0);
    w.look("2026-11-21T00:01:00+08:00");
    w.look("2026-11-21T00:01:10+08:00");
    EXPECT_EQ(w.asked, 1);
    EXPECT_EQ(w.store.frozen, (std::vector<std::string>{"2026-10", "2026-10"}));
}

TEST(FilingWatch, says_for_how_long_a_freeze_is_overdue) {
    runtime::open_metrics("test", "0");
    Watch w;
    w.store.since = domain::parse_rfc3339("2026-11-01T00:00:00+08:00").value();
    const auto overdue = [] {
        const auto text = runtime::metrics().text();
        const auto at = text.find("\nchaiqin_freeze_overdue_seconds{");
        return text.substr(text.find(' ', at + 1) + 1, 4);
    };
    w.look("2026-11-21T00:00:30+08:00");
    EXPECT_EQ(overdue().front(), '0');
    w.look("2026-11-21T01:02:00+08:00");
    EXPECT_EQ(overdue(), "3660");
}

TEST(FilingWatch, tells_nobody_after_the_deadline_while_files_may_still_be_on_their_way) {
    Watch w;
    w.look("2026-11-15T00:00:00+08:00");
    w.look("2026-11-21T08:00:00+08:00");
    EXPECT_EQ(w.store.told, std::vector<std::string>{"2026-10 deadline_before_5"});
}

}  // namespace
}  // namespace chaiqin::statistics_aggregator
