// XLSX by libxlsxwriter, which keeps one row in memory and writes the file when it is closed.
#include <xlsxwriter.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "domain/failure.hpp"
#include "gateway/export/sheet.hpp"
#include "gateway/export/spool_file.hpp"

namespace chaiqin::gateway {

namespace {

/// What a cell takes of a text.
constexpr std::size_t most_characters = 32'767;

void check(lxw_error error) {
    if (error != LXW_NO_ERROR)
        throw domain::TransientFailure(std::string("xlsx: ") + lxw_strerror(error));
}

/// XML has no U+FFFE and no U+FFFF: U+FFFD stands for them.
void replace_what_xml_lacks(std::string& text) {
    for (auto at = text.find("\xEF\xBF"); at != std::string::npos;
         at = text.find("\xEF\xBF", at + 3))
        if (at + 2 < text.size() && (text[at + 2] == '\xBE' || text[at + 2] == '\xBF'))
            text[at + 2] = '\xBD';
}

/// In a cell `_x0041_` stands for the character of that number (ECMA-376, part 1, 22.9.2.19). A
/// text that only looks so has its first underscore written that way.
std::string with_underscores_kept(std::string_view text) {
    const auto looks_so = [&](std::size_t at) {
        const auto form = text.substr(at, 7);
        const auto is_hex = [](char c) {
            return std::isxdigit(static_cast<unsigned char>(c)) != 0;
        };
        return form.size() == 7 && form[1] == 'x' && form[6] == '_' &&
               std::all_of(form.begin() + 2, form.begin() + 6, is_hex);
    };
    std::string kept;
    for (std::size_t at = 0; at < text.size(); ++at)
        text[at] == '_' && looks_so(at) ? kept += "_x005F_" : kept += text[at];
    return kept;
}

/// The text as far as a cell takes it, cut between two characters.
std::string fitting(std::string text) {
    replace_what_xml_lacks(text);
    if (text.find("_x") != std::string::npos) text = with_underscores_kept(text);
    if (text.size() <= most_characters) return text;
    std::size_t characters = 0, at = 0;
    for (; at < text.size(); ++at) {
        const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
        if (begins && characters++ == most_characters) break;
    }
    return text.substr(0, at);
}

class Workbook {
public:
    explicit Workbook(const SpoolFile& file) : tmpdir_(file.directory()) {
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE;
        options.tmpdir = tmpdir_.data();
        book_ = workbook_new_opt(file.path().c_str(), &options);
        if (!book_) throw domain::TransientFailure("xlsx: no workbook can be made");
        bold_ = workbook_add_format(book_);
        format_set_bold(bold_);
        text_ = workbook_add_format(book_);
        format_set_num_format(text_, "@");
    }
    ~Workbook() {
        if (book_) lxw_workbook_free(book_);
    }
    Workbook(const Workbook&) = delete;

    lxw_worksheet* add(const std::string& name) {
        auto* sheet = workbook_add_worksheet(book_, name.c_str());
        if (!sheet) throw domain::PermanentFailure("xlsx: no sheet can have the name " + name);
        return sheet;
    }
    void put(lxw_worksheet* sheet, lxw_row_t row, std::size_t column, const Cell& cell,
             bool is_bold = false) {
        const auto at = static_cast<lxw_col_t>(column);
        if (const auto* text = std::get_if<std::string>(&cell); text && !text->empty())
            check(worksheet_write_string(sheet, row, at, fitting(*text).c_str(),
                                         is_bold ? bold_ : text_));
        if (const auto* number = std::get_if<std::int64_t>(&cell))
            check(worksheet_write_number(sheet, row, at, static_cast<double>(*number), nullptr));
    }
    /// Writes the file.
    void close() { check(workbook_close(std::exchange(book_, nullptr))); }

private:
    std::string tmpdir_;
    lxw_workbook* book_ = nullptr;
    lxw_format *bold_ = nullptr, *text_ = nullptr;
};

void set_width(lxw_worksheet* sheet, std::size_t column, int width) {
    const auto at = static_cast<lxw_col_t>(column);
    check(worksheet_set_column(sheet, at, at, width, nullptr));
}

}  // namespace

void write_xlsx(const Sheet& sheet, const SpoolFile& file) {
    Workbook book(file);
    auto* list = book.add(sheet.name);
    worksheet_freeze_panes(list, 1, 0);
    for (std::size_t i = 0; i < sheet.columns.size(); ++i) {
        set_width(list, i, sheet.columns[i].width);
        book.put(list, 0, i, sheet.columns[i].heading, true);
    }
    std::vector<Cell> cells;
    for (lxw_row_t row = 1; sheet.next_row(cells); ++row)
        for (std::size_t i = 0; i < cells.size(); ++i) book.put(list, row, i, cells[i]);
    auto* about = book.add(about_sheet_name);
    set_width(about, 0, about_label_width);
    set_width(about, 1, about_value_width);
    lxw_row_t row = 0;
    for (const auto& line : sheet.about()) {
        book.put(about, row, 0, line.label, true);
        book.put(about, row++, 1, line.value);
    }
    book.close();
}

}  // namespace chaiqin::gateway
