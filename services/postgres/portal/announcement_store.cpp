#include <algorithm>

#include "postgres/binary.hpp"
#include "postgres/pool.hpp"
#include "postgres/portal/announcements.sql.hpp"
#include "postgres/portal/portal_stores.hpp"

namespace chaiqin::postgres::portal {

namespace {

using domain::Announcement;
using domain::AnnouncementPlace;
using domain::AnnouncementSight;
using domain::AnnouncementText;
using domain::Attachment;
using domain::AttachmentAdding;
using domain::UnitOfWork;

constexpr std::size_t sessions = 4, piece_bytes = 256 * 1024;
constexpr auto session_within = std::chrono::milliseconds(1'000);

Params only_id(std::int64_t id) {
    Params params;
    params.add(id);
    return params;
}

Params numbered(std::int64_t id, int n) {
    auto params = only_id(id);
    params.add(n);
    return params;
}

Params written(const AnnouncementText& text) {
    Params params;
    params.add(text.title)
        .add(text.body)
        .add(text.for_members)
        .add(text.published_at)
        .add(text.expires_at);
    return params;
}

/// Without its body and attachments.
Announcement announcement_in(const Row& row) {
    Announcement announcement;
    announcement.id = row.int8("id");
    announcement.text.title = row.string("title");
    announcement.text.for_members = row.boolean("for_members");
    announcement.text.published_at = row.instant("published_at");
    announcement.text.expires_at = row.optional_instant("expires_at");
    return announcement;
}

Attachment attachment_in(const Row& row) {
    return {.n = row.int4("n"),
            .file_name = row.string("file_name"),
            .media_type = row.string("media_type"),
            .size_bytes = row.int8("size_bytes")};
}

void add_attachments(UnitOfWork& work, std::vector<Announcement>& announcements) {
    if (announcements.empty()) return;
    Params ids;
    ids.add_column(announcements, &Announcement::id);
    for (const auto row : query_prepared(work, sql::list_attachments, ids)) {
        const auto owner =
            std::ranges::find(announcements, row.int8("announcement_id"), &Announcement::id);
        if (owner != announcements.end()) owner->attachments.push_back(attachment_in(row));
    }
}

std::optional<Announcement> found(UnitOfWork& work, std::int64_t id,
                                  const AnnouncementSight& sight) {
    auto params = only_id(id);
    params.add(sight.with_members).add(sight.at_all_times).add(sight.now);
    const auto rows = query_prepared(work, sql::find_announcement, params);
    if (rows.empty()) return std::nullopt;
    std::vector<Announcement> one{announcement_in(rows.only())};
    one.front().text.body = rows.only().string("body");
    add_attachments(work, one);
    return std::move(one.front());
}

/// As the one who has written it sees it.
std::optional<Announcement> found(UnitOfWork& work, std::int64_t id) {
    return found(work, id, {.with_members = true, .at_all_times = true, .now = {}});
}

void write_pieces(UnitOfWork& work, std::int64_t id, int n, std::string_view bytes) {
    for (int piece = 0; !bytes.empty(); ++piece) {
        const auto content = bytes.substr(0, piece_bytes);
        auto params = numbered(id, n);
        params.add(piece).add_bytes(content);
        query_prepared(work, sql::add_piece, params);
        bytes.remove_prefix(content.size());
    }
}

class PostgresAnnouncementStore final : public domain::AnnouncementStore {
public:
    explicit PostgresAnnouncementStore(SessionSettings settings)
        : pool_(std::move(settings), sessions) {}

    std::vector<Announcement> list(const AnnouncementSight& sight,
                                   const std::optional<AnnouncementPlace>& after,
                                   int count) override {
        Params params;
        params.add(sight.with_members)
            .add(sight.at_all_times)
            .add(sight.now)
            .add(after ? std::optional(after->published_at) : std::nullopt)
            .add(after ? after->id : std::int64_t{0})
            .add(count);
        return pool_.in_transaction(session_within, [&](auto& work) {
            std::vector<Announcement> announcements;
            for (const auto row : query_prepared(work, sql::list_announcements, params))
                announcements.push_back(announcement_in(row));
            add_attachments(work, announcements);
            return announcements;
        });
    }

    std::optional<Announcement> find(std::int64_t id, const AnnouncementSight& sight) override {
        return pool_.in_transaction(session_within,
                                    [&](auto& work) { return found(work, id, sight); });
    }

    Announcement add(const AnnouncementText& text) override {
        return pool_.in_transaction(session_within, [&](auto& work) {
            const auto rows = query_prepared(work, sql::add_announcement, written(text));
            return found(work, rows.only().int8("id")).value();
        });
    }

    std::optional<Announcement> change(std::int64_t id, const AnnouncementText& text) override {
        auto params = written(text);
        params.add(id);
        return pool_.in_transaction(session_within, [&](auto& work) {
            query_prepared(work, sql::change_announcement, params);
            return found(work, id);
        });
    }

    bool remove(std::int64_t id) override {
        return pool_.in_transaction(session_within, [&](auto& work) {
            return !query_prepared(work, sql::remove_announcement, only_id(id)).empty();
        });
    }

    AttachmentAdding add_attachment(std::int64_t id, Attachment& attachment,
                                    std::string_view bytes) override {
        return pool_.in_transaction(session_within, [&](auto& work) {
            if (query_prepared(work, sql::lock_announcement, only_id(id)).empty())
                return AttachmentAdding::no_announcement;
            const auto there = query_prepared(work, sql::count_attachments, only_id(id));
            if (there.only().int8("attachments") >= domain::most_attachments)
                return AttachmentAdding::full;
            const auto next = query_prepared(work, sql::next_attachment, only_id(id));
            attachment.n = next.only().int4("last_attachment");
            auto params = numbered(id, attachment.n);
            params.add(attachment.file_name)
                .add(attachment.media_type)
                .add(static_cast<std::int32_t>(bytes.size()));
            query_prepared(work, sql::add_attachment, params);
            write_pieces(work, id, attachment.n, bytes);
            return AttachmentAdding::added;
        });
    }

    bool remove_attachment(std::int64_t id, int n) override {
        return pool_.in_transaction(session_within, [&](auto& work) {
            return !query_prepared(work, sql::remove_attachment, numbered(id, n)).empty();
        });
    }

    std::optional<Attachment> find_attachment(std::int64_t id, int n,
                                              const AnnouncementSight& sight) override {
        return pool_.in_transaction(session_within, [&](auto& work) -> std::optional<Attachment> {
            if (!found(work, id, sight)) return std::nullopt;
            const auto rows = query_prepared(work, sql::find_attachment, numbered(id, n));
            if (rows.empty()) return std::nullopt;
            return attachment_in(rows.only());
        });
    }

    void read_attachment(std::int64_t id, int n,
                         const std::function<void(std::string_view)>& each) override {
        pool_.in_transaction(session_within, [&](auto& work) {
            for (int piece = 0;; ++piece) {
                auto params = numbered(id, n);
                params.add(piece);
                const auto rows = query_prepared(work, sql::read_piece, params);
                if (rows.empty()) return piece;
                each(rows.only().text("content"));
            }
        });
    }

private:
    Pool pool_;
};

}  // namespace

std::unique_ptr<domain::AnnouncementStore> make_announcement_store(SessionSettings settings) {
    return std::make_unique<PostgresAnnouncementStore>(std::move(settings));
}

}  // namespace chaiqin::postgres::portal
