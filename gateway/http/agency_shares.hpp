#pragma once
// What one agency may take of a gateway: the table of limits, and who holds how much of each right
// now. Every limit by agency is asked here, before the work that it is about. The agency is the one
// acted for; who has none counts by person. Thread-safe.
#include <array>
#include <memory>
#include <span>
#include <string>
#include <variant>

#include "gateway/http/limited.hpp"
#include "gateway/http/request.hpp"

namespace chaiqin::gateway {

/// One row of the table each, in the same order.
enum class Limit {
    // per second
    files,
    bytes,
    checks,
    reads,
    // at once
    uploads,
    bytes_in_flight,
    waits,
    loads,
    exports,
    opened_files,
};

struct LimitRow {
    Limit limit;
    /// As metric, answer and documents call it.
    std::string_view name;
    /// In the configuration, and the default.
    std::string_view option;
    int value;
    /// How much one of the value is.
    double unit;
    bool is_per_second;
    /// For all agencies together, and the answer then; 0: no limit of its own.
    std::size_t most_in_all;
    Problem in_all;
    std::string_view help;
    /// What an agency may do, and what to do about it; `{}` is the value.
    std::string_view zh, en, advice_zh, advice_en;
};
std::span<const LimitRow> limits_of_agencies();
const LimitRow& row_of(Limit limit);

/// The value of each limit, in the order of the table.
using LimitValues = std::array<int, 10>;
LimitValues default_limits();

/// Whose share a request takes. "" without a token.
std::string holder_of(const Request& request);

class AgencyShares {
    struct State;

public:
    explicit AgencyShares(const LimitValues& values = default_limits());

    /// What is held of a limit, until this goes; that may be after AgencyShares.
    class Held {
    public:
        Held() = default;
        Held(Held&& other) noexcept;
        Held& operator=(Held&& other) noexcept;
        ~Held() { give_back(); }
        void give_back();

    private:
        friend class AgencyShares;
        std::shared_ptr<State> state_;
        Limit limit_{};
        std::string agency_;
        std::size_t amount_ = 0;
    };

    /// Who holds nothing may always take one piece, however large it is.
    [[nodiscard]] std::variant<Held, Limited> hold(Limit limit, const std::string& agency,
                                                   std::size_t amount = 1);
    /// More of what is held; the limit if there is no more, and nothing was taken.
    [[nodiscard]] std::optional<Limited> grow(Held& held, std::size_t amount);

    /// Of a limit per second; the limit if nothing is left. More than is left is a debt.
    [[nodiscard]] std::optional<Limited> take(Limit limit, const std::string& agency,
                                              std::chrono::steady_clock::time_point now,
                                              std::size_t amount = 1);
    /// Further ones of what was let in.
    void take_more(Limit limit, const std::string& agency, std::size_t amount);

private:
    std::shared_ptr<State> state_;
};

}  // namespace chaiqin::gateway
