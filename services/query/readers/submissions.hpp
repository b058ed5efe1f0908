#pragma once
// What several readers need of a submission. For the .cpp files of this folder.
#include "domain/receipt.hpp"
#include "query/readers/readers.hpp"

namespace chaiqin::query::readers {

/// A row of the view query.submission.
void write_submission(const postgres::Row& row, pb::Submission& to);

struct SubmissionOwner {
    std::string submission_id, agency, file_name;
};
/// Whose submission it is, if it may be seen; refused as unknown otherwise.
SubmissionOwner visible_submission(const Asking& asking, const std::string& submission_id);

[[noreturn]] void refuse_submission();

}  // namespace chaiqin::query::readers
