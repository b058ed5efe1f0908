#include <set>

#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "postgres/cursor.hpp"
#include "postgres/matching/career_loads.sql.hpp"
#include "postgres/matching/career_posts.hpp"
#include "postgres/matching/career_store.hpp"
#include "postgres/matching/careers.sql.hpp"
#include "postgres/matching/file_rows.hpp"

namespace chaiqin::postgres::matching {

namespace {

/// One load at a time, over all processes.
constexpr std::int64_t lock_key = 0x6361726565720019;
constexpr int most_tries = 5;
/// Of the batch of a load.
constexpr std::int32_t no_partition = -1;
constexpr int staged_at_a_time = 20000, persons_at_a_time = 10000;

/// One load's transaction.
class PostgresCareerLoadWork final : public domain::CareerLoadWork {
public:
    PostgresCareerLoadWork(Session& session, std::unique_ptr<domain::UnitOfWork> work,
                           domain::WaitingLoad load)
        : session_(session), work_(std::move(work)), load_(std::move(load)) {
        for (const auto& command :
             {sql::give_memory, sql::make_staging_table, sql::make_change_table})
            query(*work_, command);
    }

    const domain::WaitingLoad& load() const override { return load_; }

    std::string sealed_chunk(int index) override {
        Params params;
        params.add_uuid(load_.load_id).add(static_cast<std::int32_t>(index));
        const auto rows = query(*work_, sql::sealed_chunk, params);
        if (rows.empty()) throw domain::PermanentFailure("a chunk of the load is missing");
        return rows.only().string("sealed");
    }

    void stage(std::span<const domain::StagedRow> rows) override {
        if (rows.empty()) return;
        CopyWriter copy(
            *work_, "load_row",
            {"token", "line", "state", "seq", "post_kind", "org", "start_day", "end_day"});
        for (const auto& row : rows) {
            copy.row();
            copy.int8(static_cast<std::int64_t>(row.token));
            copy.int8(row.line);
            copy.int2(static_cast<std::int16_t>(row.state));
            copy.int2(row.seq);
            copy.int2(row.post_kind);
            copy.text(row.org);
            copy.int4(row.start);
            copy.int4(row.end);
        }
        copy.finish();
    }

    std::vector<domain::StagedRow> next_staged() override {
        if (!staged_) staged_.emplace(*work_, sql::staged_rows);
        std::vector<domain::StagedRow> rows;
        for (const auto row : staged_->next(staged_at_a_time)) {
            auto& staged = rows.emplace_back();
            staged.token = static_cast<std::uint64_t>(row.int8("token"));
            staged.line = row.int8("line");
            staged.state = static_cast<domain::StagedRow::State>(row.int8("state"));
            staged.seq = static_cast<std::int16_t>(row.int8("seq"));
            staged.post_kind = static_cast<std::int16_t>(row.int8("post_kind"));
            staged.org = row.text("org");
            staged.start = row.int4("start_day");
            staged.end = row.int4("end_day");
        }
        return rows;
    }

    std::vector<domain::CareerPerson> next_stored() override {
        if (!stored_) {
            Params authority;
            authority.add(load_.authority);
            query(*work_, sql::analyze_staged);
            stored_.emplace(*work_,
                            load_.mode == domain::LoadMode::snapshot
                                ? sql::careers_of_authority
                                : sql::listed_careers_of_authority,
                            authority);
        }
        std::vector<domain::CareerPerson> persons;
        for (const auto row : stored_->next(persons_at_a_time))
            persons.push_back({static_cast<std::uint64_t>(row.int8("token")), posts_of(row)});
        return persons;
    }

    void change(std::span<const Change> persons) override {
        if (persons.empty()) return;
        CopyWriter copy(*work_, "load_change",
                        {"token", "newest_org", "seq", "org", "post_kind", "start_day", "end_day"});
        for (const auto& [person, newest_org] : persons) {
            std::vector<std::int16_t> seq, kind;
            std::vector<std::string> org;
            std::vector<std::int32_t> start, end;
            for (const auto& post : person.posts) {
                seq.push_back(post.seq);
                kind.push_back(post.post_kind);
                org.push_back(post.org);
                start.push_back(post.start);
                end.push_back(post.end);
            }
            copy.row();
            copy.int8(static_cast<std::int64_t>(person.token));
            copy.text(newest_org);
            copy.int2_array(seq);
            copy.text_array(org);
            copy.int2_array(kind);
            copy.int4_array(start);
            copy.int4_array(end);
        }
        copy.finish();
    }

    void finish(const domain::LoadOutcome& outcome) override {
        std::optional<std::int64_t> first, last, batch_id;
        if (outcome.state == domain::LoadState::loaded) {
            write_careers();
            if (outcome.persons_changed > 0) {
                first = write_log();
                last = *first + outcome.persons_changed - 1;
            }
            if (!outcome.posts.empty()) batch_id = write_posts(outcome);
        }
        write_outcome(outcome, first, last, batch_id);
        session_.commit(*work_);
        work_.reset();
    }

    void give_up() override { work_.reset(); }

private:
    void write_careers() {
        Params authority;
        authority.add(load_.authority);
        query(*work_, sql::write_careers, authority);
        query(*work_, sql::delete_careers, authority);
    }

    /// Returns the first number.
    std::int64_t write_log() {
        const auto last = query(*work_, sql::change_log_ends).only().int8("last");
        Params params;
        params.add(last).add(load_.number);
        query(*work_, sql::append_to_change_log, params);
        return last + 1;
    }

    std::int64_t write_posts(const domain::LoadOutcome& outcome) {
        const auto batch_id = insert_batch(*work_, no_partition, outcome.ended_at, false);
        CopyWriter copy(*work_, "matching.post_delta", {"batch_id", "agency", "month", "delta"});
        for (const auto& post : outcome.posts) {
            copy.row();
            copy.int8(batch_id);
            copy.text(post.agency);
            copy.int4(post.month);
            copy.int8(post.delta);
        }
        copy.finish();
        return batch_id;
    }

    void write_outcome(const domain::LoadOutcome& outcome, std::optional<std::int64_t> first,
                       std::optional<std::int64_t> last, std::optional<std::int64_t> batch_id) {
        if (!outcome.rejected.empty()) {
            CopyWriter copy(*work_, "matching.career_rejected", {"load_id", "line", "reason"});
            std::set<std::int64_t> listed;
            for (const auto& line : outcome.rejected) {
                if (!listed.insert(line.line).second) continue;
                copy.row();
                copy.uuid(load_.load_id);
                copy.int8(line.line);
                copy.text(line.reason);
            }
            copy.finish();
        }
        Params params;
        params.add_uuid(load_.load_id)
            .add(domain::load_state_name(outcome.state))
            .add(outcome.reason)
            .add(outcome.rows)
            .add(outcome.persons);
        params.add(outcome.persons_changed)
            .add(outcome.persons_kept)
            .add(outcome.rejected_count)
            .add(outcome.ended_at);
        params.add(first).add(last).add(batch_id);
        query(*work_, sql::end_load, params);
        Params which;
        which.add_uuid(load_.load_id);
        query(*work_, sql::delete_chunks, which);
        if (outcome.ignored_columns.empty()) return;
        which.add_column(outcome.ignored_columns, [](const auto& name) { return name; });
        query(*work_, sql::note_ignored_columns, which);
    }

    Session& session_;
    std::unique_ptr<domain::UnitOfWork> work_;
    domain::WaitingLoad load_;
    std::optional<Cursor> staged_, stored_;
};

class PostgresCareerLoads final : public domain::CareerLoads {
public:
    explicit PostgresCareerLoads(SessionSettings settings) : session_(std::move(settings)) {}

    std::unique_ptr<domain::CareerLoadWork> next() override {
        auto work = session_.begin();
        auto load = waiting(*work);
        if (!load) return nullptr;
        if (load->load_id != tried_) {
            // Committed before the work begins: a process that dies of a load is found by this.
            const auto tries = count_try(*work, load->load_id);
            session_.commit(*work);
            work.reset();
            tried_ = load->load_id;
            if (tries > most_tries) {
                fail(load->load_id, "多次載入皆未能完成");
                return nullptr;
            }
            work = session_.begin();
            load = waiting(*work);
            if (!load || load->load_id != tried_) return nullptr;
        }
        return std::make_unique<PostgresCareerLoadWork>(session_, std::move(work),
                                                        std::move(*load));
    }

    void fail(const std::string& load_id, const std::string& reason) override {
        auto work = session_.begin();
        Params params;
        params.add_uuid(load_id).add(reason);
        query(*work, sql::fail_load, params);
        session_.commit(*work);
    }

    void tidy(domain::Instant now) override {
        auto work = session_.begin();
        Params log;
        log.add(now).add(domain::topics::file_validated);
        query(*work, sql::forget_old_changes, log);
        Params params;
        params.add(now).add("上傳中斷逾 24 小時，未載入任何資料");
        query(*work, sql::fail_broken_off_loads, params);
        session_.commit(*work);
    }

private:
    /// The load whose turn it is, under the lock until the transaction ends.
    static std::optional<domain::WaitingLoad> waiting(domain::UnitOfWork& work) {
        const auto rows = query(work, sql::waiting_load);
        if (rows.empty()) return std::nullopt;
        Params key;
        key.add(lock_key);
        if (!query(work, sql::take_load_lock, key).only().boolean("is_ours")) return std::nullopt;
        const auto row = rows.only();
        const auto mode = domain::parse_load_mode(row.text("mode"));
        if (!mode) throw domain::PermanentFailure("a load has a mode that nobody knows");
        domain::WaitingLoad load;
        load.load_id = row.uuid("load_id");
        load.authority = row.text("authority");
        load.mode = *mode;
        load.sha256 = row.text("sha256");
        load.number = row.int8("number");
        load.total_bytes = row.int8("total_bytes");
        load.force = row.boolean("force");
        load.chunk_count = row.int4("chunk_count");
        load.last_snapshot_rows = row.optional_int8("last_snapshot_rows");
        // Read before the lock was ours: another process may just have ended it.
        Params which;
        which.add_uuid(load.load_id);
        if (query(work, sql::lock_waiting_load, which).empty()) return std::nullopt;
        return load;
    }

    static int count_try(domain::UnitOfWork& work, const std::string& load_id) {
        Params which;
        which.add_uuid(load_id);
        return query(work, sql::count_try, which).only().int4("tries");
    }

    Session session_;
    std::string tried_;  ///< its try by this process is counted
};

}  // namespace

std::unique_ptr<domain::CareerLoads> make_career_loads(SessionSettings settings) {
    return std::make_unique<PostgresCareerLoads>(std::move(settings));
}

}  // namespace chaiqin::postgres::matching
