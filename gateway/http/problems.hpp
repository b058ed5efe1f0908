#pragma once
// The one catalogue of problems: every refusal that a client sees (RFC 9457), in zh-TW with English
// beside it. Each text says what happened, where, and what to do next. Endpoints and the server
// name a row; nobody writes such a text anywhere else, except for what is wrong with a question:
// that comes with rpc::Refused from where it is decided. Immutable, thread-safe.
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/response.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::gateway {

/// One row of the catalogue each, in the same order. Several problems may share a code: the code
/// is what a program reads, the texts are for a person.
enum class Problem {
    // The request as HTTP.
    header_too_large,
    not_http,
    bad_target,
    repeated_header,
    unknown_transfer_coding,
    body_too_slow,
    body_too_large,
    bad_chunks,
    unknown_path,
    other_method,
    unavailable,
    connections_full,
    // Who calls.
    invalid_token,
    token_cannot_be_verified,
    other_acting_agency,
    csrf,
    session_over,
    acting_agencies_differ,
    bad_logout_token,
    no_agency_in_token,
    right_missing,
    // Sending and checking files.
    rate_limited,
    address_too_often,
    bad_idempotency_key,
    compressed_files,
    no_media_type_of_files,
    bad_file_name,
    bad_boundary,
    other_form_field,
    form_without_files,
    form_unfinished,
    form_begins_without_boundary,
    text_after_boundary,
    long_part_header,
    part_without_disposition,
    encoded_part,
    not_a_json_file,
    file_too_large,
    too_many_files,
    empty_file,
    file_not_utf8,
    idempotency_conflict,
    not_all_files_accepted,
    checks_busy,
    // Master data.
    no_csv,
    bad_table19_parameters,
    unknown_authority,
    force_not_allowed,
    too_many_uploads,
    empty_csv,
    load_not_entered,
    bad_confirm,
    bad_csv,
    registry_load_unknown,
    confirmation_needed,
    // Receipts, announcements, webhooks.
    no_receipt_jws,
    no_json,
    bad_member,
    no_form,
    attachment_type,
    attachment_too_large,
    not_one_attachment,
    attachments_full,
    webhooks_full,
    // Reading.
    too_many_rows,
    exports_busy,
    nothing_found,
    bad_parameter,
};

/// A row of the catalogue. `{}` in a detail stands for a word that only the request knows.
struct ProblemText {
    Problem problem;
    int status;
    std::string_view code;
    std::string_view title, title_en;
    std::string_view detail, detail_en;
};
std::span<const ProblemText> problem_catalogue();
const ProblemText& text_of(Problem problem);

/// Takes the place of a `{}` in the detail of each language.
struct ProblemWord {
    ProblemWord(std::string same) : zh(same), en(std::move(same)) {}
    ProblemWord(const char* same) : ProblemWord(std::string(same)) {}
    ProblemWord(std::string in_zh, std::string in_en)
        : zh(std::move(in_zh)), en(std::move(in_en)) {}
    std::string zh, en;
};
using ProblemWords = std::vector<ProblemWord>;

/// The answer that tells of a problem, with the headers that belong to its status. `more` adds
/// members at the end of the object.
Response answer_with(Problem problem, const ProblemWords& words = {},
                     const std::function<void(wire::JsonWriter&)>& more = {});
/// The problem as an object inside another answer.
void write_problem(wire::JsonWriter& json, Problem problem);

}  // namespace chaiqin::gateway
