#include <set>

#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "postgres/binary.hpp"
#include "postgres/matching/career_store.hpp"

namespace chaiqin::postgres::matching {

namespace {

constexpr std::int64_t lock_key = 0x6361726565720019;  ///< one load at a time, over all processes
constexpr int most_tries = 5;
constexpr std::int32_t no_partition = -1;  ///< of the batch of a load

/// One load's transaction.
class PostgresCareerLoadWork final : public domain::CareerLoadWork {
public:
    PostgresCareerLoadWork(Session& session, std::unique_ptr<domain::UnitOfWork> work,
                           domain::WaitingLoad load)
        : session_(session), work_(std::move(work)), load_(std::move(load)) {
        exec(*work_, "SET LOCAL work_mem = '64MB'");
        exec(*work_,
             "CREATE TEMP TABLE load_line (token bigint NOT NULL, line bigint NOT NULL, state "
             "smallint NOT "
             "NULL,"
             " seq smallint NOT NULL, post_kind smallint NOT NULL, org text NOT NULL, start_day "
             "int NOT NULL,"
             " end_day int NOT NULL) ON COMMIT DROP");
        exec(*work_,
             "CREATE TEMP TABLE load_change (token bigint NOT NULL, newest_org text COLLATE \"C\" "
             "NOT NULL,"
             " seq smallint[] NOT NULL, org text[] NOT NULL, post_kind smallint[] NOT NULL, "
             "start_day int[] "
             "NOT NULL,"
             " end_day int[] NOT NULL) ON COMMIT DROP");
    }

    const domain::WaitingLoad& load() const override { return load_; }

    std::string sealed_chunk(int index) override {
        Params params;
        params.add_uuid(load_.load_id).add(static_cast<std::int32_t>(index));
        const auto rows = query(
            *work_, "SELECT sealed FROM matching.career_chunk WHERE load_id = $1 AND index = $2",
            params);
        if (rows.size() != 1) throw domain::PermanentFailure("a chunk of the load is missing");
        return rows.string(0, 0);
    }

    void stage(std::span<const domain::StagedLine> lines) override {
        if (lines.empty()) return;
        CopyWriter copy(
            *work_, "load_line",
            {"token", "line", "state", "seq", "post_kind", "org", "start_day", "end_day"});
        for (const auto& line : lines) {
            copy.row();
            copy.int8(static_cast<std::int64_t>(line.token));
            copy.int8(line.line);
            copy.int2(static_cast<std::int16_t>(line.state));
            copy.int2(line.seq);
            copy.int2(line.post_kind);
            copy.text(line.org);
            copy.int4(line.start);
            copy.int4(line.end);
        }
        copy.finish();
    }

    std::vector<domain::StagedLine> next_staged() override {
        if (!staged_open_)
            exec(*work_,
                 "DECLARE staged NO SCROLL CURSOR FOR SELECT token, line, state, seq, post_kind, "
                 "org, "
                 "start_day, end_day"
                 " FROM load_line ORDER BY token, line");
        staged_open_ = true;
        const auto rows = query(*work_, "FETCH 20000 FROM staged");
        std::vector<domain::StagedLine> lines(static_cast<std::size_t>(rows.size()));
        for (int row = 0; row < rows.size(); ++row) {
            auto& line = lines[static_cast<std::size_t>(row)];
            line.token = static_cast<std::uint64_t>(rows.int8(row, 0));
            line.line = rows.int8(row, 1);
            line.state = static_cast<domain::StagedLine::State>(rows.int8(row, 2));
            line.seq = static_cast<std::int16_t>(rows.int8(row, 3));
            line.post_kind = static_cast<std::int16_t>(rows.int8(row, 4));
            line.org = rows.text(row, 5);
            line.start = rows.int4(row, 6);
            line.end = rows.int4(row, 7);
        }
        return lines;
    }

    std::vector<domain::CareerPerson> next_stored() override {
        if (!stored_open_) {
            // A cursor takes no parameters; the authority stands in a setting of the transaction.
            Params authority;
            authority.add(load_.authority);
            query(*work_, "SELECT set_config('chaiqin.authority', $1, true)", authority);
            // A snapshot is compared with all that the authority holds; else just the persons
            // listed are looked up.
            exec(*work_, "ANALYZE load_line");
            exec(*work_, std::string("DECLARE stored NO SCROLL CURSOR FOR SELECT c.token, c.seq, "
                                     "c.org, c.post_kind, "
                                     "c.start_day, c.end_day"
                                     " FROM matching.career c WHERE c.authority = "
                                     "current_setting('chaiqin.authority')") +
                             (load_.mode == domain::LoadMode::snapshot
                                  ? ""
                                  : " AND c.token IN (SELECT l.token FROM load_line l)") +
                             " ORDER BY c.token");
        }
        stored_open_ = true;
        const auto rows = query(*work_, "FETCH 10000 FROM stored");
        std::vector<domain::CareerPerson> persons(static_cast<std::size_t>(rows.size()));
        for (int row = 0; row < rows.size(); ++row) {
            auto& person = persons[static_cast<std::size_t>(row)];
            person.token = static_cast<std::uint64_t>(rows.int8(row, 0));
            const auto seq = rows.int2_array(row, 1), kind = rows.int2_array(row, 3);
            const auto org = rows.text_array(row, 2);
            const auto start = rows.int4_array(row, 4), end = rows.int4_array(row, 5);
            for (std::size_t at = 0; at < seq.size(); ++at)
                person.posts.push_back(
                    {seq.at(at), kind.at(at), org.at(at), start.at(at), end.at(at)});
        }
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
        query(
            *work_,
            "INSERT INTO matching.career (token, authority, seq, org, post_kind, start_day, "
            "end_day)"
            " SELECT token, $1, seq, org, post_kind, start_day, end_day FROM load_change"
            " WHERE cardinality(seq) > 0 ORDER BY token"
            " ON CONFLICT (token, authority) DO UPDATE SET seq = excluded.seq, org = excluded.org,"
            " post_kind = excluded.post_kind, start_day = excluded.start_day, end_day = "
            "excluded.end_day",
            authority);
        query(*work_,
              "DELETE FROM matching.career c USING load_change l"
              " WHERE cardinality(l.seq) = 0 AND c.token = l.token AND c.authority = $1",
              authority);
    }

    /// Returns the first number.
    std::int64_t write_log() {
        const auto base =
            query(
                *work_,
                "SELECT greatest((SELECT COALESCE(max(change_no), 0) FROM matching.table19_change),"
                " (SELECT COALESCE(max(last_change_no), 0) FROM matching.career_load))")
                .int8(0, 0);
        Params params;
        params.add(base).add(load_.number);
        query(*work_,
              "INSERT INTO matching.table19_change (change_no, token, load_no)"
              " SELECT $1 + row_number() OVER (ORDER BY newest_org, token), token, $2 FROM "
              "load_change",
              params);
        return base + 1;
    }

    std::int64_t write_posts(const domain::LoadOutcome& outcome) {
        Params params;
        params.add(no_partition).add(outcome.ended_at);
        const auto batch_id = query(*work_,
                                    "INSERT INTO matching.batch (partition, made_at, by_rematch)"
                                    " VALUES ($1, $2, false) RETURNING id",
                                    params)
                                  .int8(0, 0);
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
        query(*work_,
              "UPDATE matching.career_load SET state = $2, reason = nullif($3, ''), rows = $4, "
              "persons = $5,"
              " persons_changed = $6, persons_kept = $7, rejected_count = $8,"
              " committed_at = CASE WHEN $2 = 'LOADED' THEN $9 END, first_change_no = $10, "
              "last_change_no = "
              "$11,"
              " batch_id = $12 WHERE load_id = $1",
              params);
        Params which;
        which.add_uuid(load_.load_id);
        query(*work_, "DELETE FROM matching.career_chunk WHERE load_id = $1", which);
    }

    Session& session_;
    std::unique_ptr<domain::UnitOfWork> work_;
    domain::WaitingLoad load_;
    bool staged_open_ = false, stored_open_ = false;
};

class PostgresCareerLoads final : public domain::CareerLoads {
public:
    explicit PostgresCareerLoads(SessionSettings settings) : session_(std::move(settings)) {}

    std::unique_ptr<domain::CareerLoadWork> next(domain::Instant now) override {
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
                fail(load->load_id, "多次載入皆未能完成", now);
                return nullptr;
            }
            work = session_.begin();
            load = waiting(*work);
            if (!load || load->load_id != tried_) return nullptr;
        }
        return std::make_unique<PostgresCareerLoadWork>(session_, std::move(work),
                                                        std::move(*load));
    }

    void fail(const std::string& load_id, const std::string& reason, domain::Instant now) override {
        end_as_failed("load_id = $2::uuid AND $3::timestamptz IS NOT NULL", load_id, reason, now);
    }

    void tidy(domain::Instant now) override {
        forget_old_changes(now);
        end_as_failed(
            "completed_no IS NULL AND received_at < $3::timestamptz - interval '24 hours' AND "
            "$2::text IS "
            "NOT NULL",
            "", "上傳中斷逾 24 小時，未載入任何資料", now);
    }

private:
    /// The load whose turn it is, under the lock until the transaction ends.
    static std::optional<domain::WaitingLoad> waiting(domain::UnitOfWork& work) {
        Params key;
        key.add(lock_key);
        const auto rows = query(
            work,
            "SELECT l.load_id, l.authority, l.mode, l.sha256, l.number, l.total_bytes, l.force, "
            "l.chunk_count,"
            " (SELECT b.rows FROM matching.career_load b WHERE b.authority = l.authority"
            "  AND b.mode = 'snapshot' AND b.state = 'LOADED' ORDER BY b.completed_no DESC LIMIT 1)"
            " FROM matching.career_load l WHERE l.state = 'RECEIVED' AND l.completed_no IS NOT NULL"
            " ORDER BY l.completed_no LIMIT 1");
        if (rows.size() == 0) return std::nullopt;
        if (!query(work, "SELECT pg_try_advisory_xact_lock($1)", key).boolean(0, 0))
            return std::nullopt;
        const auto mode = domain::parse_load_mode(rows.text(0, 2));
        if (!mode) throw domain::PermanentFailure("a load has a mode that nobody knows");
        domain::WaitingLoad load;
        load.load_id = rows.uuid(0, 0);
        load.authority = rows.text(0, 1);
        load.mode = *mode;
        load.sha256 = rows.text(0, 3);
        load.number = rows.int8(0, 4);
        load.total_bytes = rows.int8(0, 5);
        load.force = rows.boolean(0, 6);
        load.chunk_count = rows.int4(0, 7);
        load.last_snapshot_rows = rows.optional_int8(0, 8);
        // Read before the lock was ours: another process may just have ended it.
        Params which;
        which.add_uuid(load.load_id);
        const auto still = query(work,
                                 "SELECT 1 FROM matching.career_load WHERE load_id = $1 AND state "
                                 "= 'RECEIVED' FOR UPDATE",
                                 which);
        if (still.size() == 0) return std::nullopt;
        return load;
    }

    static int count_try(domain::UnitOfWork& work, const std::string& load_id) {
        Params which;
        which.add_uuid(load_id);
        return query(work,
                     "UPDATE matching.career_load SET tries = tries + 1 WHERE load_id = $1 "
                     "RETURNING tries",
                     which)
            .int4(0, 0);
    }

    void forget_old_changes(domain::Instant now) {
        auto work = session_.begin();
        Params params;
        params.add(now).add(domain::topics::file_validated);
        query(*work,
              "DELETE FROM matching.table19_change WHERE change_no <= (SELECT "
              "max(l.last_change_no) FROM "
              "matching.career_load l"
              " WHERE l.committed_at < $1::timestamptz - interval '400 days' AND l.last_change_no "
              "<= ("
              " SELECT min(p.change_no) FROM matching.progress p WHERE p.topic = $2))",
              params);
        session_.commit(*work);
    }

    void end_as_failed(const std::string& which, const std::string& load_id,
                       const std::string& reason, domain::Instant now) {
        auto work = session_.begin();
        Params params;
        params.add(reason).add(load_id).add(now);
        query(*work,
              "WITH ended AS (UPDATE matching.career_load SET state = 'FAILED', reason = $1 WHERE "
              "state = "
              "'RECEIVED' AND " +
                  which +
                  " RETURNING load_id)"
                  " DELETE FROM matching.career_chunk c USING ended e WHERE c.load_id = e.load_id",
              params);
        session_.commit(*work);
    }

    Session session_;
    std::string tried_;  ///< its try by this process is counted
};

}  // namespace

std::unique_ptr<domain::CareerLoads> make_career_loads(SessionSettings settings) {
    return std::make_unique<PostgresCareerLoads>(std::move(settings));
}

}  // namespace chaiqin::postgres::matching
