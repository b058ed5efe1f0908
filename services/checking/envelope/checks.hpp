#pragma once
// The rules about the envelope, one function a check, named by its public code (docs/checks.md and
// schemas/rules/rules.csv): true = broken. Key checks look at one key; the others may take for
// granted that every key they read is sound.
#include <algorithm>
#include <array>

#include "checking/envelope/envelope.hpp"
#include "checking/record/checks.hpp"

namespace chaiqin::checking::checks {

inline constexpr std::array<std::string_view, 3> source_systems = {"WEBITR", "WEBHR", "SELF"};
inline constexpr std::int64_t most_parts = 999;

// Keys.
inline bool E02(const EnvelopeFacts& e) { return e.text(envelope_key::format_version) != "1.0"; }
inline bool E03(const EnvelopeFacts& e) {
    return !is_agency_code(e.text(envelope_key::reporting_org_code));
}
inline bool E06(const EnvelopeFacts& e) { return !e.data_month; }
inline bool E09(const EnvelopeFacts& e) {
    const auto text = e.text(envelope_key::source_system);
    return std::find(source_systems.begin(), source_systems.end(), text) == source_systems.end();
}
inline bool E10(const EnvelopeFacts& e) { return !e.generated_at; }
inline bool E15(const Slot& slot) { return slot.type != ValueType::array; }

// Over several keys, or against the world.
inline bool E04(const EnvelopeFacts& e, const World& world, const Layout&) {
    return !world.registry.agencies.knows(e.text(envelope_key::reporting_org_code));
}
inline bool E05(const EnvelopeFacts& e, const World& world, const Layout&) {
    return e.text(envelope_key::reporting_org_code) != world.acting_agency;
}
inline bool E07(const EnvelopeFacts& e, const World& world, const Layout&) {
    return *e.data_month > domain::month_of(world.received_day);
}
inline bool E08(const EnvelopeFacts& e, const World& world, const Layout&) {
    return *e.data_month < world.first_month;
}
inline bool E11(const EnvelopeFacts& e, const World& world, const Layout&) {
    return *e.generated_at > world.received_at + std::chrono::minutes(5);
}
inline bool E12(const EnvelopeFacts& e, const World&, const Layout& layout) {
    return e.integer(envelope_key::leave_count) != layout.of(domain::RecordKind::leave).count;
}
inline bool E13(const EnvelopeFacts& e, const World&, const Layout& layout) {
    return e.integer(envelope_key::overtime_count) != layout.of(domain::RecordKind::overtime).count;
}
inline bool E14(const EnvelopeFacts& e, const World&, const Layout&) {
    const auto part = e.integer(envelope_key::part_no), parts = e.integer(envelope_key::part_count);
    return !within(part, 1, parts) || parts > most_parts;
}
inline bool has_no_records(const Layout& layout) {
    return layout.of(domain::RecordKind::leave).count == 0 &&
           layout.of(domain::RecordKind::overtime).count == 0;
}
inline bool E16(const EnvelopeFacts& e, const World&, const Layout& layout) {
    return has_no_records(layout) && !e.declares_zero();
}
inline bool E17(const EnvelopeFacts& e, const World&, const Layout& layout) {
    return e.declares_zero() && !has_no_records(layout);
}
/// Received on or after 00:00 Asia/Taipei of the day after the deadline day of data_month.
inline bool E18(const EnvelopeFacts& e, const World& world, const Layout&) {
    return world.received_day > world.registry.calendar.deadline(*e.data_month);
}

}  // namespace chaiqin::checking::checks
