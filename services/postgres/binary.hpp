#pragma once
// Statements with binary parameters and results, and binary COPY, through libpq inside a
// UnitOfWork's transaction (ADR 0006). Everything throws TransientFailure or PermanentFailure. For
// the .cpp files of this folder; no libpq here.
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/calendar.hpp"
#include "domain/unit_of_work.hpp"

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
    Params& add_null_text();
    Params& add_optional_uuid(const std::optional<std::string>& text);
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
    Params& add_array(const std::vector<std::optional<std::int64_t>>& values);
    Params& add_array(const std::vector<domain::Instant>& values);
    Params& add_uuid_array(const std::vector<std::string>& values);
    Params& add_bytes_array(const std::vector<std::string>& values);

private:
    struct Value {
        unsigned type;
        std::string bytes;
        bool null = false;
    };
    std::vector<Value> values_;
    friend struct Arguments;
};

/// A binary result; columns by number. A null is an error except for is_null and the optional_
/// readers.
class Rows {
public:
    explicit Rows(void* result) : result_(result) {}
    Rows(Rows&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
    Rows(const Rows&) = delete;
    ~Rows();

    const void* raw() const { return result_; }
    int size() const;
    std::int64_t affected() const;
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

private:
    std::string_view field(int row, int column) const;
    void* result_;
};

/// One statement; the types of the parameters are those of the C++ values.
Rows query(domain::UnitOfWork& work, const std::string& sql, const Params& params = {});
/// The same, prepared once a connection and kept by its text: for the few statements of every
/// batch.
Rows query_prepared(domain::UnitOfWork& work, const std::string& sql, const Params& params = {});
struct Statement {
    std::string sql;
    Params params;
};
/// All of them as one transaction in one round trip, prepared like query_prepared's: for short
/// transactions that are many. The results, one a statement. Fails as commit() does.
std::vector<Rows> transact(Session& session, const std::vector<Statement>& statements);
/// One statement that may have to wait for a lock: sent, then looked after by the caller.
class StatementUnderWay {
public:
    StatementUnderWay(domain::UnitOfWork& work, const std::string& sql, const Params& params);
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
    bool read_ = false;
};

/// Without parameters or result.
void exec(domain::UnitOfWork& work, const std::string& sql);

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
