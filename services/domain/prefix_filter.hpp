#pragma once
// Which stored files may hold one of the keys at hand: 64-bit keyed hashes (identities, person
// tokens) are looked up by their high halves, of which every stored file has a sorted list. One
// pass over the lists, no statement a key. A value; used within one batch by one thread.
#include <cstdint>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "domain/file_record.hpp"

namespace chaiqin::domain {

class PrefixFilter {
public:
    explicit PrefixFilter(std::vector<std::uint32_t> prefixes);
    bool contains(std::uint32_t prefix) const {
        const auto bit = prefix >> shift_;
        return (bits_[bit / 64] >> (bit % 64) & 1) != 0 && known(prefix);
    }

private:
    bool known(std::uint32_t prefix) const;
    std::vector<std::uint32_t> sorted_;
    std::vector<std::uint64_t> bits_;
    int shift_ = 0;
};

/// The submissions among the rows that may hold a key of the filter, each once.
std::vector<std::string> possible_files(const PrefixFilter& filter,
                                        std::span<const IdentityPrefixes> rows);

/// The row of one new file.
IdentityPrefixes prefixes_of(const MatchedFile& file);

/// Per agency; above that the smallest ones are merged.
inline constexpr std::size_t most_prefix_rows = 64;

struct MergedPrefixes {
    IdentityPrefixes row;
    std::vector<std::int64_t> merged_away;
};
/// What to merge so that an agency with `stored` rows and `added` new ones stays within the limit.
/// An empty `merged_away`: nothing.
MergedPrefixes merge_prefixes(std::span<const IdentityPrefixes> stored, std::size_t added);

}  // namespace chaiqin::domain
