#pragma once
// A streaming reader for CSV after RFC 4180 (Table 19 and registry uploads, the product's own
// tables): bytes in any pieces, one call back a row. UTF-8; a BOM is skipped; rows end with LF or
// CRLF; blank lines are skipped. Memory is bounded by the longest row allowed. One reader a stream,
// one thread.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chaiqin::wire {

struct CsvRow {
    std::uint64_t line = 1;  ///< line of the file on which the row begins; the header is line 1
    std::span<const std::string_view> fields;  ///< valid during the call
    bool well_formed =
        true;  ///< false: text beside quotes, a quote never closed, or a row over the limit
    /// "" where the row is too short or the column is absent.
    std::string_view field(std::optional<std::size_t> column) const {
        return column && *column < fields.size() ? fields[*column] : std::string_view{};
    }
};

class CsvReader {
public:
    using OnRow = std::function<void(const CsvRow&)>;
    static constexpr std::size_t longest_row_bytes = 64 * 1024;

    explicit CsvReader(OnRow on_row);
    void feed(std::string_view bytes);
    /// The last row may lack its line end. To be called once, after the last feed.
    void finish();

private:
    enum class State { row_start, field_start, plain, quoted, quote_in_quoted, skip_line };

    void take(char c);
    void end_field();
    void end_row();
    void append(char c);
    std::size_t append_run(std::string_view bytes);

    OnRow on_row_;
    State state_ = State::row_start;
    std::uint64_t line_ = 1, row_line_ = 1;
    std::size_t bom_seen_ = 0;
    bool well_formed_ = true;
    bool carriage_return_ = false;
    std::string text_;
    std::vector<std::size_t> ends_;
    std::vector<std::string_view> fields_;
};

/// Columns by name: the header row of a CSV. Names are compared exactly; the first of two equal
/// ones holds.
class CsvHeader {
public:
    explicit CsvHeader(const CsvRow& row) : names_(row.fields.begin(), row.fields.end()) {}
    CsvHeader() = default;
    std::optional<std::size_t> column(std::string_view name) const;

private:
    std::vector<std::string> names_;
};

/// A whole text at once: `on_row` gets every row after the header. False: there is no header row.
bool read_csv(std::string_view text,
              const std::function<void(const CsvHeader&, const CsvRow&)>& on_row);

/// A field as it must be written: quoted where it holds a comma, a quote or a line end.
std::string csv_field(std::string_view text);

}  // namespace chaiqin::wire
