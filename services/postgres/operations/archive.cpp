#include "postgres/operations/archive.hpp"

#include <vector>

#include "postgres/binary.hpp"
#include "postgres/operations/archive.sql.hpp"

namespace chaiqin::postgres::operations {

namespace {

constexpr std::int32_t files_at_once = 20;
constexpr const char* before_all_ids = "00000000-0000-0000-0000-000000000000";

std::vector<ArchivedFile> next_files(Session& session, const ArchivedFile& behind) {
    auto work = session.begin(Isolation::repeatable_read_read_only);
    Params params;
    params.add(behind.received_at).add_uuid(behind.submission_id).add(files_at_once);
    std::vector<ArchivedFile> files;
    for (const auto row : query(*work, sql::files_to_replay, params))
        files.push_back({.submission_id = row.uuid("submission_id"),
                         .agency = row.string("agency"),
                         .route = row.string("route"),
                         .sha256 = row.string("sha256"),
                         .key_hash = row.string("key_hash"),
                         .sealed = row.string("sealed"),
                         .attempt = row.int4("attempt"),
                         .received_at = row.instant("received_at"),
                         .size_bytes = row.int8("size_bytes")});
    session.commit(*work);
    return files;
}

}  // namespace

void each_file_to_replay(Session& session, domain::Instant since,
                         const std::function<void(const ArchivedFile&)>& each) {
    ArchivedFile last{.submission_id = before_all_ids, .received_at = since};
    for (;;) {
        auto files = next_files(session, last);
        for (const auto& file : files) each(file);
        if (files.size() < static_cast<std::size_t>(files_at_once)) return;
        last = std::move(files.back());
    }
}

}  // namespace chaiqin::postgres::operations
