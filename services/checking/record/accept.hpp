#pragma once
// The accepting pass: RapidJSON reads a copy of the bytes once, as a stream of typed events. The
// pass decides every good record and makes its columns. Whatever it cannot call good is a doubt,
// and the explaining pass looks at it again. Where RapidJSON refuses the text or is not exact, the
// pass only says so (ADR 0009).
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
    /// The byte where it begins; unknown for an element that is not an object.
    std::optional<std::uint32_t> at{};
    /// Nothing if nobody has looked yet.
    std::optional<bool> identity_repeats{};
    /// The line that its ColumnWriter keeps free for it, if columns are made.
    std::optional<std::size_t> reserved_line{};
};

struct Acceptance {
    /// RapidJSON took the whole text; no listed key is repeated and nothing is nested too deep.
    bool complete = false;
    /// Nobody has looked whether these keys are repeated.
    bool has_unlisted_keys = false;
    /// Records stood before the envelope: nothing was decided, so the pass must run again.
    bool sender_came_late = false;
    Layout layout;
    /// By RecordKind, in order.
    std::array<std::vector<Doubt>, 2> doubts;
    std::vector<Doubt>& of(RecordKind kind) { return doubts[static_cast<std::size_t>(kind)]; }
};

/// `bytes` have no BOM. With `sender_known` the world's sender is set already; otherwise the pass
/// sets it from the envelope as soon as it can. Without `writers` no columns are made.
Acceptance accept(std::string_view bytes, World& world, const RuleBook& rules, SeededHash hash,
                  LineWriters* writers, bool sender_known);

}  // namespace chaiqin::checking
