#pragma once
// CSV after RFC 4180 (Table 19 and registry uploads, the product's own tables), read as a stream:
// bytes in any pieces, one call back per row. UTF-8; a BOM is skipped; rows end with CRLF, LF or
// CR; blank lines are skipped. A text that cannot be read to its end has a fault, and no row after
// it is given: whoever reads it must drop the rows that came before. Memory is bounded by the
// longest row allowed. One reader per stream, one thread.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chaiqin::wire {

/// Why a table cannot be taken as a whole, and where to look.
struct TableFault {
    std::uint64_t line = 1;       ///< of the file, from 1
    std::uint64_t column = 0;     ///< which field of the row, from 1; 0: the row as such
    std::uint64_t character = 0;  ///< of the line, from 1; 0: the field as such
    std::string what_zh, what_en;
    /// 第 3 行第 2 欄（第 17 字）：…
    std::string zh() const;
    /// line 3, column 2 (character 17): …
    std::string en() const;
    /// The same without the line, for whoever writes FILE:LINE before it.
    std::string en_without_line() const;
    bool operator==(const TableFault&) const = default;
};

struct CsvRow {
    enum class Shape { whole, too_long, other_field_count };
    std::uint64_t line = 1;  ///< of the file; the header is line 1 if no blank line precedes it
    std::span<const std::string_view> fields;  ///< valid during the call
    Shape shape = Shape::whole;                ///< anything else: the row is to be rejected
    bool whole() const { return shape == Shape::whole; }
    /// "" where the row is too short or the column is absent.
    std::string_view field(std::optional<std::size_t> column) const {
        return column && *column < fields.size() ? fields[*column] : std::string_view{};
    }
};
/// Why a row that is not whole is rejected.
std::string_view shape_zh(CsvRow::Shape shape);
std::string_view shape_en(CsvRow::Shape shape);

/// Finds the first byte that cannot stand in UTF-8; NUL cannot either.
class Utf8Reader {
public:
    /// How many of the bytes are good; the next one is bad if there is one.
    std::size_t good_bytes(std::string_view bytes);
    bool within_character() const { return missing_ > 0; }

private:
    bool take(unsigned char byte);
    int missing_ = 0;
    unsigned char least_ = 0, most_ = 0;
};

/// Rows as they stand, without a header. Gives no row of `other_field_count`.
class CsvReader {
public:
    using OnRow = std::function<void(const CsvRow&)>;
    static constexpr std::size_t longest_row_bytes = 64 * 1024;

    explicit CsvReader(OnRow on_row);
    void feed(std::string_view bytes);
    /// The last row may lack its line end. To be called once, after the last feed.
    void finish();
    const std::optional<TableFault>& fault() const { return fault_; }

private:
    enum class State { row_start, field_start, plain, quoted, quote_in_quoted };
    enum class Fault {
        open_quote,
        line_end_in_quotes,
        text_beside_quotes,
        stray_quote,
        no_utf8,
        nul
    };
    struct Place {
        std::uint64_t column = 0, character = 0;
    };

    void read(std::string_view bytes);
    void take(char c);
    void take_in_field(char c);
    void end_field();
    void end_row();
    void end_line(char c);
    void append(std::string_view bytes);
    std::size_t append_run(std::string_view bytes);
    Place here() const { return {ends_.size() + 1, character_}; }
    void fail(Fault fault, Place place);

    OnRow on_row_;
    Utf8Reader utf8_;
    State state_ = State::row_start;
    std::uint64_t line_ = 1, row_line_ = 1, character_ = 0;
    Place quote_;  ///< the one that opened the field
    std::size_t bom_seen_ = 0;
    bool after_carriage_return_ = false;
    bool too_long_ = false;
    std::string text_;
    std::vector<std::size_t> ends_;
    std::vector<std::string_view> fields_;
    std::optional<TableFault> fault_;
};

/// Columns by name: the header row of a CSV. Names are compared after trimming blanks and ignoring
/// case.
class CsvHeader {
public:
    explicit CsvHeader(const CsvRow& row);
    CsvHeader() = default;
    std::optional<std::size_t> column(std::string_view name) const;
    std::size_t size() const { return names_.size(); }
    std::uint64_t line() const { return line_; }
    /// As compared: trimmed, in lower case.
    const std::string& name(std::size_t column) const { return names_[column]; }
    /// As it stands, trimmed.
    const std::string& written(std::size_t column) const { return written_[column]; }

private:
    std::uint64_t line_ = 1;
    std::vector<std::string> written_, names_;
};

/// What a header may hold.
struct CsvColumns {
    std::vector<std::string_view> needed, others;
    /// False: a column that is neither needed nor among the others is a fault.
    bool unknown_allowed = false;
    bool knows(std::string_view name) const;
};

/// A table with a header. A header that is no header is a fault of the whole; a row with more or
/// fewer fields than the header is given with that shape.
class CsvTable {
public:
    using OnRow = std::function<void(const CsvHeader&, const CsvRow&)>;
    CsvTable(CsvColumns columns, OnRow on_row);
    CsvTable(const CsvTable&) = delete;
    CsvTable& operator=(const CsvTable&) = delete;
    void feed(std::string_view bytes);
    /// To be called once, after the last feed.
    void finish();
    const std::optional<TableFault>& fault() const { return fault_; }
    /// Of the header, in its order; an unnamed one is "第 n 欄".
    std::vector<std::string> unknown_columns() const;

private:
    void take(CsvRow row);
    std::optional<TableFault> header_fault(const CsvRow& row) const;
    void take_fault();

    CsvColumns columns_;
    OnRow on_row_;
    std::optional<CsvHeader> header_;
    std::optional<TableFault> fault_;
    CsvReader reader_;
};

/// A whole text at once: `on_row` gets every row after the header. With a fault the rows that were
/// given do not count.
std::optional<TableFault> read_csv(std::string_view text, CsvColumns columns,
                                   const CsvTable::OnRow& on_row);

/// Spaces, tabs and full-width spaces at both ends are cut.
std::string_view trimmed(std::string_view text);

}  // namespace chaiqin::wire
