#include "postgres/binary.hpp"
#include "postgres/matching/career_store.hpp"

namespace chaiqin::postgres::matching {

namespace {

class PostgresCareerStaging final : public domain::CareerStaging {
public:
    void stage(domain::UnitOfWork& work, const domain::CareerChunk& chunk) override {
        Params load;
        load.add_uuid(chunk.load_id)
            .add(domain::load_mode_name(chunk.mode))
            .add(chunk.authority)
            .add(chunk.force)
            .add(chunk.received_at);
        query(
            work,
            "INSERT INTO matching.career_load (load_id, mode, authority, force, state, received_at)"
            " SELECT $1, $2, $3, $4, 'RECEIVED', $5"
            " WHERE NOT EXISTS (SELECT 1 FROM matching.career_load WHERE load_id = $1)",
            load);
        Params piece;
        piece.add_uuid(chunk.load_id)
            .add(static_cast<std::int32_t>(chunk.index))
            .add_bytes(chunk.sealed);
        query(work,
              "INSERT INTO matching.career_chunk (load_id, index, sealed) SELECT l.load_id, $2, $3"
              " FROM matching.career_load l WHERE l.load_id = $1 AND l.state = 'RECEIVED'"
              " ON CONFLICT (load_id, index) DO NOTHING",
              piece);
        if (chunk.last) note_end(work, chunk);
        complete(work, chunk.load_id);
    }

    std::vector<std::int64_t> take_unannounced(domain::UnitOfWork& work) override {
        const auto rows = query(work,
                                "UPDATE matching.career_load SET announced = true"
                                " WHERE batch_id IS NOT NULL AND NOT announced RETURNING batch_id");
        std::vector<std::int64_t> ids;
        for (int row = 0; row < rows.size(); ++row) ids.push_back(rows.int8(row, 0));
        return ids;
    }

private:
    static void note_end(domain::UnitOfWork& work, const domain::CareerChunk& chunk) {
        Params end;
        end.add_uuid(chunk.load_id).add(static_cast<std::int32_t>(chunk.index + 1));
        end.add(static_cast<std::int64_t>(chunk.total_bytes)).add(chunk.sha256);
        query(work,
              "UPDATE matching.career_load SET chunk_count = $2, total_bytes = $3, sha256 = $4"
              " WHERE load_id = $1 AND state = 'RECEIVED'",
              end);
    }

    static void complete(domain::UnitOfWork& work, const std::string& load_id) {
        Params which;
        which.add_uuid(load_id);
        query(
            work,
            "UPDATE matching.career_load l SET chunks = c.chunks,"
            " completed_no = CASE WHEN c.chunks = l.chunk_count"
            "                THEN COALESCE(l.completed_no, "
            "nextval('matching.career_load_completed')) END"
            " FROM (SELECT count(*)::int AS chunks FROM matching.career_chunk WHERE load_id = $1) c"
            " WHERE l.load_id = $1 AND l.state = 'RECEIVED'",
            which);
    }
};

}  // namespace

std::unique_ptr<domain::CareerStaging> make_career_staging() {
    return std::make_unique<PostgresCareerStaging>();
}

}  // namespace chaiqin::postgres::matching
