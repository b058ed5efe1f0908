// CSV as RFC 4180 has it, with what Excel needs to read it well: a byte order mark in front, CRLF,
// and a ' before a text that it would take for a formula.
#include "gateway/export/sheet.hpp"
#include "gateway/export/spool_file.hpp"

namespace chaiqin::gateway {

namespace {

constexpr std::size_t written_at_once = 256 * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

void append_text(std::string& line, const std::string& text) {
    const bool is_like_a_formula =
        !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
    const bool is_quoted = text.find_first_of("\",\r\n") != std::string::npos;
    if (is_quoted) line += '"';
    if (is_like_a_formula) line += '\'';
    for (const char c : text) {
        if (c == '"') line += '"';
        line += c;
    }
    if (is_quoted) line += '"';
}

void append_cell(std::string& line, const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) append_text(line, *text);
    if (const auto* number = std::get_if<std::int64_t>(&cell)) line += std::to_string(*number);
}

void append_line(std::string& text, const std::vector<Cell>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) text += ',';
        append_cell(text, cells[i]);
    }
    text += "\r\n";
}

}  // namespace

void write_csv(const Sheet& sheet, const SpoolFile& file) {
    std::string text(byte_order_mark);
    std::uint64_t written = 0;
    const auto flush = [&] {
        file.write(text, written);
        written += text.size();
        text.clear();
    };
    std::vector<Cell> cells;
    for (const auto& column : sheet.columns) cells.emplace_back(column.heading);
    append_line(text, cells);
    while (sheet.next_row(cells)) {
        append_line(text, cells);
        if (text.size() >= written_at_once) flush();
    }
    flush();
}

}  // namespace chaiqin::gateway
