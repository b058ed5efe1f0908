#pragma once
// A long result in pieces: a cursor of the open transaction, which ends with it. For the .cpp files
// of this folder; one thread. Throws as the statements of binary.hpp do.
#include <string>

#include "postgres/binary.hpp"

namespace chaiqin::postgres {

class Cursor {
public:
    /// The cursor is called as the statement is: one cursor for each statement and transaction.
    Cursor(domain::UnitOfWork& work, const Sql& sql, const Params& params = {});
    /// The next rows, at most `most`; none at the end.
    Rows next(int most);

private:
    domain::UnitOfWork& work_;
    std::string name_;
};

}  // namespace chaiqin::postgres
