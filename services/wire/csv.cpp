#include "wire/csv.hpp"

#include <algorithm>
#include <utility>

namespace chaiqin::wire {

namespace {
constexpr std::string_view bom = "\xEF\xBB\xBF";
}

CsvReader::CsvReader(OnRow on_row) : on_row_(std::move(on_row)) {}

void CsvReader::feed(std::string_view bytes) {
    for (; bom_seen_ < bom.size() && !bytes.empty(); bytes.remove_prefix(1), ++bom_seen_) {
        if (bytes[0] == bom[bom_seen_]) continue;
        for (const char c : bom.substr(0, std::exchange(bom_seen_, bom.size()))) take(c);
        break;
    }
    while (!bytes.empty()) {
        if (state_ == State::plain || state_ == State::quoted)
            bytes.remove_prefix(append_run(bytes));
        if (bytes.empty()) return;
        take(bytes[0]);
        bytes.remove_prefix(1);
    }
}

std::size_t CsvReader::append_run(std::string_view bytes) {
    if (carriage_return_) return 0;
    const auto stops = [quoted = state_ == State::quoted](char c) {
        return c == '"' || c == '\n' || (!quoted && (c == ',' || c == '\r'));
    };
    const auto length =
        static_cast<std::size_t>(std::find_if(bytes.begin(), bytes.end(), stops) - bytes.begin());
    if (text_.size() + length > longest_row_bytes) return 0;
    text_.append(bytes.substr(0, length));
    return length;
}

void CsvReader::take(char c) {
    if (c == '\n') ++line_;
    if (std::exchange(carriage_return_, false) && c != '\n') well_formed_ = false;
    switch (state_) {
        case State::row_start:
            row_line_ = c == '\n' ? line_ - 1 : line_;
            if (c == '\n') return;
            if (c == '\r') {
                carriage_return_ = true;
                return;
            }
            state_ = State::field_start;
            [[fallthrough]];
        case State::field_start:
            if (c == '"') {
                state_ = State::quoted;
                return;
            }
            state_ = State::plain;
            [[fallthrough]];
        case State::plain:
            if (c == ',') return end_field();
            if (c == '\n') return end_row();
            if (c == '\r')
                carriage_return_ = true;
            else if (c == '"')
                well_formed_ = false;
            else
                append(c);
            return;
        case State::quoted:
            if (c == '"')
                state_ = State::quote_in_quoted;
            else
                append(c);
            return;
        case State::quote_in_quoted:
            if (c == '"') {
                append(c);
                if (state_ == State::quote_in_quoted) state_ = State::quoted;
            } else if (c == ',') {
                end_field();
            } else if (c == '\n') {
                end_row();
            } else if (c == '\r') {
                carriage_return_ = true;
            } else {
                well_formed_ = false;
                state_ = State::plain;
            }
            return;
        case State::skip_line:
            if (c == '\n') end_row();
            return;
    }
}

void CsvReader::append(char c) {
    if (text_.size() < longest_row_bytes) {
        text_ += c;
        return;
    }
    // Resynchronise at the next line end, so that one open quote does not swallow the rest of the
    // file.
    well_formed_ = false;
    state_ = State::skip_line;
}

void CsvReader::end_field() {
    if (ends_.size() < longest_row_bytes)
        ends_.push_back(text_.size());
    else
        well_formed_ = false;
    state_ = State::field_start;
}

void CsvReader::end_row() {
    ends_.push_back(text_.size());
    fields_.clear();
    std::size_t begin = 0;
    for (const auto end : ends_) {
        fields_.push_back(std::string_view(text_).substr(begin, end - begin));
        begin = end;
    }
    const bool well_formed = std::exchange(well_formed_, true);
    on_row_(CsvRow{row_line_, fields_, well_formed});
    text_.clear();
    ends_.clear();
    carriage_return_ = false;
    state_ = State::row_start;
}

void CsvReader::finish() {
    if (state_ == State::quoted) well_formed_ = false;
    if (state_ != State::row_start) end_row();
}

std::optional<std::size_t> CsvHeader::column(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
}

bool read_csv(std::string_view text,
              const std::function<void(const CsvHeader&, const CsvRow&)>& on_row) {
    std::optional<CsvHeader> header;
    CsvReader reader([&](const CsvRow& row) {
        if (header)
            on_row(*header, row);
        else
            header.emplace(row);
    });
    reader.feed(text);
    reader.finish();
    return header.has_value();
}

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace chaiqin::wire
