#pragma once
// The accepting pass: one typed SAX pass of RapidJSON over a copy of the bytes. It decides every
// good record and makes its columns; whatever it cannot call good it leaves as a doubt for the
// explaining pass. What RapidJSON would not take, or is not exact about, it only reports
// (ADR 0009).
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "checking/reading/layout.hpp"
#include "checking/record/columns.hpp"
#include "checking/rules/rule_book.hpp"
#include "checking/rules/world.hpp"

namespace chaiqin::checking {

/// An element that needs explaining.
struct Doubt {
    std::uint32_t index = 0;
    std::optional<std::uint32_t> at;  ///< where it begins; nothing for an element that is no object
    std::optional<bool> identity_repeats;  ///< nothing: not looked at yet
    std::optional<std::size_t> place;      ///< in its ColumnWriter
};

struct Acceptance {
    bool complete = false;  ///< RapidJSON took the whole text, no repeated listed key, not too deep
    bool has_unlisted_keys = false;  ///< their repetitions were not looked for
    bool sender_came_late =
        false;  ///< records stood before the envelope: nothing was decided, run again
    Layout layout;
    std::array<std::vector<Doubt>, 2> doubts;  ///< by RecordKind, in order
    std::vector<Doubt>& of(RecordKind kind) { return doubts[static_cast<std::size_t>(kind)]; }
};

/// `bytes` without BOM. `sender_known`: the world's sender is set; else it is set from the envelope
/// as soon as it can be. `writers` may be null: no columns.
Acceptance accept(std::string_view bytes, World& world, const RuleBook& rules, SeededHash hash,
                  LineWriters* writers, bool sender_known);

}  // namespace chaiqin::checking
