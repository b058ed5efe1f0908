#pragma once
// Columns that only the matcher reads: integers one after the other in network order, as int8send
// gives them, in a bytea; and columns of many files as parameters. For the .cpp files of this
// folder.
#include <endian.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "domain/failure.hpp"

namespace chaiqin::postgres::matching {

inline std::uint16_t network_order(std::uint16_t value) { return htobe16(value); }
inline std::uint32_t network_order(std::uint32_t value) { return htobe32(value); }
inline std::uint64_t network_order(std::uint64_t value) { return htobe64(value); }

/// The values, or what `member` gives of each.
template <typename Values, typename Member = std::identity>
std::string packed(const Values& values, Member member = {}) {
    using T = std::decay_t<std::invoke_result_t<Member, const typename Values::value_type&>>;
    std::string bytes(values.size() * sizeof(T), '\0');
    char* at = bytes.data();
    for (const auto& value : values) {
        const T number = network_order(std::invoke(member, value));
        std::memcpy(at, &number, sizeof(T));
        at += sizeof(T);
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

/// The texts that `member` gives of the values, with line feeds between them.
template <typename Values, typename Member>
std::string joined(const Values& values, Member member) {
    std::string all;
    for (const auto& value : values) {
        if (&value != &values.front()) all += '\n';
        all += std::invoke(member, value);
    }
    return all;
}

/// Takes the texts of a joined column at ascending positions.
class JoinedTexts {
public:
    explicit JoinedTexts(std::string_view all) : rest_(all) {}
    std::string_view at(std::uint32_t position) {
        for (; next_ < position; ++next_) {
            const auto end = rest_.find('\n');
            if (end == std::string_view::npos)
                throw domain::PermanentFailure("a joined column is shorter than another");
            rest_.remove_prefix(end + 1);
        }
        return rest_.substr(0, rest_.find('\n'));
    }

private:
    std::string_view rest_;
    /// Position of the text that rest_ begins with.
    std::uint32_t next_ = 0;
};

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

/// What `member` gives of each value.
template <typename T, typename Values, typename Member>
std::vector<T> values_of(const Values& values, Member member) {
    std::vector<T> all;
    all.reserve(values.size());
    for (const auto& value : values) all.push_back(static_cast<T>(std::invoke(member, value)));
    return all;
}

/// A position as PostgreSQL counts it.
inline std::int32_t subscript(std::int64_t position) {
    return static_cast<std::int32_t>(position + 1);
}

inline std::vector<std::int16_t> as_smallint(const std::vector<std::uint16_t>& values) {
    return {values.begin(), values.end()};
}

}  // namespace chaiqin::postgres::matching
