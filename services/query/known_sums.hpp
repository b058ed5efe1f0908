#pragma once
// Sums over many agencies, kept until the counts change: the time of the newest change is part of
// every answer, so a sum of another time is never used. A rebuild moves that time, too
// (postgres/operations/rebuild.sql). Thread-safe.
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "chaiqin/query/v1/query.pb.h"

namespace chaiqin::query {

class KnownSums {
public:
    struct Sum {
        std::optional<std::int64_t> updated_at;
        query::v1::MonthlySum months;
    };
    std::optional<Sum> find(const std::string& name) const;
    void keep(const std::string& name, Sum sum);

private:
    mutable std::mutex mutex_;
    std::map<std::string, Sum> sums_;
};

}  // namespace chaiqin::query
