#include "gateway/announcements/announcement_json.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "crypto/keyed_hash.hpp"
#include "gateway/http/json_body.hpp"
#include "gateway/http/path_id.hpp"

namespace chaiqin::gateway {

namespace {

using domain::Instant;

constexpr std::size_t longest_title = 200, longest_body = 20'000;

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

/// `but`: those that the text may have.
bool has_control_characters_but(std::string_view text, std::string_view but) {
    return std::any_of(text.begin(), text.end(), [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 || byte == 0x7F) && but.find(c) == std::string_view::npos;
    });
}

bool is_blank(std::string_view text) { return text.find_first_not_of(' ') == text.npos; }

/// Empty if the member is there and no time; a null inside if it is null or absent.
std::optional<std::optional<Instant>> time_in(const JsonBody& body, std::string_view name) {
    if (!body.has(name) || body.is_null(name)) return std::optional<Instant>();
    const auto time = domain::parse_rfc3339(body.text(name).value_or(""));
    if (!time) return std::nullopt;
    return time;
}

std::string sight_text(const domain::AnnouncementSight& sight) {
    return std::string(sight.with_members ? "members" : "public") +
           (sight.at_all_times ? " all" : "");
}

std::string place_text(const domain::AnnouncementPlace& place) {
    return std::to_string(place.published_at.time_since_epoch().count()) + "." +
           std::to_string(place.id);
}

}  // namespace

void write_attachment(wire::JsonWriter& json, const domain::Attachment& attachment) {
    json.begin_object()
        .member("n", attachment.n)
        .member("file_name", attachment.file_name)
        .member("size_bytes", attachment.size_bytes)
        .member("media_type", attachment.media_type)
        .end_object();
}

void write_announcement(wire::JsonWriter& json, const domain::Announcement& announcement,
                        bool whole) {
    const auto& text = announcement.text;
    json.begin_object()
        .member("id", std::to_string(announcement.id))
        .member("title", text.title)
        .member("published_at", domain::rfc3339_taipei(text.published_at));
    json.key("expires_at");
    text.expires_at ? json.value(domain::rfc3339_taipei(*text.expires_at)) : json.null();
    json.member("audience", text.for_members ? "members" : "public");
    json.key("attachments").begin_array();
    for (const auto& attachment : announcement.attachments) write_attachment(json, attachment);
    json.end_array();
    if (whole) json.member("body", text.body);
    json.end_object();
}

std::variant<domain::AnnouncementText, WrongMember> parse_announcement(const std::string& body,
                                                                       Instant now) {
    const auto json = JsonBody::parse(body);
    if (!json)
        return WrongMember{"請求內容須為 UTF-8 之 JSON 物件", "it must be a JSON object in UTF-8"};
    domain::AnnouncementText text;
    text.title = json->text("title").value_or("");
    if (is_blank(text.title) || code_points(text.title) > longest_title ||
        has_control_characters_but(text.title, ""))
        return WrongMember{"title：須為 1 至 200 字，不得換行",
                           "title must have 1 to 200 characters and no line break"};
    const auto content = json->text("body");
    if (!content || code_points(*content) > longest_body ||
        has_control_characters_but(*content, "\t\r\n"))
        return WrongMember{"body：須為文字，至多 20,000 字",
                           "body must be a text of at most 20,000 characters"};
    text.body = *content;
    const auto audience = json->text("audience").value_or("");
    if (audience != "public" && audience != "members")
        return WrongMember{"audience：須為 public 或 members",
                           "audience must be public or members"};
    text.for_members = audience == "members";
    const auto published_at = time_in(*json, "published_at");
    if (!published_at)
        return WrongMember{
            "published_at：須為時間，例如 2026-11-05T09:00:00+08:00，或 null",
            "published_at must be a time such as 2026-11-05T09:00:00+08:00, or null"};
    text.published_at = published_at->value_or(now);
    const auto expires_at = time_in(*json, "expires_at");
    if (!expires_at || (*expires_at && **expires_at <= text.published_at))
        return WrongMember{"expires_at：須為晚於 published_at 之時間，或 null",
                           "expires_at must be a time after published_at, or null"};
    text.expires_at = *expires_at;
    return text;
}

std::string announcement_token(const crypto::Keyring& keys, const domain::AnnouncementSight& sight,
                               const domain::AnnouncementPlace& place) {
    const auto text = place_text(place);
    return text + "." +
           crypto::header_hash(keys, "page of announcements", sight_text(sight) + " " + text);
}

std::optional<domain::AnnouncementPlace> parse_announcement_token(
    const crypto::Keyring& keys, const domain::AnnouncementSight& sight, const std::string& token) {
    const auto first = token.find('.'), second = token.find('.', first + 1);
    if (first == std::string::npos || second == std::string::npos) return std::nullopt;
    std::int64_t at = 0;
    std::from_chars(token.data(), token.data() + first, at);
    const auto id = parse_id(std::string_view(token).substr(first + 1, second - first - 1));
    if (!id) return std::nullopt;
    const domain::AnnouncementPlace place{Instant(std::chrono::microseconds(at)), *id};
    // Made again, so that there is one spelling alone.
    if (announcement_token(keys, sight, place) != token) return std::nullopt;
    return place;
}

}  // namespace chaiqin::gateway
