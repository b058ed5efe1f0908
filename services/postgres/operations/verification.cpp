#include "postgres/operations/verification.hpp"

#include "domain/calendar.hpp"
#include "domain/topics.hpp"
#include "postgres/binary.hpp"
#include "postgres/operations/verification.sql.hpp"

namespace chaiqin::postgres::operations {

namespace {

/// A statement that gives the first breach of a law, and how many there are.
struct Check {
    const char *name, *what;
    Sql sql;
    /// The statement has three parameters, which say what Kafka holds.
    bool asks_topic = false;
};

constexpr Check checks[] = {
    {"dispositions", "lines of a submission are not the sum of its dispositions",
     sql::dispositions},
    {"records_of_file", "a submission's COUNTED or UNMATCHED is not what its live records say",
     sql::records_of_file},
    {"unmatched_lines", "the unmatched list or its numbers are not what a file's UNMATCHED says",
     sql::unmatched_lines},
    {"monthly_counts", "published counts and unapplied deltas are not the live matched records",
     sql::monthly_counts},
    {"negative_counts", "a published count is negative with no delta outstanding",
     sql::negative_counts},
    {"agency_sums", "the sums of an agency's month are not its published counts", sql::agency_sums},
    {"national_sums", "the sums over all agencies are not the published counts",
     sql::national_sums},
    {"not_said_counted", "a file's counts are published, but its state is not COUNTED",
     sql::not_said_counted},
    {"judgements", "the matcher has another judgement of a file than the validator",
     sql::judgements},
    {"lost_files",
     "an accepted file has neither a matcher row nor an outbox row nor a place in quarantine",
     sql::lost_files},
    {"lost_receipts",
     "a receipt was given and the validator is past it, but there is neither a verdict nor a place "
     "in quarantine",
     sql::lost_receipts, true},
};

std::optional<Difference> run(domain::UnitOfWork& work, const Check& check, const TopicEnds& ends) {
    Params params;
    if (check.asks_topic)
        params.add(domain::topics::file_received)
            .add_column(ends, &TopicEnds::value_type::first)
            .add_column(ends, &TopicEnds::value_type::second);
    const auto rows = query(work, check.sql, params);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    Difference difference{.check = check.name,
                          .what = check.what,
                          .agency = row.string("agency"),
                          .detail = row.string("detail"),
                          .count = row.int8("differences")};
    if (!row.is_null("month")) difference.month = domain::iso_month(row.int4("month"));
    if (!row.is_null("submission_id")) difference.submission_id = row.uuid("submission_id");
    for (const auto one : rows)
        if (!one.is_null("submission_id"))
            difference.submission_ids.push_back(one.uuid("submission_id"));
    return difference;
}

Verification totals(domain::UnitOfWork& work) {
    const auto of_files = query(work, sql::totals_of_files);
    const auto files = of_files.only();
    const auto of_waiting = query(work, sql::total_not_applied);
    const auto waiting = of_waiting.only();
    return {.submissions = files.int8("submissions"),
            .lines = files.int8("lines"),
            .unmatched = files.int8("unmatched"),
            .counted = files.int8("counted"),
            .live_counted = query(work, sql::total_of_records).only().int8("counted"),
            .published = query(work, sql::total_published).only().int8("records"),
            .unapplied = waiting.int8("records"),
            .unapplied_batches = waiting.int8("batches")};
}

}  // namespace

Verification verify(Session& session, const std::function<TopicEnds()>& ends_of_received) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    auto v = totals(*work);
    // Asked within the snapshot: every receipt that it holds was in the topic before.
    const auto ends = ends_of_received ? ends_of_received() : TopicEnds{};
    if (v.counted != v.live_counted || v.live_counted != v.published + v.unapplied)
        v.differences.push_back(
            {.check = "sums",
             .what = "the sums of the whole store differ",
             .detail = "Σ COUNTED " + std::to_string(v.counted) + ", live matched records " +
                       std::to_string(v.live_counted) + ", published " +
                       std::to_string(v.published) + ", unapplied " + std::to_string(v.unapplied),
             .count = 1});
    for (const auto& check : checks)
        if (auto difference = run(*work, check, ends))
            v.differences.push_back(std::move(*difference));
    session.commit(*work);
    return v;
}

}  // namespace chaiqin::postgres::operations
