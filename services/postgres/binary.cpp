#include "postgres/binary.hpp"

#include <endian.h>

#include <cstring>

#include "postgres/pq.hpp"

namespace chaiqin::postgres {

namespace {

constexpr unsigned oid_bool = 16, oid_bytea = 17, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23,
                   oid_text = 25, oid_date = 1082, oid_timestamptz = 1184, oid_uuid = 2950,
                   oid_bytea_array = 1001, oid_int2_array = 1005, oid_int4_array = 1007,
                   oid_text_array = 1009, oid_int8_array = 1016, oid_timestamptz_array = 1185,
                   oid_uuid_array = 2951;
constexpr std::int64_t postgres_epoch_us = 946'684'800'000'000;  // 2000-01-01
constexpr std::int32_t postgres_epoch_days = 10957;

template <class T>
T big_endian(T value) {
    if constexpr (sizeof(T) == 2)
        return static_cast<T>(htobe16(static_cast<std::uint16_t>(value)));
    else if constexpr (sizeof(T) == 4)
        return static_cast<T>(htobe32(static_cast<std::uint32_t>(value)));
    else
        return static_cast<T>(htobe64(static_cast<std::uint64_t>(value)));
}

template <class T>
void put(std::string& out, T value) {
    value = big_endian(value);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T get(const char* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return big_endian(value);
}

int hex(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

void put_uuid(std::string& out, std::string_view text) {
    std::size_t digits = 0;
    char high = 0;
    for (const char c : text) {
        if (c == '-') continue;
        if (!std::isxdigit(static_cast<unsigned char>(c)))
            throw domain::PermanentFailure("not a UUID");
        if (digits++ % 2 == 0)
            high = c;
        else
            out += static_cast<char>(hex(high) << 4 | hex(c));
    }
    if (digits != 32) throw domain::PermanentFailure("not a UUID");
}

void array_head(std::string& out, std::size_t size, bool nulls, unsigned element) {
    put<std::int32_t>(out, size ? 1 : 0);
    put<std::int32_t>(out, nulls);
    put<std::int32_t>(out, static_cast<std::int32_t>(element));
    if (size) {
        put<std::int32_t>(out, static_cast<std::int32_t>(size));
        put<std::int32_t>(out, 1);
    }
}

template <class T>
std::string number_array(const std::vector<T>& values, unsigned element) {
    std::string out;
    array_head(out, values.size(), false, element);
    const auto head = out.size();
    out.resize(head + values.size() * (4 + sizeof(T)));
    char* to = out.data() + head;
    const auto size = big_endian<std::int32_t>(sizeof(T));
    for (const T value : values) {
        const T big = big_endian(value);
        std::memcpy(to, &size, 4);
        std::memcpy(to + 4, &big, sizeof(T));
        to += 4 + sizeof(T);
    }
    return out;
}

void put_sized(std::string& out, std::string_view bytes) {
    put<std::int32_t>(out, static_cast<std::int32_t>(bytes.size()));
    out.append(bytes);
}

std::string string_array(const std::vector<std::string>& values, unsigned element) {
    std::string out;
    array_head(out, values.size(), false, element);
    for (const auto& value : values) put_sized(out, value);
    return out;
}

std::string optional_string_array(const std::vector<std::optional<std::string>>& values) {
    std::string out;
    array_head(out, values.size(), true, oid_text);
    for (const auto& value : values) {
        if (value)
            put_sized(out, *value);
        else
            put<std::int32_t>(out, -1);
    }
    return out;
}

std::int64_t to_postgres(domain::Instant at) {
    return at.time_since_epoch().count() - postgres_epoch_us;
}

const PGresult* as_result(const void* result) { return static_cast<const PGresult*>(result); }

template <class T>
std::vector<T> read_numbers(std::string_view bytes) {
    if (bytes.size() < 12) throw_unreadable_schema("array expected from PostgreSQL");
    std::vector<T> values;
    if (get<std::int32_t>(bytes.data()) == 0) return values;
    const auto count = static_cast<std::size_t>(get<std::int32_t>(bytes.data() + 12));
    values.reserve(count);
    const char* at = bytes.data() + 20;
    for (std::size_t i = 0; i < count; ++i) {
        const auto size = get<std::int32_t>(at);
        at += 4;
        if (size == 8)
            values.push_back(static_cast<T>(get<std::int64_t>(at)));
        else if (size == 4)
            values.push_back(static_cast<T>(get<std::int32_t>(at)));
        else if (size == 2)
            values.push_back(static_cast<T>(get<std::int16_t>(at)));
        else
            throw_unreadable_schema("array of numbers without nulls expected from PostgreSQL");
        at += size;
    }
    return values;
}

}  // namespace

Params& Params::add(std::int64_t value) {
    std::string bytes;
    put(bytes, value);
    values_.push_back({oid_int8, std::move(bytes)});
    return *this;
}
Params& Params::add(std::int32_t value) {
    std::string bytes;
    put(bytes, value);
    values_.push_back({oid_int4, std::move(bytes)});
    return *this;
}
Params& Params::add(std::int16_t value) {
    std::string bytes;
    put(bytes, value);
    values_.push_back({oid_int2, std::move(bytes)});
    return *this;
}
Params& Params::add(bool value) {
    values_.push_back({oid_bool, std::string(1, value ? '\1' : '\0')});
    return *this;
}
Params& Params::add(std::string_view value) {
    values_.push_back({oid_text, std::string(value)});
    return *this;
}
Params& Params::add(domain::Instant value) {
    std::string bytes;
    put(bytes, to_postgres(value));
    values_.push_back({oid_timestamptz, std::move(bytes)});
    return *this;
}
Params& Params::add_date(domain::Day value) {
    std::string bytes;
    put<std::int32_t>(bytes, value - postgres_epoch_days);
    values_.push_back({oid_date, std::move(bytes)});
    return *this;
}
Params& Params::add_date(std::optional<domain::Day> value) {
    add_date(value.value_or(0));
    values_.back().null = !value;
    return *this;
}
Params& Params::add_bytes(std::string_view value) {
    values_.push_back({oid_bytea, std::string(value)});
    return *this;
}
Params& Params::add_uuid(std::string_view text) {
    std::string bytes;
    put_uuid(bytes, text);
    values_.push_back({oid_uuid, std::move(bytes)});
    return *this;
}
Params& Params::add_array(const std::vector<std::int64_t>& values) {
    values_.push_back({oid_int8_array, number_array(values, oid_int8)});
    return *this;
}
Params& Params::add_array(const std::vector<std::int32_t>& values) {
    values_.push_back({oid_int4_array, number_array(values, oid_int4)});
    return *this;
}
Params& Params::add_array(const std::vector<std::int16_t>& values) {
    values_.push_back({oid_int2_array, number_array(values, oid_int2)});
    return *this;
}
Params& Params::add_array(const std::vector<std::string>& values) {
    values_.push_back({oid_text_array, string_array(values, oid_text)});
    return *this;
}
Params& Params::add_array(const std::optional<std::vector<std::string>>& values) {
    add_array(values.value_or(std::vector<std::string>{}));
    values_.back().null = !values;
    return *this;
}
Params& Params::add_array(const std::vector<std::optional<std::string>>& values) {
    values_.push_back({oid_text_array, optional_string_array(values)});
    return *this;
}
Params& Params::add_array(const std::vector<std::optional<std::int64_t>>& values) {
    std::string out;
    array_head(out, values.size(), true, oid_int8);
    for (const auto& value : values) {
        put<std::int32_t>(out, value ? 8 : -1);
        if (value) put<std::int64_t>(out, *value);
    }
    values_.push_back({oid_int8_array, std::move(out)});
    return *this;
}
Params& Params::add_array(const std::vector<domain::Instant>& values) {
    std::vector<std::int64_t> ticks;
    for (const auto value : values) ticks.push_back(to_postgres(value));
    values_.push_back({oid_timestamptz_array, number_array(ticks, oid_timestamptz)});
    return *this;
}
Params& Params::add_uuid_array(const std::vector<std::string>& values) {
    std::vector<std::string> bytes;
    for (const auto& value : values) put_uuid(bytes.emplace_back(), value);
    values_.push_back({oid_uuid_array, string_array(bytes, oid_uuid)});
    return *this;
}
Params& Params::add_bytes_array(const std::vector<std::string>& values) {
    values_.push_back({oid_bytea_array, string_array(values, oid_bytea)});
    return *this;
}

Rows::~Rows() { PQclear(static_cast<PGresult*>(result_)); }
int Rows::size() const { return PQntuples(as_result(result_)); }
std::int64_t Rows::affected() const {
    return std::strtoll(PQcmdTuples(static_cast<PGresult*>(result_)), nullptr, 10);
}
bool Rows::is_null(int row, int column) const {
    return PQgetisnull(as_result(result_), row, column);
}

int Rows::column(std::string_view name) const {
    const int columns = PQnfields(as_result(result_));
    for (int tried = 0; tried < columns; ++tried) {
        const int column = (next_column_ + tried) % columns;
        if (name != PQfname(as_result(result_), column)) continue;
        next_column_ = column + 1;
        return column;
    }
    domain::broken_invariant(("a statement gives no column " + std::string(name)).c_str());
}

Row Rows::only() const {
    if (size() != 1) domain::broken_invariant("a statement that gives one row gave another number");
    return {*this, 0};
}

std::string_view Rows::field(int row, int column) const {
    if (is_null(row, column))
        throw_unreadable_schema("unexpected null from PostgreSQL in column " +
                                std::to_string(column));
    return {PQgetvalue(as_result(result_), row, column),
            static_cast<std::size_t>(PQgetlength(as_result(result_), row, column))};
}

std::int64_t Rows::int8(int row, int column) const {
    const auto bytes = field(row, column);
    if (bytes.size() == 8) return get<std::int64_t>(bytes.data());
    if (bytes.size() == 4) return get<std::int32_t>(bytes.data());
    if (bytes.size() == 2) return get<std::int16_t>(bytes.data());
    throw_unreadable_schema("integer expected from PostgreSQL in column " + std::to_string(column));
}
bool Rows::boolean(int row, int column) const { return field(row, column).at(0) != 0; }
std::string_view Rows::text(int row, int column) const { return field(row, column); }

std::string Rows::uuid(int row, int column) const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    const auto bytes = field(row, column);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        const auto byte = static_cast<unsigned char>(bytes[i]);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

domain::Instant Rows::instant(int row, int column) const {
    return domain::Instant(std::chrono::microseconds(get<std::int64_t>(field(row, column).data()) +
                                                     postgres_epoch_us));
}
domain::Day Rows::day(int row, int column) const {
    return get<std::int32_t>(field(row, column).data()) + postgres_epoch_days;
}

std::optional<std::int64_t> Rows::optional_int8(int row, int column) const {
    if (is_null(row, column)) return std::nullopt;
    return int8(row, column);
}
std::optional<std::string> Rows::optional_text(int row, int column) const {
    if (is_null(row, column)) return std::nullopt;
    return string(row, column);
}
std::optional<domain::Instant> Rows::optional_instant(int row, int column) const {
    if (is_null(row, column)) return std::nullopt;
    return instant(row, column);
}
std::optional<domain::Day> Rows::optional_day(int row, int column) const {
    if (is_null(row, column)) return std::nullopt;
    return day(row, column);
}
std::vector<std::int64_t> Rows::int8_array(int row, int column) const {
    return read_numbers<std::int64_t>(field(row, column));
}
std::vector<std::int32_t> Rows::int4_array(int row, int column) const {
    return read_numbers<std::int32_t>(field(row, column));
}
std::vector<std::int16_t> Rows::int2_array(int row, int column) const {
    return read_numbers<std::int16_t>(field(row, column));
}

std::vector<std::string> Rows::text_array(int row, int column) const {
    const auto bytes = field(row, column);
    std::vector<std::string> values;
    if (bytes.size() < 12 || get<std::int32_t>(bytes.data()) == 0) return values;
    const auto count = static_cast<std::size_t>(get<std::int32_t>(bytes.data() + 12));
    const char* at = bytes.data() + 20;
    for (std::size_t i = 0; i < count; ++i) {
        const auto size = get<std::int32_t>(at);
        at += 4;
        values.emplace_back(at, size > 0 ? static_cast<std::size_t>(size) : 0);
        if (size > 0) at += size;
    }
    return values;
}

CopyWriter::CopyWriter(domain::UnitOfWork& work, const std::string& table,
                       const std::vector<std::string>& columns)
    : work_(work), columns_(static_cast<int>(columns.size())) {
    std::string sql = "COPY " + table + " (";
    for (std::size_t i = 0; i < columns.size(); ++i) sql += (i ? ", " : "") + columns[i];
    sql += ") FROM STDIN (FORMAT binary)";
    PGresult* result = PQexec(raw(work_), sql.c_str());
    if (PQresultStatus(result) != PGRES_COPY_IN) {
        open_ = false;
        Rows owner(result);
        throw_failed(raw(work_), result);
    }
    PQclear(result);
    buffer_.append("PGCOPY\n\377\r\n\0", 11);
    put<std::int32_t>(buffer_, 0);
    put<std::int32_t>(buffer_, 0);
}

CopyWriter::~CopyWriter() {
    if (!open_) return;
    PQputCopyEnd(raw(work_), "given up");
    while (PGresult* result = PQgetResult(raw(work_))) PQclear(result);
}

void CopyWriter::flush(bool always) {
    if (!always && buffer_.size() < (256u << 10)) return;
    if (PQputCopyData(raw(work_), buffer_.data(), static_cast<int>(buffer_.size())) != 1)
        throw_failed(raw(work_), nullptr);
    buffer_.clear();
}

void CopyWriter::row() {
    flush(false);
    put<std::int16_t>(buffer_, static_cast<std::int16_t>(columns_));
}
void CopyWriter::int8(std::int64_t value) {
    put<std::int32_t>(buffer_, 8);
    put(buffer_, value);
}
void CopyWriter::int4(std::int32_t value) {
    put<std::int32_t>(buffer_, 4);
    put(buffer_, value);
}
void CopyWriter::int2(std::int16_t value) {
    put<std::int32_t>(buffer_, 2);
    put(buffer_, value);
}
void CopyWriter::boolean(bool value) {
    put<std::int32_t>(buffer_, 1);
    buffer_ += value ? '\1' : '\0';
}
void CopyWriter::text(std::string_view value) { put_sized(buffer_, value); }
void CopyWriter::uuid(std::string_view text) {
    put<std::int32_t>(buffer_, 16);
    put_uuid(buffer_, text);
}
void CopyWriter::instant(domain::Instant value) { int8(to_postgres(value)); }
void CopyWriter::day(domain::Day value) { int4(value - postgres_epoch_days); }
void CopyWriter::null() { put<std::int32_t>(buffer_, -1); }
void CopyWriter::int8_array(const std::vector<std::int64_t>& values) {
    put_sized(buffer_, number_array(values, oid_int8));
}
void CopyWriter::int4_array(const std::vector<std::int32_t>& values) {
    put_sized(buffer_, number_array(values, oid_int4));
}
void CopyWriter::int2_array(const std::vector<std::int16_t>& values) {
    put_sized(buffer_, number_array(values, oid_int2));
}
void CopyWriter::text_array(const std::vector<std::string>& values) {
    put_sized(buffer_, string_array(values, oid_text));
}
void CopyWriter::text_array(const std::vector<std::optional<std::string>>& values) {
    put_sized(buffer_, optional_string_array(values));
}

void CopyWriter::finish() {
    put<std::int16_t>(buffer_, -1);
    flush(true);
    open_ = false;
    if (PQputCopyEnd(raw(work_), nullptr) != 1) throw_failed(raw(work_), nullptr);
    PGresult* result = PQgetResult(raw(work_));
    Rows owner(result);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) throw_failed(raw(work_), result);
    while (PGresult* more = PQgetResult(raw(work_))) PQclear(more);
}

}  // namespace chaiqin::postgres
