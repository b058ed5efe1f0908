#pragma once
// The receipt of a submission (報送收據): what the sender gets once a file is durable. A value.
#include <cstdint>
#include <string>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

struct Receipt {
    std::string submission_id, agency;
    /// masked
    std::string file_name;
    std::string route;
    std::int64_t size_bytes = 0;
    std::string sha256;
    Instant received_at{};
};

}  // namespace chaiqin::domain
