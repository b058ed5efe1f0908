#include "gateway/http/agency_shares.hpp"

#include <map>
#include <mutex>

#include "gateway/http/rate_limit.hpp"

namespace chaiqin::gateway {

namespace {

constexpr double mega = 1'000'000, mebi = 1 << 20;

constexpr std::array table = std::to_array<LimitRow>({
    {Limit::files, "files", "rate_limit_files_per_second", 200, 1, true, 0, Problem::unavailable,
     "files per second that an agency may send", "每秒至多傳送 {} 個檔案",
     "may send {} files per second", "放慢傳送速度", "send more slowly"},
    {Limit::bytes, "bytes", "rate_limit_megabytes_per_second", 50, mega, true, 0,
     Problem::unavailable, "megabytes per second that an agency may send, checks included",
     "每秒至多傳送 {} MB（含線上檢核）", "may send {} MB per second, checks included",
     "放慢傳送速度", "send more slowly"},
    {Limit::checks, "checks", "rate_limit_checks_per_second", 20, 1, true, 0, Problem::unavailable,
     "files per second that an agency may have checked", "每秒至多線上檢核 {} 個檔案",
     "may have {} files per second checked", "放慢檢核速度", "check more slowly"},
    {Limit::reads, "reads", "rate_limit_reads_per_second", 100, 1, true, 0, Problem::unavailable,
     "questions per second that an agency may ask", "每秒至多查詢 {} 次",
     "may ask {} questions per second", "減少查詢次數", "ask less often"},
    {Limit::uploads, "uploads", "most_uploads_at_once", 16, 1, false, 0, Problem::unavailable,
     "requests with a body that an agency may have under way", "同時至多傳送 {} 個請求內容",
     "may have {} requests with a body under way", "待前面的請求完成後再送",
     "let earlier requests end first"},
    {Limit::bytes_in_flight, "bytes_in_flight", "most_mebibytes_in_flight", 64, mebi, false, 0,
     Problem::unavailable, "MiB of bodies that an agency may have under way",
     "同時傳送之請求內容合計至多 {} MiB", "may have {} MiB of bodies under way",
     "待前面的請求完成後再送", "let earlier requests end first"},
    {Limit::waits, "waits", "most_waits_at_once", 50, 1, false, 0, Problem::unavailable,
     "questions with wait that an agency may have under way", "同時至多有 {} 個以 wait 等候之查詢",
     "may have {} questions with wait under way", "減少同時等候之查詢", "wait for fewer at once"},
    {Limit::loads, "loads", "most_loads_at_once", 2, 1, false, 4, Problem::too_many_uploads,
     "Table 19 and agencies loads that an agency may have under way", "同時至多載入 {} 個 CSV 檔",
     "may have {} loads under way", "待前面的載入完成後再送", "let the loads under way end first"},
    {Limit::exports, "exports", "most_exports_at_once", 1, 1, false, 8, Problem::exports_busy,
     "exports that an agency may have under way", "同時至多匯出 {} 份檔案",
     "may have {} exports under way", "待匯出中的檔案下載完成",
     "let the export under way be downloaded"},
    {Limit::opened_files, "opened_files", "most_opened_files_at_once", 1, 1, false, 8,
     Problem::unavailable, "stored files that an agency may have open for their records",
     "同時至多開啟 {} 個已報送檔案之紀錄", "may have {} stored files open for their records",
     "待前面的查詢完成", "let the question under way end"},
});
static_assert(table.size() == std::tuple_size_v<LimitValues>);

constexpr bool stand_in_order() {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table[i].limit != static_cast<Limit>(i)) return false;
    return true;
}
static_assert(stand_in_order());

std::size_t index_of(Limit limit) { return static_cast<std::size_t>(limit); }

std::string with_value(std::string_view text, int value) {
    const auto at = text.find("{}");
    return std::string(text.substr(0, at)) + std::to_string(value) +
           std::string(text.substr(at + 2));
}

}  // namespace

struct AgencyShares::State {
    explicit State(const LimitValues& v) : values(v) {
        for (const auto& row : table) rates.emplace_back(most(row));
    }
    double most(const LimitRow& row) const { return row.unit * values.at(index_of(row.limit)); }

    Limited reached(const LimitRow& row, std::chrono::seconds retry_after) const {
        const auto value = values.at(index_of(row.limit));
        return {row.name,
                Problem::rate_limited,
                {{with_value(row.zh, value), with_value(row.en, value)},
                 {std::string(row.advice_zh), std::string(row.advice_en)}},
                retry_after};
    }
    /// With the lock.
    std::optional<Limited> add(const LimitRow& row, const std::string& agency, std::size_t amount,
                               std::size_t own) {
        auto& of_all = in_all.at(index_of(row.limit));
        auto& of_each = held.at(index_of(row.limit));
        const auto at = of_each.find(agency);
        const auto before = at == of_each.end() ? 0 : at->second;
        if (before > own && static_cast<double>(before + amount) > most(row))
            return reached(row, std::chrono::seconds(2));
        if (row.most_in_all > 0 && of_all + amount > row.most_in_all)
            return Limited{row.name, row.in_all};
        of_each[agency] += amount;
        of_all += amount;
        return std::nullopt;
    }
    void give_back(Limit limit, const std::string& agency, std::size_t amount) {
        std::lock_guard lock(mutex);
        auto& of_each = held.at(index_of(limit));
        const auto at = of_each.find(agency);
        in_all.at(index_of(limit)) -= amount;
        if (at != of_each.end() && (at->second -= amount) == 0) of_each.erase(at);
    }

    std::mutex mutex;
    LimitValues values;
    std::array<std::map<std::string, std::size_t>, table.size()> held;
    std::array<std::size_t, table.size()> in_all{};
    std::vector<RateLimit> rates;
};

std::span<const LimitRow> limits_of_agencies() { return table; }

const LimitRow& row_of(Limit limit) { return table.at(index_of(limit)); }

LimitValues default_limits() {
    LimitValues values{};
    for (const auto& row : table) values.at(index_of(row.limit)) = row.value;
    return values;
}

std::string holder_of(const Request& request) {
    if (request.caller.sub.empty() || !request.acting_agency.empty()) return request.acting_agency;
    return "sub " + request.caller.sub;
}

AgencyShares::AgencyShares(const LimitValues& values) : state_(std::make_shared<State>(values)) {}

AgencyShares::Held::Held(Held&& other) noexcept
    : state_(std::move(other.state_)),
      limit_(other.limit_),
      agency_(std::move(other.agency_)),
      amount_(other.amount_) {}

AgencyShares::Held& AgencyShares::Held::operator=(Held&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    state_ = std::move(other.state_);
    limit_ = other.limit_;
    agency_ = std::move(other.agency_);
    amount_ = other.amount_;
    return *this;
}

void AgencyShares::Held::give_back() {
    if (state_) state_->give_back(limit_, agency_, amount_);
    state_.reset();
}

std::variant<AgencyShares::Held, Limited> AgencyShares::hold(Limit limit, const std::string& agency,
                                                             std::size_t amount) {
    Held held;
    {
        std::lock_guard lock(state_->mutex);
        if (auto reached = state_->add(row_of(limit), agency, amount, 0)) return *reached;
    }
    held.state_ = state_;
    held.limit_ = limit;
    held.agency_ = agency;
    held.amount_ = amount;
    return held;
}

std::optional<Limited> AgencyShares::grow(Held& held, std::size_t amount) {
    std::lock_guard lock(state_->mutex);
    auto reached = state_->add(row_of(held.limit_), held.agency_, amount, held.amount_);
    if (!reached) held.amount_ += amount;
    return reached;
}

std::optional<Limited> AgencyShares::take(Limit limit, const std::string& agency,
                                          std::chrono::steady_clock::time_point now,
                                          std::size_t amount) {
    std::lock_guard lock(state_->mutex);
    auto& rate = state_->rates.at(index_of(limit));
    if (rate.try_take(agency, now, static_cast<double>(amount))) return std::nullopt;
    return state_->reached(row_of(limit), rate.time_left(agency));
}

void AgencyShares::take_more(Limit limit, const std::string& agency, std::size_t amount) {
    std::lock_guard lock(state_->mutex);
    state_->rates.at(index_of(limit)).take_more(agency, static_cast<double>(amount));
}

}  // namespace chaiqin::gateway
