#pragma once
// One month of submission files over a made-up world, with the truth that a right system must
// arrive at.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "world.hpp"

namespace chaiqin::generate {

struct Truth {
    using Cell = std::tuple<std::string, domain::Month, int, int>;  ///< agency, month, kind, type
    struct Sum {
        std::int64_t records = 0, minutes = 0;
    };
    std::map<Cell, Sum> counts;
    std::map<std::string, std::int64_t> unmatched;  ///< by sending agency
    struct File {
        std::string path, agency;
        std::uint32_t total = 0, invalid = 0;
    };
    std::vector<File> files;
    std::int64_t records = 0, invalid = 0, bytes = 0;
};

/// Writes DIR/files/<agency>/<name>.json and returns the truth over them.
Truth write_files(const World& world, const Sizes& sizes, const std::string& directory);

/// The truth as JSON: month, files, counts, unmatched.
void write_truth(const Truth& truth, const Sizes& sizes, const std::string& path);

}  // namespace chaiqin::generate
