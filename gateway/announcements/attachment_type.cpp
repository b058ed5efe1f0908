#include "gateway/announcements/attachment_type.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "gateway/http/header_value.hpp"
#include "gateway/http/json_body.hpp"

namespace chaiqin::gateway {

namespace {

using std::string_view;
using namespace std::string_view_literals;

constexpr string_view entry_sign = "PK\3\4"sv, directory_sign = "PK\1\2"sv, end_sign = "PK\5\6"sv;
constexpr std::size_t end_bytes = 22, directory_bytes = 46, longest_comment = 65'535;

/// A little-endian number of a ZIP archive.
std::size_t number(string_view bytes, std::size_t at, std::size_t size) {
    std::size_t value = 0;
    for (std::size_t i = size; i > 0; --i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
    return value;
}

/// Where the end record of an archive stands, which may be followed by a comment alone.
std::optional<std::size_t> end_of_archive(string_view bytes) {
    if (bytes.size() < end_bytes) return std::nullopt;
    const auto first = bytes.size() - std::min(bytes.size(), end_bytes + longest_comment);
    for (auto at = bytes.rfind(end_sign); at != string_view::npos && at >= first;
         at = at == 0 ? string_view::npos : bytes.rfind(end_sign, at - 1))
        if (at + end_bytes <= bytes.size() &&
            at + end_bytes + number(bytes, at + 20, 2) == bytes.size())
            return at;
    return std::nullopt;
}

/// Calls `each` with the name of every entry; false if the bytes are no whole ZIP archive.
template <class Each>
bool read_archive(string_view bytes, const Each& each) {
    const auto end = end_of_archive(bytes);
    if (!end) return false;
    auto entries = number(bytes, *end + 10, 2);
    auto at = number(bytes, *end + 16, 4);
    if (entries > 0 && !bytes.starts_with(entry_sign)) return false;
    for (; entries > 0; --entries) {
        if (at + directory_bytes > *end || bytes.substr(at, 4) != directory_sign) return false;
        const auto name = number(bytes, at + 28, 2);
        if (at + directory_bytes + name > *end) return false;
        each(bytes.substr(at + directory_bytes, name));
        at += directory_bytes + name + number(bytes, at + 30, 2) + number(bytes, at + 32, 2);
    }
    return true;
}

bool is_archive(string_view bytes) {
    return read_archive(bytes, [](string_view) {});
}

/// An OpenDocument file says what it is in its first entry, which is stored as it is.
bool is_open_document(string_view bytes, string_view type) {
    constexpr std::size_t name_at = 30;
    constexpr string_view name = "mimetype";
    if (!is_archive(bytes) || bytes.size() < name_at + name.size() ||
        bytes.substr(name_at, name.size()) != name)
        return false;
    const auto content_at = name_at + name.size() + number(bytes, 28, 2);
    return content_at < bytes.size() && bytes.substr(content_at, type.size()) == type;
}

/// An Office Open XML file has the list of its parts, and its main part in a folder of that name.
bool is_office_file(string_view bytes, string_view folder) {
    bool has_list = false, has_folder = false;
    const bool is_whole = read_archive(bytes, [&](string_view name) {
        has_list = has_list || name == "[Content_Types].xml";
        has_folder = has_folder || name.starts_with(folder);
    });
    return is_whole && has_list && has_folder;
}

bool is_text(string_view bytes) {
    const bool has_controls = std::any_of(bytes.begin(), bytes.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' &&
                c != '\f') ||
               c == 0x7F;
    });
    return !has_controls && simdjson::validate_utf8(bytes.data(), bytes.size());
}

struct Kind {
    string_view ending, media_type;
    bool (*is)(string_view content);
};

constexpr string_view odt = "application/vnd.oasis.opendocument.text",
                      ods = "application/vnd.oasis.opendocument.spreadsheet",
                      odp = "application/vnd.oasis.opendocument.presentation";

constexpr std::array kinds = std::to_array<Kind>({
    {".pdf", "application/pdf", [](string_view c) { return c.starts_with("%PDF-"); }},
    {".odt", odt, [](string_view c) { return is_open_document(c, odt); }},
    {".ods", ods, [](string_view c) { return is_open_document(c, ods); }},
    {".odp", odp, [](string_view c) { return is_open_document(c, odp); }},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     [](string_view c) { return is_office_file(c, "word/"); }},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     [](string_view c) { return is_office_file(c, "xl/"); }},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
     [](string_view c) { return is_office_file(c, "ppt/"); }},
    {".json", "application/json", [](string_view c) { return is_json(c); }},
    {".csv", "text/csv", is_text},
    {".txt", "text/plain", is_text},
    {".zip", "application/zip", is_archive},
    {".png", "image/png", [](string_view c) { return c.starts_with("\x89PNG\r\n\x1a\n"sv); }},
    {".jpg", "image/jpeg", [](string_view c) { return c.starts_with("\xff\xd8\xff"sv); }},
});

}  // namespace

std::optional<string_view> attachment_type(string_view file_name, string_view content) {
    const auto dot = file_name.rfind('.');
    if (dot == string_view::npos || dot == 0) return std::nullopt;
    const auto ending = lower_case(file_name.substr(dot));
    const auto* kind = std::ranges::find(kinds, ending, &Kind::ending);
    if (kind == kinds.end() || content.empty() || !kind->is(content)) return std::nullopt;
    return kind->media_type;
}

}  // namespace chaiqin::gateway
