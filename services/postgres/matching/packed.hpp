#pragma once
// Columns that only the matcher reads: integers one after the other in network order, as int8send
// gives them, in a bytea; and columns of many files as parameters. For the .cpp files of this
// folder.
#include <endian.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "domain/failure.hpp"

namespace chaiqin::postgres::matching {

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

/// Calls `take` with one value of a packed column after the other.
template <typename T, typename Take>
void each_unpacked(std::string_view bytes, Take take) {
    if (bytes.size() % sizeof(T) != 0)
        throw domain::PermanentFailure("a packed column of odd length");
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
        T value;
        std::memcpy(&value, bytes.data() + at, sizeof(T));
        take(network_order(value));
    }
}

template <typename T>
std::vector<T> unpacked(std::string_view bytes) {
    std::vector<T> values;
    values.reserve(bytes.size() / sizeof(T));
    each_unpacked<T>(bytes, [&](T value) { values.push_back(value); });
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

/// Texts of a joined column at these positions, which ascend.
inline std::vector<std::string> picked_texts(std::string_view all,
                                             const std::vector<std::uint32_t>& positions) {
    std::vector<std::string> texts;
    texts.reserve(positions.size());
    std::uint32_t at = 0;
    for (const auto position : positions) {
        for (; at < position; ++at) {
            const auto end = all.find('\n');
            if (end == std::string_view::npos)
                throw domain::PermanentFailure("a joined column is shorter than another");
            all.remove_prefix(end + 1);
        }
        texts.emplace_back(all.substr(0, all.find('\n')));
    }
    return texts;
}

/// Columns of many files, one after the other, and where each file's part lies (from 1, both
/// inclusive).
template <typename T>
struct Flattened {
    std::vector<T> values;
    std::vector<std::int32_t> begin, end;
    template <typename Values>
    void add(const Values& more) {
        begin.push_back(static_cast<std::int32_t>(values.size() + 1));
        values.insert(values.end(), more.begin(), more.end());
        end.push_back(static_cast<std::int32_t>(values.size()));
    }
};

/// Positions as PostgreSQL counts them.
template <typename Position>
std::vector<std::int32_t> subscripts(const std::vector<Position>& positions) {
    std::vector<std::int32_t> all;
    for (const auto position : positions) all.push_back(static_cast<std::int32_t>(position) + 1);
    return all;
}

inline std::vector<std::int16_t> as_smallint(const std::vector<std::uint16_t>& values) {
    return {values.begin(), values.end()};
}

}  // namespace chaiqin::postgres::matching
