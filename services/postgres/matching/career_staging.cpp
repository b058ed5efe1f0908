#include "postgres/binary.hpp"
#include "postgres/matching/career_loads.sql.hpp"
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
        query(work, sql::begin_staging, load);
        Params piece;
        piece.add_uuid(chunk.load_id)
            .add(static_cast<std::int32_t>(chunk.index))
            .add_bytes(chunk.sealed);
        query(work, sql::keep_chunk, piece);
        if (chunk.last) note_end(work, chunk);
        complete(work, chunk.load_id);
    }

    std::vector<std::int64_t> take_unannounced(domain::UnitOfWork& work) override {
        std::vector<std::int64_t> ids;
        for (const auto row : query(work, sql::take_unannounced))
            ids.push_back(row.int8("batch_id"));
        return ids;
    }

private:
    static void note_end(domain::UnitOfWork& work, const domain::CareerChunk& chunk) {
        Params end;
        end.add_uuid(chunk.load_id).add(static_cast<std::int32_t>(chunk.index + 1));
        end.add(static_cast<std::int64_t>(chunk.total_bytes)).add(chunk.sha256);
        query(work, sql::note_last_chunk, end);
    }

    static void complete(domain::UnitOfWork& work, const std::string& load_id) {
        Params which;
        which.add_uuid(load_id);
        query(work, sql::complete_if_all_are_there, which);
    }
};

}  // namespace

std::unique_ptr<domain::CareerStaging> make_career_staging() {
    return std::make_unique<PostgresCareerStaging>();
}

}  // namespace chaiqin::postgres::matching
