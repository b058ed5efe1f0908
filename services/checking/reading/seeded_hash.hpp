#pragma once
// A fast hash for tables whose keys come from a file. Its seed is a secret of the process, so
// nobody can write a file whose keys collide on purpose. For tables in memory only: nothing that
// leaves them may depend on it.
#include <cstdint>
#include <cstring>
#include <random>
#include <string_view>

namespace chaiqin::checking {

class SeededHash {
public:
    SeededHash() = default;
    explicit SeededHash(std::uint64_t seed) : seed_(seed) {}
    using is_transparent = void;

    std::uint64_t operator()(std::string_view bytes) const {
        std::uint64_t state = seed_ ^ (bytes.size() * 0x9E3779B97F4A7C15u);
        while (bytes.size() >= 8) {
            state = mixed(state ^ word(bytes, 8));
            bytes.remove_prefix(8);
        }
        return mixed(state ^ word(bytes, bytes.size()));
    }

    /// A seed of this process, from the system's random numbers.
    static SeededHash of_process() {
        static const SeededHash seeded = [] {
            std::random_device random;
            return SeededHash(std::uint64_t{random()} << 32 ^ random());
        }();
        return seeded;
    }

private:
    static std::uint64_t word(std::string_view bytes, std::size_t count) {
        std::uint64_t value = 0;
        if (count != 0)
            std::memcpy(&value, bytes.data(), count);  // an empty text may have no address
        return value;
    }
    static std::uint64_t mixed(std::uint64_t value) {
        __extension__ using Wide = unsigned __int128;
        const Wide product = static_cast<Wide>(value + 0xD6E8FEB86659FD93u) * 0xA0761D6478BD642Fu;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
    std::uint64_t seed_ = 0;
};

}  // namespace chaiqin::checking
