#include "domain/notice_kind.hpp"

namespace chaiqin::domain {

namespace {

constexpr bool rows_stand_in_order() {
    for (std::size_t i = 0; i < notice_kinds.size(); ++i)
        if (static_cast<std::size_t>(notice_kinds[i].kind) != i) return false;
    return true;
}
static_assert(rows_stand_in_order());

bool is_within(const std::optional<DueDays>& due, int day) {
    return due && day >= due->first && day <= due->last;
}

}  // namespace

const NoticeKindRow& row_of(NoticeKind kind) {
    return notice_kinds.at(static_cast<std::size_t>(kind));
}

std::optional<NoticeKind> parse_notice_kind(std::string_view name) {
    for (const auto& row : notice_kinds)
        if (row.name == name) return row.kind;
    return std::nullopt;
}

std::optional<NoticeKind> deadline_notice_due(Day today, Day deadline) {
    for (const auto& row : notice_kinds)
        if (is_within(row.due, today - deadline)) return row.kind;
    return std::nullopt;
}

std::optional<NoticeKind> digest_due(Day today, Day deadline) {
    for (const auto& row : notice_kinds)
        if (is_within(row.digest_due, today - deadline)) return row.kind;
    return std::nullopt;
}

bool is_after_deadline(NoticeKind kind) {
    const auto& due = row_of(kind).due;
    return due && due->first > 0;
}

}  // namespace chaiqin::domain
