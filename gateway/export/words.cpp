#include "gateway/export/words.hpp"

#include <algorithm>
#include <iterator>

namespace chaiqin::gateway {

std::string word_of(Words words, std::string_view code) {
    const auto* found =
        std::find_if(std::begin(word_table), std::end(word_table),
                     [&](const Word& one) { return one.of == words && one.code == code; });
    return std::string(found == std::end(word_table) ? code : found->zh);
}

}  // namespace chaiqin::gateway
