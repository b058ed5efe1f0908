#pragma once
// Announcements (公告) and their attachments (schema portal). A port; postgres/portal implements
// it. Each call is one transaction and throws TransientFailure while PostgreSQL is away.
// Thread-safe.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

inline constexpr int most_attachments = 10;

/// What an operator writes.
struct AnnouncementText {
    std::string title, body;
    /// Only for people with a role; else for everybody.
    bool for_members = false;
    Instant published_at{};
    std::optional<Instant> expires_at;
};

struct Attachment {
    /// From 1; never used again.
    int n = 0;
    std::string file_name, media_type;
    std::int64_t size_bytes = 0;
};

struct Announcement {
    std::int64_t id = 0;
    AnnouncementText text;
    /// By number.
    std::vector<Attachment> attachments;
};

/// Which announcements a reader may see.
struct AnnouncementSight {
    bool with_members = false;
    /// Also those that are not shown yet or no longer.
    bool at_all_times = false;
    Instant now{};
};

/// A place in the list, which is ordered by time and id, newest first.
struct AnnouncementPlace {
    Instant published_at{};
    std::int64_t id = 0;
};

enum class AttachmentAdding { no_announcement, full, added };

class AnnouncementStore {
public:
    virtual ~AnnouncementStore() = default;
    /// Newest first, after a place, at most `count`; without their bodies.
    virtual std::vector<Announcement> list(const AnnouncementSight& sight,
                                           const std::optional<AnnouncementPlace>& after,
                                           int count) = 0;
    virtual std::optional<Announcement> find(std::int64_t id, const AnnouncementSight& sight) = 0;
    virtual Announcement add(const AnnouncementText& text) = 0;
    /// Empty: there is none of that id.
    virtual std::optional<Announcement> change(std::int64_t id, const AnnouncementText& text) = 0;
    /// False: there is none of that id.
    virtual bool remove(std::int64_t id) = 0;

    /// Fills in the number.
    virtual AttachmentAdding add_attachment(std::int64_t id, Attachment& attachment,
                                            std::string_view bytes) = 0;
    virtual bool remove_attachment(std::int64_t id, int n) = 0;
    virtual std::optional<Attachment> find_attachment(std::int64_t id, int n,
                                                      const AnnouncementSight& sight) = 0;
    /// Its bytes in order, piece by piece.
    virtual void read_attachment(std::int64_t id, int n,
                                 const std::function<void(std::string_view)>& each) = 0;
};

}  // namespace chaiqin::domain
