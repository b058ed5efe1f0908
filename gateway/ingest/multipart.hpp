#pragma once
// multipart/form-data (RFC 7578) as a stream: bytes in any pieces, calls for each part. Memory is
// bounded: a part's header block (8 KiB) and a tail that may begin a boundary; contents are passed
// on as they come. One body, one thread.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chaiqin::gateway {

/// What a part says about itself.
struct PartHead {
    std::string name;
    /// filename* before filename, as sent, directories not yet cut.
    std::optional<std::string> file_name;
    /// Its bytes stand for other bytes: a Content-Transfer-Encoding other than 7bit, 8bit and
    /// binary, or a Content-Encoding.
    bool is_encoded = false;
};

/// Who takes the parts. Each call returns whether to go on; false ends the parsing (state
/// `stopped`).
class PartSink {
public:
    virtual ~PartSink() = default;
    virtual bool begin_part(PartHead head) = 0;
    virtual bool part_bytes(std::string_view bytes) = 0;
    virtual bool end_part() = 0;
};

/// What is wrong with a form.
enum class FormFault {
    begins_without_boundary,
    text_after_boundary,
    long_part_header,
    part_without_disposition,
};

enum class MultipartState { reading, closed, stopped, broken };

class MultipartParser {
public:
    MultipartParser(std::string_view boundary, PartSink& sink);
    /// After `closed` the rest is the epilogue and ignored.
    MultipartState feed(std::string_view bytes);
    MultipartState state() const { return state_; }
    /// Set when the state is `broken`.
    std::optional<FormFault> fault() const { return fault_; }

private:
    enum class Where { preamble, after_boundary, headers, content };
    bool step();
    bool step_until_boundary();
    bool step_after_boundary();
    bool step_headers();
    bool broken(FormFault fault);
    bool tell(bool go_on);

    std::string delimiter_;  ///< CRLF--boundary
    PartSink& sink_;
    std::string held_;  ///< not yet taken
    Where where_ = Where::preamble;
    std::uint32_t preamble_bytes_ = 0;
    std::size_t not_content_bytes_ = 0;
    MultipartState state_ = MultipartState::reading;
    std::optional<FormFault> fault_;
};

/// The boundary of a Content-Type of multipart/form-data. Empty if there is none or two, or if it
/// has over 70 characters or some that are not allowed.
std::optional<std::string> boundary_of(std::string_view content_type);

/// What the header block of a part says, lines ended by CRLF. Empty if it has no
/// Content-Disposition or two, or one that parse_disposition does not take.
std::optional<PartHead> parse_part_head(std::string_view block);

/// Content-Disposition of a part. Empty if it is not form-data, has no name, has a parameter twice,
/// or is not well-formed.
std::optional<PartHead> parse_disposition(std::string_view value);

}  // namespace chaiqin::gateway
