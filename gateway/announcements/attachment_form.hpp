#pragma once
// From the body of POST …/attachments to one file in memory (docs/http-api.md, "Announcements"): a
// form with one part, within the memory that attachments may use.
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <variant>

#include "gateway/http/body.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/http/request.hpp"
#include "gateway/ingest/uploaded_file.hpp"

namespace chaiqin::gateway {

inline constexpr std::size_t most_attachment_bytes = 20u << 20;

struct SentAttachment {
    explicit SentAttachment(MemoryBudget& budget) : share(budget) {}
    /// Cleaned; "" if the part has none.
    std::string file_name;
    std::string bytes;
    MemoryBudget::Share share;
};

/// The file, or why the form is not taken. Runs on the io thread. The body may throw BodyCut or
/// ClientGone.
boost::asio::awaitable<std::variant<std::shared_ptr<SentAttachment>, Problem>> read_attachment_form(
    const Request& request, Body& body, MemoryBudget& budget);

}  // namespace chaiqin::gateway
