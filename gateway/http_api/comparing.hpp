#pragma once
// POST /api/v1/checks?compare=true: what would become of each line if the file were sent now, by
// what is stored for the agency acted for (docs/checks.md, "A check compared with what is stored").
// The query service is asked by keyed hashes alone. Nothing is stored. Thread-safe.
#include <memory>
#include <string>

#include "checking/check.hpp"
#include "crypto/line_hasher.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::gateway {

class Comparing {
public:
    /// `hasher` is null where this process has no keys for it: nothing can be compared then.
    Comparing(rpc::Questions& questions, std::unique_ptr<crypto::KeyedLineHasher> hasher)
        : questions_(questions), hasher_(std::move(hasher)) {}

    /// For the check of a file that is compared afterwards.
    domain::LineHasher* hasher() const { return hasher_.get(); }
    /// The member `comparison` as JSON. `result` was made of `bytes` with the hasher. Blocks.
    /// Throws rpc::Refused, and TransientFailure while the database is away.
    std::string comparison(const rpc::Asker& asker, std::string_view bytes,
                           const checking::CheckResult& result) const;

private:
    rpc::Questions& questions_;
    std::unique_ptr<crypto::KeyedLineHasher> hasher_;
};

}  // namespace chaiqin::gateway
