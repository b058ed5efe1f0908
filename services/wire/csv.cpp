#include "wire/csv.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace chaiqin::wire {

namespace {

constexpr std::string_view bom = "\xEF\xBB\xBF";

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// Eight bytes of ASCII without NUL.
bool plain_ascii(const char* bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes, sizeof eight);
    return ((eight | (eight - ones)) & tops) == 0;
}

struct Words {
    const char *zh, *en;
};

}  // namespace

std::string TableFault::zh() const {
    std::string text = "第 " + std::to_string(line) + " 行";
    if (column > 0) text += "第 " + std::to_string(column) + " 欄";
    if (character > 0) text += "（第 " + std::to_string(character) + " 字）";
    return text + "：" + what_zh;
}

std::string TableFault::en() const {
    return "line " + std::to_string(line) + (column > 0 ? ", " : ": ") + en_without_line();
}

std::string TableFault::en_without_line() const {
    if (column == 0) return what_en;
    auto text = "column " + std::to_string(column);
    if (character > 0) text += " (character " + std::to_string(character) + ")";
    return text + ": " + what_en;
}

std::string_view shape_zh(CsvRow::Shape shape) {
    return shape == CsvRow::Shape::too_long ? "資料列超過 64 KiB" : "欄位數與標題列不同";
}

std::string_view shape_en(CsvRow::Shape shape) {
    return shape == CsvRow::Shape::too_long ? "the row is over 64 KiB"
                                            : "the row has not as many fields as the header";
}

std::size_t Utf8Reader::good_bytes(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (missing_ == 0 && bytes.size() - at >= 8 && plain_ascii(bytes.data() + at)) {
            at += 8;
            continue;
        }
        if (!take(static_cast<unsigned char>(bytes[at]))) return at;
        ++at;
    }
    return at;
}

bool Utf8Reader::take(unsigned char byte) {
    if (missing_ > 0) {
        if (byte < least_ || byte > most_) return false;
        --missing_;
        least_ = 0x80;
        most_ = 0xBF;
        return true;
    }
    if (byte < 0x80) return byte != 0;
    if (byte < 0xC2 || byte > 0xF4) return false;
    missing_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    // No overlong forms, no surrogates, nothing above U+10FFFF.
    least_ = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
    most_ = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
    return true;
}

CsvReader::CsvReader(OnRow on_row) : on_row_(std::move(on_row)) {}

void CsvReader::feed(std::string_view bytes) {
    if (fault_) return;
    const auto good = utf8_.good_bytes(bytes);
    read(bytes.substr(0, good));
    if (fault_ || good == bytes.size()) return;
    auto place = here();
    if (!utf8_.within_character()) ++place.character;
    fail(bytes[good] == '\0' ? Fault::nul : Fault::no_utf8, place);
}

void CsvReader::read(std::string_view bytes) {
    for (; bom_seen_ < bom.size() && !bytes.empty(); bytes.remove_prefix(1), ++bom_seen_) {
        if (bytes[0] == bom[bom_seen_]) continue;
        for (const char c : bom.substr(0, std::exchange(bom_seen_, bom.size()))) take(c);
        break;
    }
    while (!bytes.empty() && !fault_) {
        if (state_ == State::plain || state_ == State::quoted)
            bytes.remove_prefix(append_run(bytes));
        if (bytes.empty()) return;
        take(bytes[0]);
        bytes.remove_prefix(1);
    }
}

std::size_t CsvReader::append_run(std::string_view bytes) {
    const auto stops = [quoted = state_ == State::quoted](char c) {
        return c == '"' || c == '\n' || c == '\r' || (!quoted && c == ',');
    };
    const auto length =
        static_cast<std::size_t>(std::find_if(bytes.begin(), bytes.end(), stops) - bytes.begin());
    const auto run = bytes.substr(0, length);
    character_ +=
        static_cast<std::uint64_t>(std::count_if(run.begin(), run.end(), begins_character));
    append(run);
    return length;
}

void CsvReader::take(char c) {
    if (std::exchange(after_carriage_return_, false) && c == '\n') return;
    if (c == '\r' || c == '\n') return end_line(c);
    if (begins_character(c)) ++character_;
    if (state_ == State::row_start) {
        row_line_ = line_;
        state_ = State::field_start;
    }
    take_in_field(c);
}

void CsvReader::take_in_field(char c) {
    switch (state_) {
        case State::row_start:
        case State::field_start:
            if (c == '"') {
                quote_ = here();
                state_ = State::quoted;
                return;
            }
            state_ = State::plain;
            [[fallthrough]];
        case State::plain:
            if (c == ',') return end_field();
            if (c == '"') return fail(Fault::stray_quote, here());
            return append({&c, 1});
        case State::quoted:
            if (c != '"') return append({&c, 1});
            state_ = State::quote_in_quoted;
            return;
        case State::quote_in_quoted:
            if (c == ',') return end_field();
            if (c != '"') return fail(Fault::text_beside_quotes, here());
            append({&c, 1});
            state_ = State::quoted;
            return;
    }
}

void CsvReader::append(std::string_view bytes) {
    const auto room = longest_row_bytes - text_.size();
    if (bytes.size() > room) too_long_ = true;
    text_.append(bytes.substr(0, room));
}

void CsvReader::end_field() {
    if (ends_.size() < longest_row_bytes)
        ends_.push_back(text_.size());
    else
        too_long_ = true;
    state_ = State::field_start;
}

void CsvReader::end_line(char c) {
    if (state_ == State::quoted) return fail(Fault::line_end_in_quotes, quote_);
    after_carriage_return_ = c == '\r';
    if (state_ != State::row_start) end_row();
    ++line_;
    character_ = 0;
}

void CsvReader::end_row() {
    ends_.push_back(text_.size());
    fields_.clear();
    std::size_t begin = 0;
    for (const auto end : ends_) {
        fields_.push_back(std::string_view(text_).substr(begin, end - begin));
        begin = end;
    }
    const auto shape =
        std::exchange(too_long_, false) ? CsvRow::Shape::too_long : CsvRow::Shape::whole;
    on_row_(CsvRow{row_line_, fields_, shape});
    text_.clear();
    ends_.clear();
    state_ = State::row_start;
}

void CsvReader::finish() {
    if (fault_) return;
    if (utf8_.within_character()) return fail(Fault::no_utf8, here());
    if (state_ == State::quoted) return fail(Fault::open_quote, quote_);
    if (state_ != State::row_start) end_row();
}

void CsvReader::fail(Fault fault, Place place) {
    const auto words = [fault]() -> Words {
        switch (fault) {
            case Fault::open_quote:
                return {"引號未關閉", "a quote is never closed"};
            case Fault::line_end_in_quotes:
                return {"引號內不得換行，引號可能未關閉",
                        "a line ends inside quotes; is the quote never closed?"};
            case Fault::text_beside_quotes:
                return {"引號之外另有文字", "text beside a closed quote"};
            case Fault::stray_quote:
                return {"欄位未以引號開頭，其中不得有引號",
                        "a quote inside a field that does not begin with one"};
            case Fault::no_utf8:
                return {"不是 UTF-8 編碼", "bytes that are not UTF-8"};
            case Fault::nul:
                return {"含有 NUL 字元", "a NUL character"};
        }
        return {"", ""};
    }();
    fault_ = TableFault{line_, place.column, place.character, words.zh, words.en};
}

CsvHeader::CsvHeader(const CsvRow& row) : line_(row.line) {
    for (const auto field : row.fields) {
        auto name = std::string(trimmed(field));
        written_.push_back(name);
        for (char& c : name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        names_.push_back(std::move(name));
    }
}

std::optional<std::size_t> CsvHeader::column(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
}

bool CsvColumns::knows(std::string_view name) const {
    const auto is_in = [&](const auto& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    return is_in(needed) || is_in(others);
}

CsvTable::CsvTable(CsvColumns columns, OnRow on_row)
    : columns_(std::move(columns)),
      on_row_(std::move(on_row)),
      reader_([this](const CsvRow& row) { take(row); }) {}

void CsvTable::feed(std::string_view bytes) {
    if (fault_) return;
    reader_.feed(bytes);
    take_fault();
}

void CsvTable::finish() {
    if (fault_) return;
    reader_.finish();
    take_fault();
    if (!fault_ && !header_) fault_ = TableFault{1, 0, 0, "沒有標題列", "there is no header row"};
}

void CsvTable::take_fault() {
    if (!fault_) fault_ = reader_.fault();
}

void CsvTable::take(CsvRow row) {
    if (fault_) return;
    if (!header_) {
        fault_ = header_fault(row);
        header_.emplace(row);
        return;
    }
    if (row.whole() && row.fields.size() != header_->size())
        row.shape = CsvRow::Shape::other_field_count;
    on_row_(*header_, row);
}

std::optional<TableFault> CsvTable::header_fault(const CsvRow& row) const {
    if (!row.whole())
        return TableFault{row.line, 0, 0, "標題列超過 64 KiB", "the header is over 64 KiB"};
    const CsvHeader header(row);
    for (std::size_t at = 0; at < header.size(); ++at) {
        const auto& name = header.name(at);
        if (!name.empty() && header.column(name) != at)
            return TableFault{row.line, at + 1, 0, "欄位 " + header.written(at) + " 重複",
                              "there is a column " + header.written(at) + " already"};
        if (!columns_.unknown_allowed && !columns_.knows(name))
            return TableFault{row.line, at + 1, 0, "未知的欄位 " + header.written(at),
                              "unknown column " + header.written(at)};
    }
    std::string missing_zh, missing_en;
    for (const auto needed : columns_.needed) {
        if (header.column(needed)) continue;
        missing_zh += (missing_zh.empty() ? "" : "、") + std::string(needed);
        missing_en += (missing_en.empty() ? "" : ", ") + std::string(needed);
    }
    if (missing_zh.empty()) return std::nullopt;
    return TableFault{row.line, 0, 0, "缺少欄位 " + missing_zh, "no column " + missing_en};
}

std::vector<std::string> CsvTable::unknown_columns() const {
    std::vector<std::string> unknown;
    for (std::size_t at = 0; header_ && at < header_->size(); ++at) {
        if (columns_.knows(header_->name(at))) continue;
        const auto& written = header_->written(at);
        unknown.push_back(written.empty() ? "第 " + std::to_string(at + 1) + " 欄" : written);
    }
    return unknown;
}

std::optional<TableFault> read_csv(std::string_view text, CsvColumns columns,
                                   const CsvTable::OnRow& on_row) {
    CsvTable table(std::move(columns), on_row);
    table.feed(text);
    table.finish();
    return table.fault();
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks[] = {" ", "\t", "\u3000"};
    const auto cut = [&](auto at_end, auto remove) {
        const auto found = std::find_if(std::begin(blanks), std::end(blanks), at_end);
        if (found == std::end(blanks)) return false;
        remove(found->size());
        return true;
    };
    while (cut([&](auto blank) { return text.starts_with(blank); },
               [&](auto size) { text.remove_prefix(size); }) ||
           cut([&](auto blank) { return text.ends_with(blank); },
               [&](auto size) { text.remove_suffix(size); }))
        continue;
    return text;
}

}  // namespace chaiqin::wire
