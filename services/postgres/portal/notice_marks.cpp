#include "postgres/binary.hpp"
#include "postgres/pool.hpp"
#include "postgres/portal/notice_marks.sql.hpp"
#include "postgres/portal/portal_stores.hpp"

namespace chaiqin::postgres::portal {

namespace {

using domain::Instant;
using domain::NoticeReader;

constexpr std::size_t sessions = 2;
constexpr auto session_within = std::chrono::milliseconds(1'000);

class PostgresNoticeMarks final : public domain::NoticeMarks {
    // Defined before its uses, because its result is deduced.
    auto in_one(const Sql& statement, const Params& params) {
        return pool_.in_transaction(
            session_within, [&](auto& work) { return query_prepared(work, statement, params); });
    }

public:
    explicit PostgresNoticeMarks(SessionSettings settings) : pool_(std::move(settings), sessions) {}

    std::optional<std::string> agency_of(std::int64_t notice_id) override {
        Params params;
        params.add(notice_id);
        const auto rows = in_one(sql::agency_of_notice, params);
        if (rows.empty()) return std::nullopt;
        return rows.only().string("agency");
    }

    void mark(const NoticeReader& reader, std::int64_t notice_id, Instant now) override {
        Params params;
        params.add(reader.sub_hash).add(reader.agency).add(notice_id).add(now);
        in_one(sql::mark_notice, params);
    }

    void mark_all(const NoticeReader& reader, Instant now) override {
        Params params;
        params.add(reader.sub_hash).add(reader.agency).add(now);
        in_one(sql::mark_all_notices, params);
    }

private:
    Pool pool_;
};

}  // namespace

std::unique_ptr<domain::NoticeMarks> make_notice_marks(SessionSettings settings) {
    return std::make_unique<PostgresNoticeMarks>(std::move(settings));
}

}  // namespace chaiqin::postgres::portal
