#include "runtime/stage.hpp"

namespace chaiqin::runtime {

std::string_view Message::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

}  // namespace chaiqin::runtime
