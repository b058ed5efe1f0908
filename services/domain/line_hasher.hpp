#pragma once
// What stands for a person or a record outside the process that has read a file: keyed 64-bit
// hashes. The port between checking, which reads the file, and crypto, which has the keys.
#include <cstdint>
#include <string_view>

namespace chaiqin::domain {

class LineHasher {
public:
    virtual ~LineHasher() = default;
    virtual std::uint64_t token(std::string_view person_id) = 0;
    virtual std::uint64_t identity(std::string_view canonical_bytes) = 0;
    virtual std::uint64_t content(std::string_view canonical_bytes) = 0;
};

}  // namespace chaiqin::domain
