#pragma once
// The kinds of notices (通知) and of mails without one: one row a kind with its names and, for a
// deadline notice or a digest, when it is due. CONTRIBUTING.md, "A kind of notice", names what else
// a new kind needs. Pure.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

enum class NoticeKind : std::uint8_t {
    submission_counted,
    submission_partial,
    submission_rejected,
    deadline_before_5,
    deadline_before_1,
    deadline_after,
    reminder,
    findings_changed,
    digest_first,
    digest_second,
    webhook_disabled,
};

/// From `first` to `last`, in days after the deadline (negative: before it), both inclusive.
struct DueDays {
    int first = 0, last = 0;
};

struct NoticeKindRow {
    NoticeKind kind;
    /// In events, in the aggregator's table and in keys: each kind has its own.
    std::string_view name;
    /// In notices and in the API: kinds that differ only in the day share one.
    /// "": told by mail alone.
    std::string_view told_as = {};
    std::optional<DueDays> due = {};
    /// Of a digest for supervising agencies.
    std::optional<DueDays> digest_due = {};
};

inline constexpr std::array notice_kinds = {
    NoticeKindRow{NoticeKind::submission_counted, "submission_counted", "submission_counted"},
    NoticeKindRow{NoticeKind::submission_partial, "submission_partial", "submission_partial"},
    NoticeKindRow{NoticeKind::submission_rejected, "submission_rejected", "submission_rejected"},
    NoticeKindRow{NoticeKind::deadline_before_5, "deadline_before_5", "deadline_before",
                  DueDays{-5, -2}},
    NoticeKindRow{NoticeKind::deadline_before_1, "deadline_before_1", "deadline_before",
                  DueDays{-1, 0}},
    NoticeKindRow{NoticeKind::deadline_after, "deadline_after", "deadline_after", DueDays{1, 5}},
    NoticeKindRow{NoticeKind::reminder, "reminder", "reminder"},
    NoticeKindRow{NoticeKind::findings_changed, "findings_changed", "findings_changed"},
    NoticeKindRow{
        .kind = NoticeKind::digest_first, .name = "digest_first", .digest_due = DueDays{-10, -4}},
    NoticeKindRow{
        .kind = NoticeKind::digest_second, .name = "digest_second", .digest_due = DueDays{-3, 0}},
    NoticeKindRow{NoticeKind::webhook_disabled, "webhook_disabled", "webhook_disabled"},
};

/// The kind's row.
const NoticeKindRow& row_of(NoticeKind kind);
/// By `name`.
std::optional<NoticeKind> parse_notice_kind(std::string_view name);
/// The deadline notice of which the day is one of its due days.
std::optional<NoticeKind> deadline_notice_due(Day today, Day deadline);
/// The digest for supervising agencies of which the day is one of its due days.
std::optional<NoticeKind> digest_due(Day today, Day deadline);
/// Whether it is due only once the deadline has passed.
bool is_after_deadline(NoticeKind kind);

}  // namespace chaiqin::domain
