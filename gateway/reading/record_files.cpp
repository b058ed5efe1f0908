#include "gateway/reading/record_files.hpp"

#include "chaiqin/query/v1/query.pb.h"
#include "domain/failure.hpp"
#include "rpc/read_methods.hpp"

namespace chaiqin::gateway {

namespace {

using rpc::Refused;
namespace pb = query::v1;

constexpr std::chrono::milliseconds answer_within{1'900};

void read(const crypto::Sealer& sealer, const pb::GetSealedFileResponse& found, OpenedFile& file) {
    file.packed = sealer.open(found.sealed(), found.agency(), found.submission_id(),
                              crypto::most_packed_file_bytes);
    file.shown = checking::ShownFile::open(crypto::unpack_file(file.packed).content);
    if (!file.shown) file.why_not = "unreadable";
}

}  // namespace

std::unique_ptr<OpenedFile> RecordFiles::open(const std::string& submission_id,
                                              const Request& request) const {
    auto file = std::make_unique<OpenedFile>();
    // Looked for before the database is asked, as reads do.
    const bool all_receipts_are_known = parts_.pending.is_caught_up();
    const auto pending = parts_.pending.find(submission_id);
    pb::GetSealedFileRequest question;
    question.set_submission_id(submission_id);
    try {
        const auto answer =
            parts_.questions.ask({request.bearer, request.acting_agency,
                                  std::chrono::steady_clock::now() + answer_within},
                                 *rpc::read_with<pb::GetSealedFileResponse>().method, question);
        const auto& found = dynamic_cast<const pb::GetSealedFileResponse&>(*answer);
        if (!found.judged())
            file->why_not = "pending";
        else if (!found.has_sealed())
            file->why_not = "expired";
        else
            read(parts_.sealer, found, *file);
    } catch (const Refused& why) {
        const bool waits = pending && pending->agency == request.acting_agency;
        if (why.why != Refused::Why::not_found) throw;
        if (!waits && !all_receipts_are_known)
            throw domain::TransientFailure(receipts_are_read_back);
        if (!waits) throw;
        file->why_not = "pending";
    }
    return file;
}

}  // namespace chaiqin::gateway
