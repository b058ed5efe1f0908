#pragma once
// The words for the codes of the API (schemas/words.json), as exported files show them. A code
// without a word stands for itself. Pure.
#include <string>
#include <string_view>

#include "export/word_table.hpp"

namespace chaiqin::gateway {

std::string word_of(Words words, std::string_view code);

}  // namespace chaiqin::gateway
