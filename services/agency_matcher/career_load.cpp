#include "agency_matcher/career_load.hpp"

#include <algorithm>

#include "domain/failure.hpp"

namespace chaiqin::agency_matcher {

namespace {

constexpr std::size_t rows_per_copy = 20000;
constexpr std::size_t changes_a_copy = 5000;
constexpr int primary_kind = static_cast<int>(domain::PostKind::primary);
constexpr std::int64_t kept_share_per_cent = 80;

std::string newest_org(const std::vector<domain::CareerPost>& posts) {
    const auto newest = std::max_element(
        posts.begin(), posts.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
    return newest == posts.end() ? std::string() : newest->org;
}

bool before(std::uint64_t a, std::uint64_t b) {
    return static_cast<std::int64_t>(a) < static_cast<std::int64_t>(b);
}

}  // namespace

CareerLoad::CareerLoad(domain::CareerLoadWork& work, const domain::AgencyRegistry& agencies,
                       const CareerKeys& keys, LoadProgress progress)
    : work_(work), agencies_(agencies), keys_(keys), progress_(std::move(progress)) {}

domain::LoadOutcome CareerLoad::failed(std::string reason) {
    domain::LoadOutcome outcome;
    outcome.state = domain::LoadState::failed;
    outcome.reason = std::move(reason);
    outcome.rows = outcome_.rows;
    return outcome;
}

domain::LoadOutcome CareerLoad::run() {
    if (!agencies_.knows(work_.load().authority)) return failed("主管機關代碼不存在");
    if (auto problem = read_chunks(); !problem.empty()) return failed(std::move(problem));
    if (refused()) {
        outcome_.state = domain::LoadState::refused;
        outcome_.reason = "資料列數較前次完整載入減少超過 20%，未經強制不予載入";
        outcome_.rejected_count = rejected_.count();
        outcome_.rejected = rejected_.first();
        return outcome_;
    }
    compare();
    outcome_.state = domain::LoadState::loaded;
    outcome_.rejected_count = rejected_.count();
    outcome_.rejected = rejected_.first();
    for (const auto& [cell, delta] : posts_)
        if (delta != 0) outcome_.posts.push_back({cell.first, cell.second, delta});
    progress_(1);
    return std::move(outcome_);
}

std::string CareerLoad::read_chunks() {
    const auto& load = work_.load();
    std::vector<domain::StagedRow> rows;
    const auto put_aside = [&] {
        work_.stage(rows);
        rows.clear();
    };
    CareerFile file(
        agencies_, load.authority, keys_.token_of,
        [&](domain::StagedRow row) {
            rows.push_back(std::move(row));
            if (rows.size() >= rows_per_copy) put_aside();
        },
        rejected_);
    const auto digest = keys_.digest();
    std::int64_t bytes = 0;
    for (int index = 0; index < load.chunk_count; ++index) {
        const auto piece = keys_.open_chunk(load, work_.sealed_chunk(index));
        if (!piece) return "上傳內容無法解開或不完整";
        digest->add(*piece);
        bytes += static_cast<std::int64_t>(piece->size());
        file.feed(*piece);
        progress_(0.5 * (index + 1) / load.chunk_count);
    }
    file.finish();
    put_aside();
    outcome_.rows = file.rows();
    outcome_.ignored_columns = file.ignored_columns();
    const bool is_whole = bytes == load.total_bytes && digest->hex() == load.sha256;
    return is_whole ? file.problem() : "上傳內容不完整";
}

bool CareerLoad::refused() {
    const auto& load = work_.load();
    if (load.mode != domain::LoadMode::snapshot || load.force || !load.last_snapshot_rows)
        return false;
    return outcome_.rows * 100 < *load.last_snapshot_rows * kept_share_per_cent;
}

void CareerLoad::compare() {
    std::vector<domain::StagedRow> person;
    for (auto page = work_.next_staged(); !page.empty(); page = work_.next_staged()) {
        for (auto& row : page) {
            if (!person.empty() && person.front().token != row.token) {
                settle(person);
                person.clear();
            }
            person.push_back(std::move(row));
        }
    }
    if (!person.empty()) settle(person);
    // What the authority holds beyond the last person listed.
    while (!stored_ended_) {
        outcome_.persons_kept += static_cast<std::int64_t>(stored_.size() - stored_at_);
        stored_ = work_.next_stored();
        stored_at_ = 0;
        stored_ended_ = stored_.empty();
    }
    work_.change(changes_);
    changes_.clear();
    if (work_.load().mode != domain::LoadMode::snapshot) outcome_.persons_kept = 0;
}

void CareerLoad::settle(std::span<const domain::StagedRow> rows) {
    const auto token = rows.front().token;
    const auto* before = stored_of(token);
    auto settled = settle_person(rows, rejected_);
    if (settled.loads) {
        ++outcome_.persons;
        const bool same =
            before != nullptr ? before->posts == settled.posts : settled.posts.empty();
        if (!same) note_change(before, {token, std::move(settled.posts)});
    }
    if (before != nullptr) ++stored_at_;
}

/// The stored person with the token, or none; persons before it are passed over: the load does not
/// list them.
const domain::CareerPerson* CareerLoad::stored_of(std::uint64_t token) {
    while (!stored_ended_) {
        if (stored_at_ == stored_.size()) {
            stored_ = work_.next_stored();
            stored_at_ = 0;
            stored_ended_ = stored_.empty();
            continue;
        }
        const auto& person = stored_[stored_at_];
        if (!before(person.token, token)) return person.token == token ? &person : nullptr;
        ++outcome_.persons_kept;
        ++stored_at_;
    }
    return nullptr;
}

void CareerLoad::note_change(const domain::CareerPerson* before, domain::CareerPerson after) {
    ++outcome_.persons_changed;
    auto org = newest_org(after.posts.empty() && before != nullptr ? before->posts : after.posts);
    if (before != nullptr) sum_posts(before->posts, -1);
    sum_posts(after.posts, 1);
    changes_.push_back({std::move(after), std::move(org)});
    if (changes_.size() < changes_a_copy) return;
    work_.change(changes_);
    changes_.clear();
}

/// 本職 rows make an agency obliged: +1 from the first month, -1 from the month after the last.
void CareerLoad::sum_posts(const std::vector<domain::CareerPost>& posts, int sign) {
    for (const auto& post : posts) {
        if (post.post_kind != primary_kind) continue;
        posts_[{post.org, domain::month_of(post.start)}] += sign;
        if (post.end != domain::open_end)
            posts_[{post.org, domain::month_of(post.end) + 1}] -= sign;
    }
}

}  // namespace chaiqin::agency_matcher
