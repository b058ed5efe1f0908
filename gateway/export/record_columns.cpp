#include "gateway/export/record_columns.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "checking/record/table.hpp"

namespace chaiqin::gateway {

namespace {

using domain::RecordKind;

std::vector<ListColumn> make_columns(std::deque<std::string>& members) {
    std::vector<ListColumn> columns{{"類別", "kind", CellForm::word, Words::kinds},
                                    {"筆次", "index", CellForm::place}};
    for (const auto kind : {RecordKind::leave, RecordKind::overtime})
        for (const auto& field : checking::table_of(kind).fields) {
            const bool stands =
                std::any_of(columns.begin(), columns.end(),
                            [&](const ListColumn& column) { return column.heading == field.name; });
            if (stands) continue;
            members.push_back(std::string(record_value) + std::string(field.name));
            columns.push_back({field.name, members.back()});
        }
    columns.push_back({"錯誤訊息", "messages", CellForm::text, Words::none, 60});
    return columns;
}

}  // namespace

std::span<const ListColumn> record_columns() {
    static std::deque<std::string> members;  // columns are views of them
    static const auto columns = make_columns(members);
    return columns;
}

}  // namespace chaiqin::gateway
