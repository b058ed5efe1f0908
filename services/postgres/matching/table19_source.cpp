#include "domain/failure.hpp"
#include "postgres/binary.hpp"
#include "postgres/matching/career_store.hpp"

namespace chaiqin::postgres::matching {

namespace {

constexpr std::int64_t most_changes_to_follow =
    50000;  ///< above that the whole table is read again
constexpr const char* columns = "token, authority, seq, org, post_kind, start_day, end_day";

class PostgresTable19Source final : public domain::Table19Source {
public:
    explicit PostgresTable19Source(SessionSettings settings) : session_(std::move(settings)) {}

    domain::Table19Ptr newest(const domain::Table19Ptr& current) override {
        auto work = session_.begin(Isolation::repeatable_read_read_only);
        // Old lines of the log are forgotten; the loads remember where it ended.
        const auto log = query(
            *work,
            "SELECT greatest((SELECT COALESCE(max(change_no), 0) FROM matching.table19_change),"
            " (SELECT COALESCE(max(last_change_no), 0) FROM matching.career_load)),"
            " (SELECT COALESCE(min(change_no), 0) FROM matching.table19_change)");
        const auto head = log.int8(0, 0), first = log.int8(0, 1), known = current->change_no();
        if (head == known) return current;
        const bool gap = known == 0 || known + 1 < first || first == 0;
        auto table = gap || head - known > most_changes_to_follow ? whole(*work, *current, head)
                                                                  : followed(*work, *current, head);
        session_.commit(*work);
        return table;
    }

private:
    static void add(const Rows& rows, domain::CareerRows& careers) {
        for (int row = 0; row < rows.size(); ++row) {
            const auto token = static_cast<std::uint64_t>(rows.int8(row, 0));
            const auto authority = rows.text(row, 1);
            const auto seq = rows.int2_array(row, 2), kind = rows.int2_array(row, 4);
            const auto org = rows.text_array(row, 3);
            const auto start = rows.int4_array(row, 5), end = rows.int4_array(row, 6);
            if (org.size() != seq.size() || kind.size() != seq.size() ||
                start.size() != seq.size() || end.size() != seq.size())
                throw domain::PermanentFailure("the columns of a career differ in length");
            for (std::size_t at = 0; at < seq.size(); ++at) {
                const auto post_kind = domain::post_kind_of(kind[at]);
                if (!post_kind)
                    throw domain::PermanentFailure("a stored career has no such kind of post");
                careers.add(token, authority, seq[at], org[at], *post_kind, start[at], end[at]);
            }
        }
    }

    /// In the order of the token as unsigned number, so that memory need not sort.
    static domain::Table19Ptr whole(domain::UnitOfWork& work, const domain::Table19& current,
                                    std::int64_t head) {
        domain::CareerRows careers(current.shared_codes());
        for (const char* half : {"token >= 0", "token < 0"}) {
            exec(work, std::string("DECLARE careers NO SCROLL CURSOR FOR SELECT ") + columns +
                           " FROM matching.career WHERE " + half + " ORDER BY token, authority");
            for (;;) {
                const auto rows = query(work, "FETCH 10000 FROM careers");
                if (rows.size() == 0) break;
                add(rows, careers);
            }
            exec(work, "CLOSE careers");
        }
        return std::make_shared<const domain::Table19>(std::move(careers), head);
    }

    static domain::Table19Ptr followed(domain::UnitOfWork& work, const domain::Table19& current,
                                       std::int64_t head) {
        Params since;
        since.add(current.change_no());
        domain::CareerRows changed(current.shared_codes());
        const auto tokens = query(
            work, "SELECT DISTINCT token FROM matching.table19_change WHERE change_no > $1", since);
        for (int row = 0; row < tokens.size(); ++row)
            changed.touch(static_cast<std::uint64_t>(tokens.int8(row, 0)));
        const auto rows = query(
            work,
            std::string("SELECT ") + columns +
                " FROM matching.career WHERE token IN (SELECT token FROM matching.table19_change"
                " WHERE change_no > $1) ORDER BY token, authority",
            since);
        add(rows, changed);
        return current.with(std::move(changed), head);
    }

    Session session_;
};

}  // namespace

std::unique_ptr<domain::Table19Source> make_table19_source(SessionSettings settings) {
    return std::make_unique<PostgresTable19Source>(std::move(settings));
}

}  // namespace chaiqin::postgres::matching
