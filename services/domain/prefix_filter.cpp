#include "domain/prefix_filter.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace chaiqin::domain {

namespace {

constexpr std::size_t bits_a_key = 32;
constexpr std::size_t most_submissions_a_row = 65535;

void sort_unique(std::vector<std::uint32_t>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

PrefixFilter::PrefixFilter(std::vector<std::uint32_t> prefixes) : sorted_(std::move(prefixes)) {
    sort_unique(sorted_);
    const auto bits = std::bit_ceil(std::max<std::size_t>(64, sorted_.size() * bits_a_key));
    shift_ = 32 - std::min(32, std::countr_zero(bits));
    bits_.assign(bits / 64, 0);
    for (const auto prefix : sorted_) {
        const auto bit = prefix >> shift_;
        bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
}

bool PrefixFilter::known(std::uint32_t prefix) const {
    return std::binary_search(sorted_.begin(), sorted_.end(), prefix);
}

std::vector<std::string> possible_files(const PrefixFilter& filter,
                                        std::span<const IdentityPrefixes> rows) {
    std::vector<std::string> found;
    for (const auto& row : rows) {
        std::vector<bool> hit(row.submissions.size());
        for (std::size_t at = 0; at < row.prefix.size(); ++at)
            if (filter.contains(row.prefix[at])) hit[row.owner.empty() ? 0 : row.owner[at]] = true;
        for (std::size_t at = 0; at < hit.size(); ++at)
            if (hit[at]) found.push_back(row.submissions[at]);
    }
    return found;
}

IdentityPrefixes prefixes_of(const MatchedFile& file) {
    IdentityPrefixes row;
    row.agency = file.head.agency;
    row.submissions = {file.head.submission_id};
    row.prefix.reserve(file.lines.size());
    for (const auto& line : file.lines) row.prefix.push_back(prefix_of(line.identity));
    sort_unique(row.prefix);
    return row;
}

MergedPrefixes merge_prefixes(std::span<const IdentityPrefixes> stored, std::size_t added) {
    MergedPrefixes merged;
    if (stored.size() + added <= most_prefix_rows) return merged;
    std::vector<std::size_t> order(stored.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return stored[a].prefix.size() < stored[b].prefix.size();
    });
    std::size_t left = stored.size() + added;
    std::vector<std::pair<std::uint32_t, std::uint16_t>> pairs;
    for (const auto at : order) {
        const auto& row = stored[at];
        if (left <= most_prefix_rows / 2) break;
        if (merged.row.submissions.size() + row.submissions.size() > most_submissions_a_row)
            continue;
        const auto base = static_cast<std::uint16_t>(merged.row.submissions.size());
        for (std::size_t i = 0; i < row.prefix.size(); ++i)
            pairs.emplace_back(row.prefix[i], static_cast<std::uint16_t>(
                                                  base + (row.owner.empty() ? 0 : row.owner[i])));
        merged.row.submissions.insert(merged.row.submissions.end(), row.submissions.begin(),
                                      row.submissions.end());
        merged.merged_away.push_back(row.id);
        --left;
    }
    if (merged.merged_away.size() < 2) return {};
    std::sort(pairs.begin(), pairs.end());
    merged.row.agency = stored.front().agency;
    for (const auto& [prefix, owner] : pairs) {
        merged.row.prefix.push_back(prefix);
        merged.row.owner.push_back(owner);
    }
    return merged;
}

}  // namespace chaiqin::domain
