#pragma once
// One Table 19 load, from sealed chunks to its outcome (docs/table19.md, "Rows belong to an
// authority"): all of it in one transaction, whose work `CareerLoadWork` is. Memory is bounded by
// one chunk and one page of persons.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agency_matcher/career_file.hpp"
#include "domain/career_store.hpp"
#include "domain/registry.hpp"

namespace chaiqin::agency_matcher {

/// SHA-256 over pieces, as the gateway took it of the upload.
class UploadDigest {
public:
    virtual ~UploadDigest() = default;
    virtual void add(std::string_view bytes) = 0;
    virtual std::string hex() = 0;
};

/// How chunks are opened, checked and persons named; all from crypto.
struct CareerKeys {
    /// None when the bytes were not sealed for this load.
    std::function<std::optional<std::string>(const domain::WaitingLoad& load,
                                             std::string_view sealed)>
        open_chunk;
    CareerFile::TokenOf token_of;
    std::function<std::unique_ptr<UploadDigest>()> digest;
};

/// Told how much is done, from 0 to 1.
using LoadProgress = std::function<void(double share_done)>;

class CareerLoad {
public:
    CareerLoad(domain::CareerLoadWork& work, const domain::AgencyRegistry& agencies,
               const CareerKeys& keys, LoadProgress progress);
    /// Reads, judges, compares and writes; what is left is `work.finish(outcome)`.
    domain::LoadOutcome run();

private:
    /// Puts the rows aside. Returns why the upload cannot be used, "" if it can.
    std::string read_chunks();
    bool refused();
    void compare();
    void settle(std::span<const domain::StagedRow> rows);
    const domain::CareerPerson* stored_of(std::uint64_t token);
    void note_change(const domain::CareerPerson* before, domain::CareerPerson after);
    void sum_posts(const std::vector<domain::CareerPost>& posts, int sign);
    domain::LoadOutcome failed(std::string reason);

    domain::CareerLoadWork& work_;
    const domain::AgencyRegistry& agencies_;
    const CareerKeys& keys_;
    LoadProgress progress_;
    RejectedRows rejected_;
    domain::LoadOutcome outcome_;
    /// The page of stored persons that is being compared.
    std::vector<domain::CareerPerson> stored_;
    std::size_t stored_at_ = 0;
    bool stored_ended_ = false;
    std::vector<domain::CareerLoadWork::Change> changes_;
    std::map<std::pair<std::string, domain::Month>, std::int64_t> posts_;
};

}  // namespace chaiqin::agency_matcher
