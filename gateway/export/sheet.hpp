#pragma once
// What a file holds, whatever its format: a table whose rows come one after the other, and what is
// to be said about it. The writers (csv, xlsx, ods) put it into a spool file; they take one row at
// a time, so memory stays flat. Whatever next_row or about throws passes through a writer.
#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace chaiqin::gateway {

/// Nothing, a text, or a count.
using Cell = std::variant<std::monostate, std::string, std::int64_t>;

struct SheetColumn {
    std::string heading;
    /// in characters
    int width = 12;
};

/// A line of the sheet 說明.
struct AboutLine {
    std::string label;
    Cell value;
};

struct Sheet {
    std::string name;
    std::vector<SheetColumn> columns;
    /// Fills in the next row, a cell per column; false behind the last one.
    std::function<bool(std::vector<Cell>&)> next_row;
    /// Asked for behind the last row.
    std::function<std::vector<AboutLine>()> about;
};

inline constexpr const char* about_sheet_name = "說明";
inline constexpr int about_label_width = 24, about_value_width = 60;

class SpoolFile;
void write_csv(const Sheet& sheet, const SpoolFile& file);
void write_xlsx(const Sheet& sheet, const SpoolFile& file);
void write_ods(const Sheet& sheet, const SpoolFile& file);

}  // namespace chaiqin::gateway
