#pragma once
// A named SQL statement. Statements stand in .sql files beside the code that runs them and become
// constants at build time (cmake/make_statements.py says how to write one). The name tells in
// failures and in pg_prepared_statements which statement it was.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "domain/failure.hpp"

namespace chaiqin::postgres {

struct Sql {
    const char* name;
    const char* text;
};

struct SqlMember {
    std::string_view value;
    Sql sql;
};

/// One statement for each value of the word that is written out in it.
class SqlFamily {
public:
    template <std::size_t Size>
    constexpr explicit SqlFamily(const SqlMember (&members)[Size]) : members_(members) {}
    /// Aborts if no member has the value.
    constexpr const Sql& with(std::string_view value) const {
        for (const auto& member : members_)
            if (member.value == value) return member.sql;
        domain::broken_invariant("a statement was asked for with a value that its file lacks");
    }

private:
    std::span<const SqlMember> members_;
};

}  // namespace chaiqin::postgres
