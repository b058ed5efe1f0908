#pragma once
// Announcements as the API writes and takes them, and the tokens of their pages. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "crypto/keyring.hpp"
#include "domain/announcement_store.hpp"
#include "gateway/http/problems.hpp"
#include "wire/json_writer.hpp"

namespace chaiqin::gateway {

/// As a line of the list; `whole`: with its body.
void write_announcement(wire::JsonWriter& json, const domain::Announcement& announcement,
                        bool whole);
void write_attachment(wire::JsonWriter& json, const domain::Attachment& attachment);

/// What is wrong with a member of the body.
struct WrongMember {
    std::string zh, en;
};
/// What an operator has sent; published_at null or absent is `now`.
std::variant<domain::AnnouncementText, WrongMember> parse_announcement(const std::string& body,
                                                                       domain::Instant now);

/// The token of the page after a place, for readers of this sight alone.
std::string announcement_token(const crypto::Keyring& keys, const domain::AnnouncementSight& sight,
                               const domain::AnnouncementPlace& place);
/// Empty if it was not made here for this sight.
std::optional<domain::AnnouncementPlace> parse_announcement_token(
    const crypto::Keyring& keys, const domain::AnnouncementSight& sight, const std::string& token);

}  // namespace chaiqin::gateway
