#include "domain/failure.hpp"

#include <cstdio>
#include <cstdlib>

namespace chaiqin::domain {

namespace {
std::string joined(const std::vector<std::string>& problems) {
    std::string text;
    for (const auto& problem : problems) {
        if (!text.empty()) text += "; ";
        text += problem;
    }
    return text;
}
}  // namespace

ConfigError::ConfigError(std::vector<std::string> all)
    : std::runtime_error(joined(all)), problems(std::move(all)) {}

void broken_invariant(const char* sentence) noexcept {
    std::fprintf(stderr, "invariant broken: %s\n", sentence);
    std::abort();
}

}  // namespace chaiqin::domain
