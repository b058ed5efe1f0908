#include "postgres/matching/heads.hpp"

#include <algorithm>

#include "domain/prefix_filter.hpp"
#include "postgres/matching/heads.sql.hpp"
#include "postgres/matching/packed.hpp"

namespace chaiqin::postgres::matching {

namespace {

namespace outcome = domain::outcome;

/// Bounds memory: a file has up to 20,000 lines.
constexpr std::size_t files_a_read = 20;

domain::PrefixFilter filter_of(std::span<const std::uint64_t> identities) {
    std::vector<std::uint32_t> prefixes;
    prefixes.reserve(identities.size());
    for (const auto identity : identities) prefixes.push_back(domain::prefix_of(identity));
    return domain::PrefixFilter(std::move(prefixes));
}

std::vector<std::string> possible_files(const RunInMoment& run, const std::string& agency,
                                        const domain::PrefixFilter& filter) {
    Params params;
    params.add(agency);
    std::vector<domain::IdentityPrefixes> places;
    for (const auto row : run(sql::identity_places, params)) {
        auto& place = places.emplace_back();
        place.submissions = row.text_array("submissions");
        place.prefix = unpacked<std::uint32_t>(row.text("prefix"));
        place.owner = unpacked<std::uint16_t>(row.text("owner"));
    }
    return domain::possible_files(filter, places);
}

void add_heads(const Row& row, const std::vector<std::uint64_t>& wanted,
               std::vector<domain::StoredHead>& heads) {
    const auto outcomes = row.int2_array("outcome");
    const auto identity = unpacked<std::uint64_t>(row.text("identity")),
               token = unpacked<std::uint64_t>(row.text("token")),
               content = unpacked<std::uint64_t>(row.text("content"));
    const auto revision = unpacked<std::uint32_t>(row.text("revision"));
    for (std::size_t at = 0; at < outcomes.size(); ++at) {
        const auto how = static_cast<domain::LineOutcome>(outcomes[at]);
        if ((how & outcome::superseded) != 0 ||
            !std::binary_search(wanted.begin(), wanted.end(), identity.at(at)))
            continue;
        heads.push_back(
            {identity[at],
             {revision.at(at), outcome::is_deletion(how), token.at(at), content.at(at)}});
    }
}

}  // namespace

std::vector<domain::StoredHead> stored_heads(const RunInMoment& run, const std::string& agency,
                                             std::span<const std::uint64_t> identities) {
    std::vector<std::uint64_t> wanted(identities.begin(), identities.end());
    std::sort(wanted.begin(), wanted.end());
    const auto files = possible_files(run, agency, filter_of(wanted));
    std::vector<domain::StoredHead> heads;
    for (std::size_t at = 0; at < files.size(); at += files_a_read) {
        const auto end = std::min(files.size(), at + files_a_read);
        Params params;
        params.add_uuid_array({files.begin() + static_cast<std::ptrdiff_t>(at),
                               files.begin() + static_cast<std::ptrdiff_t>(end)});
        for (const auto row : run(sql::heads_of_files, params)) add_heads(row, wanted, heads);
    }
    return heads;
}

}  // namespace chaiqin::postgres::matching
