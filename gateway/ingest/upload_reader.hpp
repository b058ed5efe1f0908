#pragma once
// From a request's body to its files (docs/http-api.md, "Content types"): one JSON body or a form
// with 1–10 files. Memory is bounded by the budget; an over-size file is skipped to its end and
// refused alone. Nothing of an upload is taken before its last byte has come, so a broken form or
// an eleventh file leaves nothing behind.
#include <boost/asio/awaitable.hpp>
#include <variant>
#include <vector>

#include "gateway/http/body.hpp"
#include "gateway/http/request.hpp"
#include "gateway/ingest/uploaded_file.hpp"

namespace chaiqin::gateway {

enum class UploadUse {
    submission,  ///< F01 and F02 are refusals, their bytes are not kept
    check,       ///< F01 and F02 are findings: one byte over the limit is kept
};

/// The files in order, or the problem (400, 413 F03, 415) of the whole request. The body may throw
/// BodyCut.
boost::asio::awaitable<std::variant<std::vector<UploadedFile>, Response>> read_upload(
    const Request& request, Body& body, MemoryBudget& budget, UploadUse use);

}  // namespace chaiqin::gateway
