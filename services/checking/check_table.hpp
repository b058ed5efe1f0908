#pragma once
// All checks of a file together, for whoever needs every code: the rule book, docs/rules.md, tests.
#include <vector>

#include "checking/envelope/table.hpp"
#include "checking/file_checks.hpp"
#include "checking/record/table.hpp"

namespace chaiqin::checking {

/// The checks of every key, and of the elements and keys that the tables do not list.
inline constexpr std::array<Code, 9> structure_codes = {"E01", "E15", "S01", "S02", "S03",
                                                        "S04", "S05", "S06", "S07"};
/// What breaks one of these can be neither stored nor counted.
inline constexpr std::array<Code, 4> structure_codes_needed_to_store = {"S01", "S02", "S03", "S05"};

/// In order, each once.
std::vector<Code> all_codes();
/// Those that run even when their row in the rule table is switched off, in order, each once.
const std::vector<Code>& codes_that_always_run();

}  // namespace chaiqin::checking
