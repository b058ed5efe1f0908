#include "domain/failure.hpp"
#include "postgres/cursor.hpp"
#include "postgres/matching/career_posts.hpp"
#include "postgres/matching/career_store.hpp"
#include "postgres/matching/careers.sql.hpp"

namespace chaiqin::postgres::matching {

namespace {

/// Above that the whole table is read again.
constexpr std::int64_t most_changes_to_follow = 50000;
constexpr int rows_at_a_time = 10000;

class PostgresTable19Source final : public domain::Table19Source {
public:
    explicit PostgresTable19Source(SessionSettings settings) : session_(std::move(settings)) {}

    domain::Table19Ptr newest(const domain::Table19Ptr& current) override {
        auto work = session_.begin(Isolation::repeatable_read_read_only);
        const auto log = query(*work, sql::change_log_ends);
        const auto head = log.only().int8("last"), first = log.only().int8("first"),
                   known = current->change_no();
        if (head == known) return current;
        const bool gap = known == 0 || known + 1 < first || first == 0;
        auto table = gap || head - known > most_changes_to_follow ? whole(*work, *current, head)
                                                                  : followed(*work, *current, head);
        session_.commit(*work);
        return table;
    }

private:
    static void add(const Rows& rows, domain::CareerRows& careers) {
        for (const auto row : rows) {
            const auto token = static_cast<std::uint64_t>(row.int8("token"));
            const auto authority = row.text("authority");
            for (const auto& post : posts_of(row)) {
                const auto kind = domain::post_kind_of(post.post_kind);
                if (!kind)
                    throw domain::PermanentFailure("a stored career has no such kind of post");
                careers.add(token, authority, post.seq, post.org, *kind, post.start, post.end);
            }
        }
    }

    static domain::Table19Ptr whole(domain::UnitOfWork& work, const domain::Table19& current,
                                    std::int64_t head) {
        domain::CareerRows careers(current.shared_codes());
        Cursor cursor(work, sql::every_career);
        for (;;) {
            const auto rows = cursor.next(rows_at_a_time);
            if (rows.empty()) break;
            add(rows, careers);
        }
        return std::make_shared<const domain::Table19>(std::move(careers), head);
    }

    static domain::Table19Ptr followed(domain::UnitOfWork& work, const domain::Table19& current,
                                       std::int64_t head) {
        Params since;
        since.add(current.change_no());
        domain::CareerRows changed(current.shared_codes());
        for (const auto row : query(work, sql::changed_persons, since))
            changed.touch(static_cast<std::uint64_t>(row.int8("token")));
        add(query(work, sql::changed_careers, since), changed);
        return current.with(std::move(changed), head);
    }

    Session session_;
};

}  // namespace

std::unique_ptr<domain::Table19Source> make_table19_source(SessionSettings settings) {
    return std::make_unique<PostgresTable19Source>(std::move(settings));
}

}  // namespace chaiqin::postgres::matching
