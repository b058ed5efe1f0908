#include "postgres/cursor.hpp"

namespace chaiqin::postgres {

namespace {

std::string quoted(const char* name) { return '"' + std::string(name) + '"'; }

}  // namespace

Cursor::Cursor(domain::UnitOfWork& work, const Sql& sql, const Params& params)
    : work_(work), name_(quoted(sql.name)) {
    const auto text = "DECLARE " + name_ + " NO SCROLL CURSOR FOR " + sql.text;
    query(work_, Sql{sql.name, text.c_str()}, params);
}

Rows Cursor::next(int most) {
    const auto text = "FETCH " + std::to_string(most) + " FROM " + name_;
    return query(work_, Sql{"fetch", text.c_str()});
}

}  // namespace chaiqin::postgres
