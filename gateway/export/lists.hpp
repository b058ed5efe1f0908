#pragma once
// The lists that can be had as a file: one row each (file to read first). A list of query.proto
// gets its export by its row here and by nothing else: the rows are found in its answer, the
// columns are members of a row as the JSON has them. Pure.
#include <cstdint>
#include <span>
#include <string_view>

#include "gateway/export/words.hpp"

namespace chaiqin::gateway {

/// How a member is written into a cell.
enum class CellForm : std::uint8_t {
    /// codes, ids, names, texts; a number that is an id, too
    text,
    /// a count
    number,
    /// an index from 0, as people count
    place,
    day,
    month,
    time,
    yes_no,
    /// a code, by its word
    word,
    /// the name as of today of the agency whose code the member is
    agency_name,
};

struct ListColumn {
    std::string_view heading;
    /// "code"; "months.3.leave": of the repeated member `months` the one whose `month` is 3, 0 if
    /// there is none; "months.*.leave": the sum over all of them; "attempts.last.at": of the last
    /// one; "total-dispositions.invalid": the one less the other, nothing if one is not there.
    std::string_view member;
    CellForm form = CellForm::text;
    Words words = Words::none;
    /// In characters; 0: as the form needs.
    int width = 0;
    /// Only there if the parameter `by` names this.
    std::string_view asked_by = {};
};

/// A figure of the whole list, for the sheet 說明. `member` is of the answer.
struct ListSum {
    std::string_view label, member;
};

struct ExportedList {
    /// Below /api/v1, as the route's pattern.
    std::string_view path;
    /// The first sheet's name: the caption of the portal's table.
    std::string_view caption;
    /// In ASCII, without day and ending.
    std::string_view file_name;
    /// The repeated member of the answer; "units/months": for each of the first all of the second,
    /// whose members come before those of the first where both have them.
    std::string_view rows;
    std::span<const ListColumn> columns;
    std::span<const ListSum> sums = {};
    /// Whether its messages come from the rules in force.
    bool by_rules = false;
    /// How its figures are made; "" where they are counted as they are.
    std::string_view formula = {};
};

std::span<const ExportedList> exported_lists();
/// Null if there is none.
const ExportedList* exported_list(std::string_view path);

}  // namespace chaiqin::gateway
