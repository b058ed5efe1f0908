#include "domain/table19.hpp"

#include <algorithm>
#include <bit>

#include "domain/failure.hpp"

namespace chaiqin::domain {

namespace {
constexpr std::size_t smallest_overlay_to_rebuild = 4096;
constexpr std::uint32_t authority_limit = 1U << 18;  // the width of Post::authority
}  // namespace

std::optional<PostKind> post_kind_of(int number) {
    if ((number >= 1 && number <= 5) || number == 9) return static_cast<PostKind>(number);
    return std::nullopt;
}

std::uint32_t CodeTable::find(std::string_view code) const {
    const auto at = index_.find(code);
    return at == index_.end() ? none : at->second;
}

std::uint32_t CodeTable::intern(std::string_view code) {
    if (const auto known = find(code); known != none) return known;
    if (codes_.size() + 1 >= authority_limit)
        broken_invariant("more agency codes than Table 19 can number");
    codes_.emplace_back(code);
    index_.emplace(codes_.back(), static_cast<std::uint32_t>(codes_.size() - 1));
    return static_cast<std::uint32_t>(codes_.size() - 1);
}

SortedCareers::SortedCareers(std::vector<std::pair<std::uint64_t, Post>> posts,
                             std::vector<std::uint64_t> without_posts) {
    const auto by_token = [](const auto& a, const auto& b) { return a.first < b.first; };
    if (!std::is_sorted(posts.begin(), posts.end(), by_token))
        std::stable_sort(posts.begin(), posts.end(), by_token);
    std::sort(without_posts.begin(), without_posts.end());
    posts_.reserve(posts.size());
    std::size_t at = 0;
    auto empty = without_posts.begin();
    const auto take_empty_below = [&](std::uint64_t token) {
        for (; empty != without_posts.end() && *empty < token; ++empty)
            if (tokens_.empty() || tokens_.back() != *empty) append(*empty, {});
    };
    while (at < posts.size()) {
        const auto token = posts[at].first;
        take_empty_below(token);
        tokens_.push_back(token);
        first_.push_back(static_cast<std::uint32_t>(posts_.size()));
        for (; at < posts.size() && posts[at].first == token; ++at)
            posts_.push_back(posts[at].second);
    }
    take_empty_below(std::numeric_limits<std::uint64_t>::max());
    if (!without_posts.empty() &&
        without_posts.back() == std::numeric_limits<std::uint64_t>::max() &&
        (tokens_.empty() || tokens_.back() != without_posts.back()))
        append(without_posts.back(), {});
    index();
}

SortedCareers SortedCareers::merged(const SortedCareers& older, const SortedCareers& newer,
                                    bool drop_empty) {
    SortedCareers result;
    result.posts_.reserve(older.rows() + newer.rows());
    std::size_t a = 0, b = 0;
    while (a < older.tokens_.size() || b < newer.tokens_.size()) {
        const bool from_newer = b < newer.tokens_.size() &&
                                (a == older.tokens_.size() || newer.tokens_[b] <= older.tokens_[a]);
        const auto& source = from_newer ? newer : older;
        const std::size_t at = from_newer ? b : a;
        const auto token = source.tokens_[at];
        if (from_newer && a < older.tokens_.size() && older.tokens_[a] == token) ++a;
        const std::span<const Post> posts(source.posts_.data() + source.first_[at],
                                          source.first_[at + 1] - source.first_[at]);
        if (!posts.empty() || !drop_empty) result.append(token, posts);
        (from_newer ? b : a) += 1;
    }
    result.index();
    return result;
}

void SortedCareers::append(std::uint64_t token, std::span<const Post> posts) {
    tokens_.push_back(token);
    first_.push_back(static_cast<std::uint32_t>(posts_.size()));
    posts_.insert(posts_.end(), posts.begin(), posts.end());
}

void SortedCareers::index() {
    first_.push_back(static_cast<std::uint32_t>(posts_.size()));
    tokens_.shrink_to_fit();
    first_.shrink_to_fit();
    posts_.shrink_to_fit();
    if (tokens_.empty()) return;
    const int bits = std::max(1, static_cast<int>(std::bit_width(tokens_.size())) - 1);
    shift_ = 64 - bits;
    buckets_.assign((std::size_t{1} << bits) + 1, 0);
    for (const auto token : tokens_) ++buckets_[(token >> shift_) + 1];
    for (std::size_t i = 1; i < buckets_.size(); ++i) buckets_[i] += buckets_[i - 1];
}

std::optional<std::span<const Post>> SortedCareers::find(std::uint64_t token) const {
    if (tokens_.empty()) return std::nullopt;
    const auto bucket = token >> shift_;
    const auto begin = tokens_.begin() + buckets_[bucket],
               end = tokens_.begin() + buckets_[bucket + 1];
    const auto at = std::lower_bound(begin, end, token);
    if (at == end || *at != token) return std::nullopt;
    const auto i = static_cast<std::size_t>(at - tokens_.begin());
    return std::span<const Post>(posts_.data() + first_[i], first_[i + 1] - first_[i]);
}

CareerRows::CareerRows(std::shared_ptr<const CodeTable> codes) : codes_(std::move(codes)) {}

std::uint32_t CareerRows::number(std::string_view code) {
    if (const auto known = codes_->find(code); known != CodeTable::none) return known;
    if (!grown_) {
        grown_ = std::make_shared<CodeTable>(*codes_);
        codes_ = grown_;
    }
    return grown_->intern(code);
}

void CareerRows::add(std::uint64_t token, std::string_view authority, int seq, std::string_view org,
                     PostKind kind, Day start, Day end) {
    Post post;
    post.start = start;
    post.end = end;
    post.org = number(org);
    post.kind_number = static_cast<std::uint32_t>(kind);
    post.authority = number(authority);
    post.seq = static_cast<std::uint32_t>(seq);
    posts_.emplace_back(token, post);
}

Table19::Table19()
    : base_(std::make_shared<SortedCareers>()), codes_(std::make_shared<CodeTable>()) {}

Table19::Table19(CareerRows rows, std::int64_t change_no)
    : base_(std::make_shared<SortedCareers>(std::move(rows.posts_), std::vector<std::uint64_t>{})),
      codes_(std::move(rows.codes_)),
      change_no_(change_no) {}

std::shared_ptr<const Table19> Table19::with(CareerRows changed, std::int64_t change_no) const {
    auto next = std::make_shared<Table19>(*this);
    const SortedCareers fresh(std::move(changed.posts_), std::move(changed.touched_));
    next->codes_ = std::move(changed.codes_);
    next->change_no_ = change_no;
    next->overlay_ = SortedCareers::merged(overlay_, fresh, false);
    if (next->overlay_.persons() > std::max(smallest_overlay_to_rebuild, base_->persons() / 8)) {
        next->base_ =
            std::make_shared<SortedCareers>(SortedCareers::merged(*base_, next->overlay_, true));
        next->overlay_ = SortedCareers();
    }
    return next;
}

std::span<const Post> Table19::posts_of(std::uint64_t token) const {
    if (const auto changed = overlay_.find(token)) return *changed;
    return base_->find(token).value_or(std::span<const Post>{});
}

}  // namespace chaiqin::domain
