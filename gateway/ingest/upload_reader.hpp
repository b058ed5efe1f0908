#pragma once
// From a request's body to its files (docs/http-api.md, "Content types"): one JSON body or a form
// with 1–10 files. Memory is bounded by the budget; an over-size file is skipped to its end and
// refused alone. Nothing of an upload is taken before its last byte has come, so a broken form or
// an eleventh file leaves nothing behind.
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/http/body.hpp"
#include "gateway/ingest/multipart.hpp"
#include "gateway/ingest/uploaded_file.hpp"

namespace chaiqin::gateway {

enum class UploadUse {
    /// F01 and F02 are refusals; the bytes of such a file are not kept.
    submission,
    /// F01 and F02 are findings; one byte over the limit is kept.
    check,
};

/// What the header says about the body: values as sent, "" if absent.
struct UploadHead {
    std::string content_type, content_encoding;
    /// X-File-Name, which may be absent and may be empty.
    std::optional<std::string> file_name;
};

/// Why a whole upload is not taken, apart from the faults of a form (FormFault).
enum class UploadFault {
    compressed,
    other_media_type,
    bad_file_name,
    bad_boundary,
    other_field,
    /// Only of a check, which has no answer for a file that it cannot read.
    encoded_part,
    /// F03
    too_many_files,
    no_files,
    unfinished,
};
using UploadRefusal = std::variant<UploadFault, FormFault>;

/// The files in order, or why nothing of the request is taken. Runs on the io thread. The body may
/// throw BodyCut or ClientGone.
boost::asio::awaitable<std::variant<std::vector<UploadedFile>, UploadRefusal>> read_upload(
    UploadHead head, Body& body, MemoryBudget& budget, UploadUse use);

}  // namespace chaiqin::gateway
