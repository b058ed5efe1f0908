#pragma once
// Columns that only the matcher reads: integers one after the other in network order, as int8send
// gives them, in a bytea. For the .cpp files of this folder.
#include <endian.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "domain/failure.hpp"

namespace chaiqin::postgres {

inline std::uint16_t network_order(std::uint16_t value) { return htobe16(value); }
inline std::uint32_t network_order(std::uint32_t value) { return htobe32(value); }
inline std::uint64_t network_order(std::uint64_t value) { return htobe64(value); }

template <typename T>
std::string packed(const std::vector<T>& values) {
    std::string bytes(values.size() * sizeof(T), '\0');
    for (std::size_t at = 0; at < values.size(); ++at) {
        const T value = network_order(values[at]);
        std::memcpy(bytes.data() + at * sizeof(T), &value, sizeof(T));
    }
    return bytes;
}

template <typename T>
std::vector<T> unpacked(std::string_view bytes) {
    if (bytes.size() % sizeof(T) != 0)
        throw domain::PermanentFailure("a packed column of odd length");
    std::vector<T> values(bytes.size() / sizeof(T));
    for (std::size_t at = 0; at < values.size(); ++at) {
        T value;
        std::memcpy(&value, bytes.data() + at * sizeof(T), sizeof(T));
        values[at] = network_order(value);
    }
    return values;
}

inline std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (std::size_t at = 0; at < texts.size(); ++at) {
        if (at > 0) all += '\n';
        all += texts[at];
    }
    return all;
}

inline std::vector<std::string> split(std::string_view all, std::size_t count) {
    std::vector<std::string> texts;
    texts.reserve(count);
    while (texts.size() < count) {
        const auto end = all.find('\n');
        texts.emplace_back(all.substr(0, end));
        all = end == std::string_view::npos ? std::string_view{} : all.substr(end + 1);
    }
    return texts;
}

inline std::vector<std::int16_t> as_smallint(const std::vector<std::uint16_t>& values) {
    return {values.begin(), values.end()};
}

}  // namespace chaiqin::postgres
