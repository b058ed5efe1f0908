#pragma once
// What would become of the lines of a file if it were sent now (docs/checks.md, "A check compared
// with what is stored"). Pure: what is stored comes in, counts come out.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "domain/file_line.hpp"
#include "domain/identity_decision.hpp"

namespace chaiqin::domain {

/// The last word on an identity.
struct StoredHead {
    std::uint64_t identity = 0;
    IdentityLine line;
};

enum class Compared : std::uint8_t {
    added,
    changed,
    same,
    older,
    deleted,
    unknown_deletion,
    invalid,
};
/// As the API says them.
inline constexpr std::array<std::string_view, 7> compared_names{
    "new", "changed", "same", "older", "deleted", "unknown_deletion", "invalid"};

/// So many lines of each are named.
inline constexpr std::size_t most_compared_named = 20;

struct Comparison {
    struct Lines {
        std::uint32_t count = 0;
        /// Numbers of the first ones: leave index, or leave lines + overtime index.
        std::vector<std::uint32_t> first;
    };
    /// By Compared; the counts add up to the lines of the file.
    std::array<Lines, compared_names.size()> of;
    const Lines& operator[](Compared what) const { return of[static_cast<std::size_t>(what)]; }
};

/// `good`: the lines without an error, in the order of the file; the other ones of its `total`
/// lines are invalid. Each is judged against `heads` and the lines before it.
Comparison compare(std::span<const FileLine> good, std::uint32_t total,
                   std::span<const StoredHead> heads);

}  // namespace chaiqin::domain
