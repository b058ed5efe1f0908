#include "postgres/binary.hpp"
#include "postgres/notification/finding_feed.sql.hpp"
#include "postgres/notification/notification_stores.hpp"

namespace chaiqin::postgres::notification {

using domain::Instant;
using domain::RematchedFindings;
using domain::UnitOfWork;

namespace {

/// A file of many findings makes a long transaction, so few files at a time.
constexpr std::int32_t marks_at_once = 100;
constexpr std::int32_t agencies_at_once = 200;

class PostgresFindingFeedStore final : public domain::FindingFeedStore {
public:
    bool advance(UnitOfWork& work, Instant now) override {
        query_prepared(work, sql::lock_finding_feed, Params());
        Params most;
        most.add(marks_at_once);
        const auto files = query_prepared(work, sql::take_files_with_due_findings, most);
        if (files.empty()) return false;
        std::vector<std::string> submissions;
        std::vector<std::int16_t> again;
        for (const auto file : files) {
            submissions.push_back(file.uuid("submission_id"));
            again.push_back(file.boolean("again") ? 1 : 0);
        }
        Params params;
        params.add_uuid_array(submissions).add_array(again).add(now);
        query_prepared(work, sql::write_finding_changes, params);
        return true;
    }

    std::vector<RematchedFindings> take_rematched(UnitOfWork& work, Instant quiet_since,
                                                  Instant waiting_since) override {
        Params params;
        params.add(quiet_since).add(waiting_since).add(agencies_at_once);
        std::vector<RematchedFindings> all;
        for (const auto row : query_prepared(work, sql::take_rematched_changes, params))
            all.push_back(
                {row.string("agency"), row.int8("opened"), row.int8("fixed"), row.int8("last")});
        return all;
    }
};

}  // namespace

std::unique_ptr<domain::FindingFeedStore> make_finding_feed_store() {
    return std::make_unique<PostgresFindingFeedStore>();
}

}  // namespace chaiqin::postgres::notification
