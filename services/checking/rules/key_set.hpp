#pragma once
// A set of listed keys, each named by its place in the table of its object (record or envelope).
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace chaiqin::checking {

class KeySet {
public:
    static constexpr std::size_t most_keys = 32;

    constexpr KeySet() = default;
    constexpr KeySet(std::initializer_list<std::size_t> keys) : bits_(bits_of(keys)) {}
    /// The first `count` keys of the table.
    static constexpr KeySet first(std::size_t count) {
        KeySet keys;
        for (std::size_t i = 0; i < count; ++i) keys.add(i);
        return keys;
    }

    constexpr void add(std::size_t key) { bits_ |= std::uint32_t{1} << key; }
    constexpr bool holds(std::size_t key) const { return (bits_ >> key & 1) != 0; }
    constexpr bool holds_all(KeySet keys) const { return (keys.bits_ & ~bits_) == 0; }
    constexpr bool operator==(const KeySet&) const = default;
    friend constexpr KeySet operator|(KeySet a, KeySet b) { return KeySet(a.bits_ | b.bits_); }
    friend constexpr KeySet operator&(KeySet a, KeySet b) { return KeySet(a.bits_ & b.bits_); }

private:
    constexpr explicit KeySet(std::uint32_t bits) : bits_(bits) {}
    static constexpr std::uint32_t bits_of(std::initializer_list<std::size_t> keys) {
        std::uint32_t bits = 0;
        for (const auto key : keys) bits |= std::uint32_t{1} << key;
        return bits;
    }
    std::uint32_t bits_ = 0;
};

}  // namespace chaiqin::checking
