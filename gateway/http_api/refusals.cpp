#include "gateway/http_api/refusals.hpp"

#include "domain/failure.hpp"

namespace chaiqin::gateway {

namespace {

Problem problem_of(UploadFault fault) {
    switch (fault) {
        case UploadFault::compressed:
            return Problem::compressed_files;
        case UploadFault::encoded_part:
            return Problem::encoded_part;
        case UploadFault::other_media_type:
            return Problem::no_media_type_of_files;
        case UploadFault::bad_file_name:
            return Problem::bad_file_name;
        case UploadFault::bad_boundary:
            return Problem::bad_boundary;
        case UploadFault::other_field:
            return Problem::other_form_field;
        case UploadFault::too_many_files:
            return Problem::too_many_files;
        case UploadFault::no_files:
            return Problem::form_without_files;
        case UploadFault::unfinished:
            return Problem::form_unfinished;
    }
    domain::broken_invariant("an unknown fault of an upload");
}

Problem problem_of(FormFault fault) {
    switch (fault) {
        case FormFault::begins_without_boundary:
            return Problem::form_begins_without_boundary;
        case FormFault::text_after_boundary:
            return Problem::text_after_boundary;
        case FormFault::long_part_header:
            return Problem::long_part_header;
        case FormFault::part_without_disposition:
            return Problem::part_without_disposition;
    }
    domain::broken_invariant("an unknown fault of a form");
}

}  // namespace

Problem problem_of(FileRefusal refusal) {
    switch (refusal) {
        case FileRefusal::encoded_part:
            return Problem::encoded_part;
        case FileRefusal::not_json:
            return Problem::not_a_json_file;
        case FileRefusal::too_large:
            return Problem::file_too_large;
        case FileRefusal::empty:
            return Problem::empty_file;
        case FileRefusal::not_utf8:
            return Problem::file_not_utf8;
        case FileRefusal::key_conflict:
            return Problem::idempotency_conflict;
    }
    domain::broken_invariant("an unknown refusal of a file");
}

Problem problem_of(const UploadRefusal& refusal) {
    return std::visit([](auto fault) { return problem_of(fault); }, refusal);
}

}  // namespace chaiqin::gateway
