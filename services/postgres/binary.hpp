#pragma once
// Statements with binary parameters and results, and binary COPY, through libpq inside a
// UnitOfWork's transaction (ADR 0006). Everything throws TransientFailure or PermanentFailure. For
// the .cpp files of this folder; no libpq here.
#include <chrono>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/unit_of_work.hpp"
#include "postgres/sql.hpp"

namespace chaiqin::postgres {

class Session;

/// Parameters $1, $2 … with their PostgreSQL types.
class Params {
public:
    Params& add(std::int64_t value);  ///< bigint
    Params& add(std::int32_t value);  ///< integer
    Params& add(std::int16_t value);  ///< smallint
    Params& add(bool value);
    Params& add(std::string_view value);  ///< text
    Params& add(const std::string& value) { return add(std::string_view(value)); }
    Params& add(const char* value) { return add(std::string_view(value)); }
    Params& add(domain::Instant value);  ///< timestamptz
    Params& add_date(domain::Day value);
    Params& add_date(std::optional<domain::Day> value);
    Params& add_bytes(std::string_view value);  ///< bytea
    Params& add_uuid(std::string_view text);
    template <class T>
    Params& add(const std::optional<T>& value) {
        if (value) return add(*value);
        add(T{});
        values_.back().null = true;
        return *this;
    }
    Params& add_array(const std::vector<std::int64_t>& values);
    Params& add_array(const std::vector<std::int32_t>& values);
    Params& add_array(const std::vector<std::int16_t>& values);
    Params& add_array(const std::vector<std::string>& values);
    Params& add_array(const std::vector<std::optional<std::string>>& values);
    /// text[], or null
    Params& add_array(const std::optional<std::vector<std::string>>& values);
    Params& add_array(const std::vector<std::optional<std::int64_t>>& values);
    Params& add_array(const std::vector<domain::Instant>& values);
    Params& add_uuid_array(const std::vector<std::string>& values);
    Params& add_bytes_array(const std::vector<std::string>& values);
    /// One member of each row as an array: add_column(files, &File::agency). `get` is a member or a
    /// function of a row that gives a number, a text or an Instant.
    template <class Range, class Get>
    Params& add_column(const Range& rows, Get get) {
        return add_array(column(rows, get));
    }
    template <class Range, class Get>
    Params& add_uuid_column(const Range& rows, Get get) {
        return add_uuid_array(column(rows, get));
    }

private:
    template <class Range, class Get>
    static auto column(const Range& rows, Get get) {
        std::vector<std::decay_t<std::invoke_result_t<Get, decltype(*std::begin(rows))>>> values;
        values.reserve(std::size(rows));
        for (const auto& row : rows) values.push_back(std::invoke(get, row));
        return values;
    }

    struct Value {
        unsigned type;
        std::string bytes;
        bool null = false;
    };
    std::vector<Value> values_;
    friend struct Arguments;
};

class Row;

/// A binary result: `for (const auto row : rows) row.text("agency")`.
class Rows {
public:
    explicit Rows(void* result) : result_(result) {}
    Rows(Rows&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
    Rows(const Rows&) = delete;
    ~Rows();

    const void* raw() const { return result_; }
    int size() const;
    bool empty() const { return size() == 0; }
    std::int64_t affected() const;

    class Iterator;
    Iterator begin() const;
    Iterator end() const;
    Row operator[](int row) const;
    /// The row of a statement that always gives one.
    Row only() const;

private:
    friend class Row;
    bool is_null(int row, int column) const;
    std::int64_t int8(int row, int column) const;  ///< any integer type
    std::int32_t int4(int row, int column) const {
        return static_cast<std::int32_t>(int8(row, column));
    }
    bool boolean(int row, int column) const;
    std::string_view text(int row, int column) const;  ///< text and bytea; valid while Rows lives
    std::string string(int row, int column) const { return std::string(text(row, column)); }
    std::string uuid(int row, int column) const;
    domain::Instant instant(int row, int column) const;
    domain::Day day(int row, int column) const;
    std::optional<std::int64_t> optional_int8(int row, int column) const;
    std::optional<std::string> optional_text(int row, int column) const;
    std::optional<domain::Instant> optional_instant(int row, int column) const;
    std::optional<domain::Day> optional_day(int row, int column) const;
    std::vector<std::int64_t> int8_array(
        int row,
        int column) const;  ///< any integer type; nulls are an error
    std::vector<std::int32_t> int4_array(int row, int column) const;
    std::vector<std::int16_t> int2_array(int row, int column) const;
    std::vector<std::string> text_array(int row, int column) const;
    std::string_view field(int row, int column) const;
    /// Aborts if the result has no such column.
    int column(std::string_view name) const;
    void* result_;
    /// Columns are mostly read in their order.
    mutable int next_column_ = 0;
};

/// One row, its columns by their names. A null is a DeploymentFailure except for is_null and the
/// optional_ readers. Valid while its Rows lives.
class Row {
public:
    Row(const Rows& rows, int row) : rows_(&rows), row_(row) {}

    bool is_null(std::string_view name) const { return rows_->is_null(row_, at(name)); }
    std::int64_t int8(std::string_view name) const { return rows_->int8(row_, at(name)); }
    std::int32_t int4(std::string_view name) const { return rows_->int4(row_, at(name)); }
    bool boolean(std::string_view name) const { return rows_->boolean(row_, at(name)); }
    /// text and bytea
    std::string_view text(std::string_view name) const { return rows_->text(row_, at(name)); }
    std::string string(std::string_view name) const { return rows_->string(row_, at(name)); }
    std::string uuid(std::string_view name) const { return rows_->uuid(row_, at(name)); }
    domain::Instant instant(std::string_view name) const { return rows_->instant(row_, at(name)); }
    domain::Day day(std::string_view name) const { return rows_->day(row_, at(name)); }
    std::optional<std::int64_t> optional_int8(std::string_view name) const {
        return rows_->optional_int8(row_, at(name));
    }
    std::optional<std::string> optional_text(std::string_view name) const {
        return rows_->optional_text(row_, at(name));
    }
    std::optional<domain::Instant> optional_instant(std::string_view name) const {
        return rows_->optional_instant(row_, at(name));
    }
    std::optional<domain::Day> optional_day(std::string_view name) const {
        return rows_->optional_day(row_, at(name));
    }
    /// any integer type; nulls are an error
    std::vector<std::int64_t> int8_array(std::string_view name) const {
        return rows_->int8_array(row_, at(name));
    }
    std::vector<std::int32_t> int4_array(std::string_view name) const {
        return rows_->int4_array(row_, at(name));
    }
    std::vector<std::int16_t> int2_array(std::string_view name) const {
        return rows_->int2_array(row_, at(name));
    }
    std::vector<std::string> text_array(std::string_view name) const {
        return rows_->text_array(row_, at(name));
    }

private:
    int at(std::string_view name) const { return rows_->column(name); }
    const Rows* rows_;
    int row_;
};

class Rows::Iterator {
public:
    Iterator(const Rows& rows, int row) : rows_(&rows), row_(row) {}
    Row operator*() const { return {*rows_, row_}; }
    Iterator& operator++() {
        ++row_;
        return *this;
    }
    bool operator==(const Iterator& other) const { return row_ == other.row_; }

private:
    const Rows* rows_;
    int row_;
};

inline Rows::Iterator Rows::begin() const { return {*this, 0}; }
inline Rows::Iterator Rows::end() const { return {*this, size()}; }
inline Row Rows::operator[](int row) const { return {*this, row}; }

/// One statement; the types of the parameters are those of the C++ values.
Rows query(domain::UnitOfWork& work, const Sql& sql, const Params& params = {});
/// The same, prepared once per connection: for the statements of every batch and every page.
Rows query_prepared(domain::UnitOfWork& work, const Sql& sql, const Params& params = {});
struct Statement {
    Sql sql;
    Params params;
};
/// All of them as one transaction in one round trip, prepared like query_prepared's: for short
/// transactions that are many. The results, one per statement. Fails as commit() does.
std::vector<Rows> transact(Session& session, const std::vector<Statement>& statements);
/// One statement that may have to wait for a lock: sent, then looked after by the caller.
class StatementUnderWay {
public:
    StatementUnderWay(domain::UnitOfWork& work, const Sql& sql, const Params& params);
    /// Cancels it if it has not been read.
    ~StatementUnderWay();
    StatementUnderWay(const StatementUnderWay&) = delete;
    /// Waits at most so long; true: rows() will not wait.
    bool is_done(std::chrono::milliseconds wait);
    /// The result; once.
    Rows rows();
    /// Process id of the server's side, for pg_blocking_pids.
    int backend() const;

private:
    domain::UnitOfWork& work_;
    const char* name_;
    bool read_ = false;
};

/// Without parameters or result.
void exec(domain::UnitOfWork& work, const std::string& sql);
/// Names without a schema mean this one until the transaction ends: for the tables that every
/// stage has.
void search_in(domain::UnitOfWork& work, const std::string& schema);

/// Binary COPY into a table. Fields in the order of the columns; finish() or the data are thrown
/// away.
class CopyWriter {
public:
    CopyWriter(domain::UnitOfWork& work, const std::string& table,
               const std::vector<std::string>& columns);
    ~CopyWriter();
    CopyWriter(const CopyWriter&) = delete;

    void row();  ///< begins the next row
    void int8(std::int64_t value);
    void int4(std::int32_t value);
    void int2(std::int16_t value);
    void boolean(bool value);
    void text(std::string_view value);  ///< text and bytea
    void uuid(std::string_view text);
    void instant(domain::Instant value);
    void day(domain::Day value);
    void null();
    void int8_array(const std::vector<std::int64_t>& values);
    void int4_array(const std::vector<std::int32_t>& values);
    void int2_array(const std::vector<std::int16_t>& values);
    void text_array(const std::vector<std::string>& values);
    void text_array(const std::vector<std::optional<std::string>>& values);
    void finish();

private:
    void flush(bool always);
    domain::UnitOfWork& work_;
    int columns_;
    std::string buffer_;
    bool open_ = true;
};

}  // namespace chaiqin::postgres
