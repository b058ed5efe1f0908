#include "gateway/ingest/multipart.hpp"

#include <algorithm>

#include "gateway/http/header_value.hpp"

namespace chaiqin::gateway {

namespace {

constexpr std::size_t most_header_bytes = 8 * 1024;
constexpr std::size_t most_padding_bytes = 256;
constexpr std::uint32_t most_preamble_bytes = 64 * 1024;
constexpr std::size_t longest_boundary = 70;

/// How many bytes at the end of `text` may be the begin of `delimiter`.
std::size_t begun_at_end(std::string_view text, std::string_view delimiter) {
    const auto most = std::min(text.size(), delimiter.size() - 1);
    for (auto size = most; size > 0; --size)
        if (text.substr(text.size() - size) == delimiter.substr(0, size)) return size;
    return 0;
}

/// Whether the value of a Content-Transfer-Encoding leaves the bytes as they are.
bool keeps_bytes(std::string_view value) {
    const auto encoding = lower_case(value);
    return encoding == "7bit" || encoding == "8bit" || encoding == "binary";
}

}  // namespace

std::optional<std::string> boundary_of(std::string_view content_type) {
    const auto parsed = parse_header_value(content_type);
    if (!parsed || parsed->value != "multipart/form-data") return std::nullopt;
    auto boundary = parsed->parameter("boundary");
    if (!boundary || boundary->empty() || boundary->size() > longest_boundary ||
        boundary->back() == ' ')
        return std::nullopt;
    if (std::any_of(boundary->begin(), boundary->end(), [](char c) { return c < ' ' || c > '~'; }))
        return std::nullopt;
    return boundary;
}

std::optional<PartHead> parse_disposition(std::string_view value) {
    const auto parsed = parse_header_value(value);
    if (!parsed || parsed->value != "form-data") return std::nullopt;
    auto name = parsed->parameter("name");
    if (!name) return std::nullopt;
    PartHead head{std::move(*name), parsed->parameter("filename"), false};
    if (const auto extended = parsed->parameter("filename*"))
        if (auto decoded = decode_extended_value(*extended)) head.file_name = std::move(decoded);
    return head;
}

std::optional<PartHead> parse_part_head(std::string_view block) {
    std::string_view disposition;
    bool is_encoded = false;
    while (!block.empty()) {
        const auto line = block.substr(0, block.find("\r\n"));
        block.remove_prefix(std::min(block.size(), line.size() + 2));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = lower_case(line.substr(0, colon));
        const auto value = trimmed(line.substr(colon + 1));
        if (name == "content-encoding" ||
            (name == "content-transfer-encoding" && !keeps_bytes(value)))
            is_encoded = true;
        if (name != "content-disposition") continue;
        if (!disposition.empty()) return std::nullopt;
        disposition = value;
    }
    auto head = parse_disposition(disposition);
    if (head) head->is_encoded = is_encoded;
    return head;
}

MultipartParser::MultipartParser(std::string_view boundary, PartSink& sink)
    : delimiter_("\r\n--" + std::string(boundary)),
      sink_(sink),
      held_("\r\n") {}  // the first boundary may stand at the begin

bool MultipartParser::broken(FormFault fault) {
    state_ = MultipartState::broken;
    fault_ = fault;
    return false;
}

bool MultipartParser::tell(bool go_on) {
    if (!go_on) state_ = MultipartState::stopped;
    return go_on;
}

MultipartState MultipartParser::feed(std::string_view bytes) {
    if (state_ != MultipartState::reading) return state_;
    held_.append(bytes);
    while (step()) {
    }
    return state_;
}

/// One step over what is held; false: more bytes are needed, or it has ended.
bool MultipartParser::step() {
    switch (where_) {
        case Where::preamble:
        case Where::content:
            return step_until_boundary();
        case Where::after_boundary:
            return step_after_boundary();
        case Where::headers:
            return step_headers();
    }
    return false;
}

bool MultipartParser::step_until_boundary() {
    const std::string_view held(held_);
    const auto at = held.find(delimiter_);
    const bool found = at != std::string_view::npos;
    const auto ready = held.substr(0, found ? at : held.size() - begun_at_end(held, delimiter_));
    if (where_ == Where::preamble) {
        preamble_bytes_ += static_cast<std::uint32_t>(ready.size());
        if (preamble_bytes_ > most_preamble_bytes)
            return broken(FormFault::begins_without_boundary);
    } else {
        const auto skipped = std::min(not_content_bytes_, ready.size());
        not_content_bytes_ -= skipped;
        if (skipped < ready.size() && !tell(sink_.part_bytes(ready.substr(skipped)))) return false;
    }
    held_.erase(0, ready.size() + (found ? delimiter_.size() : 0));
    if (!found) return false;
    if (where_ == Where::content && !tell(sink_.end_part())) return false;
    where_ = Where::after_boundary;
    return true;
}

bool MultipartParser::step_after_boundary() {
    if (held_.size() < 2) return false;
    if (held_.starts_with("--")) {
        state_ = MultipartState::closed;
        held_.clear();
        return false;
    }
    const auto line_end = held_.find("\r\n");
    const std::string_view padding(held_.data(), std::min(line_end, held_.size()));
    const auto odd = padding.find_first_not_of(" \t\r");
    if (odd != std::string_view::npos || padding.size() > most_padding_bytes)
        return broken(FormFault::text_after_boundary);
    if (line_end == std::string::npos) return false;
    held_.erase(
        0,
        line_end);  // its CRLF begins the header block, so that an empty block ends like any other
    where_ = Where::headers;
    return true;
}

bool MultipartParser::step_headers() {
    const auto end = held_.find("\r\n\r\n");
    if (end == std::string::npos ? held_.size() > most_header_bytes : end > most_header_bytes)
        return broken(FormFault::long_part_header);
    if (end == std::string::npos) return false;
    auto head = parse_part_head(std::string_view(held_).substr(0, end));
    if (!head) return broken(FormFault::part_without_disposition);
    if (!tell(sink_.begin_part(std::move(*head)))) return false;
    held_.erase(0,
                end + 2);  // the blank line's CRLF may begin the boundary of a part without content
    not_content_bytes_ = 2;  // else it is none of the content's
    where_ = Where::content;
    return true;
}

}  // namespace chaiqin::gateway
