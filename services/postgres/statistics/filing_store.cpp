#include "postgres/statistics/filing_store.hpp"

#include "domain/topics.hpp"
#include "postgres/binary.hpp"
#include "postgres/statistics/filing.sql.hpp"

namespace chaiqin::postgres::statistics {

using domain::Freezing;
using domain::Instant;
using domain::Month;
using domain::UnitOfWork;

namespace {

/// Moves with the definition of a figure; stored with every frozen month.
constexpr const char* formula = "1";

class PostgresFilingStore final : public domain::FilingStore {
public:
    std::optional<Instant> in_operation_since(UnitOfWork& work) override {
        return query(work, sql::in_operation_since).only().optional_instant("in_operation_since");
    }

    std::vector<Month> unfrozen(UnitOfWork& work, Month first, Month last) override {
        Params params;
        params.add(first).add(last);
        return months_in(query(work, sql::months_not_frozen, params));
    }

    bool has_cut(UnitOfWork& work, Month month) override {
        Params params;
        params.add(month);
        return query(work, sql::has_cut, params).only().boolean("stands");
    }

    void keep_cut(UnitOfWork& work, Month month,
                  const std::map<std::int32_t, std::int64_t>& ends) override {
        using End = std::pair<const std::int32_t, std::int64_t>;
        Params params;
        params.add(month).add_column(ends, &End::first).add_column(ends, &End::second);
        query(work, sql::keep_cut, params);
    }

    std::map<Month, domain::FrozenDeadline> frozen_deadlines(UnitOfWork& work) override {
        std::map<Month, domain::FrozenDeadline> deadlines;
        for (const auto row : query(work, sql::frozen_deadlines))
            deadlines[row.int4("month")] = {row.instant("deadline_end"),
                                            row.string("deadline_rule")};
        return deadlines;
    }

    Freezing freeze(UnitOfWork& work, Month month, const domain::FrozenDeadline& deadline,
                    Instant now, const std::string& reason) override {
        Params params;
        params.add(month)
            .add(deadline.end)
            .add(now)
            .add(formula)
            .add(domain::topics::file_received)
            .add(reason)
            .add(deadline.rule);
        const auto rows = query(work, sql::freeze_month, params);
        const auto row = rows.only();
        return !row.boolean("is_ready")      ? Freezing::waiting
               : !row.boolean("has_obliged") ? Freezing::nobody
                                             : Freezing::frozen;
    }

    std::vector<Month> freeze_again(UnitOfWork& work, Instant now) override {
        Params params;
        params.add(now).add(formula);
        return months_in(query(work, sql::freeze_again, params));
    }

    std::vector<std::string> to_be_told(UnitOfWork& work, Month month, Instant deadline_end,
                                        domain::NoticeKind kind, Instant now, int most) override {
        Params params;
        params.add(month)
            .add(deadline_end)
            .add(domain::row_of(kind).name)
            .add(now)
            .add(static_cast<std::int32_t>(most));
        std::vector<std::string> agencies;
        for (const auto row : query(work, sql::note_reminders, params))
            agencies.push_back(row.string("agency"));
        return agencies;
    }

    std::vector<domain::FilingBelow> to_be_sent_a_digest(UnitOfWork& work, Month month,
                                                         Instant deadline_end,
                                                         domain::NoticeKind kind,
                                                         Instant now) override {
        Params params;
        params.add(month).add(deadline_end).add(domain::row_of(kind).name).add(now);
        std::vector<domain::FilingBelow> below;
        for (const auto row : query(work, sql::note_digests, params))
            below.push_back({row.string("agency"), static_cast<std::uint32_t>(row.int8("obliged")),
                             static_cast<std::uint32_t>(row.int8("reported"))});
        return below;
    }

private:
    static std::vector<Month> months_in(const Rows& rows) {
        std::vector<Month> months;
        for (const auto row : rows) months.push_back(row.int4("month"));
        return months;
    }
};

}  // namespace

std::unique_ptr<domain::FilingStore> make_filing_store() {
    return std::make_unique<PostgresFilingStore>();
}

}  // namespace chaiqin::postgres::statistics
