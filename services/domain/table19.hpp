#pragma once
// Table 19 (表19 經歷檔) in memory: who held which post at which agency, from when to when. An
// immutable snapshot with the number of the last change it contains; agency_matcher holds one and
// replaces it as a whole, so any thread may read. A small sorted overlay carries what changed since
// the base was built; about 20 bytes a row.
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

/// 職務性質 of a posting.
enum class PostKind : std::uint8_t {
    /// 本職.
    primary = 1,
    /// 借調.
    secondment = 2,
    /// 支援.
    support = 3,
    /// 兼職.
    concurrent = 4,
    /// 代理.
    acting = 5,
    /// 留職停薪.
    unpaid_leave = 9,
};
/// 1 2 3 4 5 9; nothing else is a kind.
std::optional<PostKind> post_kind_of(int number);

/// In post (blank end_date).
inline constexpr Day open_end = std::numeric_limits<Day>::max();

/// Agency codes as small numbers that never change their meaning: later tables only append.
class CodeTable {
public:
    static constexpr std::uint32_t none = 0xFFFFF;
    /// None: not in the table.
    std::uint32_t find(std::string_view code) const;
    std::uint32_t intern(std::string_view code);
    const std::string& code(std::uint32_t index) const { return codes_[index]; }
    std::size_t size() const { return codes_.size(); }

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    std::vector<std::string> codes_;
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> index_;
};

/// One row (CareerRow) as matching needs it; org and authority are numbers of the CodeTable.
struct Post {
    /// Both inclusive.
    Day start = 0, end = open_end;
    std::uint32_t org : 20 = 0;
    std::uint32_t kind_number : 4 = 1;
    std::uint32_t authority : 18 = 0;
    std::uint32_t seq : 14 = 1;
    PostKind kind() const { return static_cast<PostKind>(kind_number); }
    bool covers(Day day) const { return start <= day && day <= end; }
};

/// Persons sorted by token with their posts; the building block of base and overlay.
class SortedCareers {
public:
    SortedCareers() = default;
    /// Entries in any order; posts of one token are kept in the order given. A token in
    /// `without_posts` is known to have none (it hides an older table's posts).
    SortedCareers(std::vector<std::pair<std::uint64_t, Post>> posts,
                  std::vector<std::uint64_t> without_posts);
    /// `newer` wins a person; persons without posts are dropped if asked.
    static SortedCareers merged(const SortedCareers& older, const SortedCareers& newer,
                                bool drop_empty);

    std::optional<std::span<const Post>> find(std::uint64_t token) const;
    std::size_t persons() const { return tokens_.size(); }
    std::size_t rows() const { return posts_.size(); }

private:
    void append(std::uint64_t token, std::span<const Post> posts);
    void index();

    std::vector<std::uint64_t> tokens_;
    /// Of tokens_[i] in posts_; one more at the end.
    std::vector<std::uint32_t> first_;
    std::vector<Post> posts_;
    /// By the top bits of the token.
    std::vector<std::uint32_t> buckets_;
    int shift_ = 64;
};

/// Collects rows as they come from the store, for a whole table or for a set of changed persons.
class CareerRows {
public:
    explicit CareerRows(std::shared_ptr<const CodeTable> codes);
    void reserve(std::size_t rows) { posts_.reserve(rows); }
    void add(std::uint64_t token, std::string_view authority, int seq, std::string_view org,
             PostKind kind, Day start, Day end);
    /// The person is in the set even if no row follows.
    void touch(std::uint64_t token) { touched_.push_back(token); }

private:
    friend class Table19;
    std::uint32_t number(std::string_view code);
    std::shared_ptr<const CodeTable> codes_;
    /// A copy, once a new code has come.
    std::shared_ptr<CodeTable> grown_;
    std::vector<std::pair<std::uint64_t, Post>> posts_;
    std::vector<std::uint64_t> touched_;
};

class Table19 {
public:
    Table19();
    Table19(CareerRows rows, std::int64_t change_no);
    /// This table with the persons of `changed` replaced.
    std::shared_ptr<const Table19> with(CareerRows changed, std::int64_t change_no) const;

    /// All rows of the person, any authority; empty: the person is not in Table 19. 150-240 ns.
    std::span<const Post> posts_of(std::uint64_t token) const;
    const CodeTable& codes() const { return *codes_; }
    std::shared_ptr<const CodeTable> shared_codes() const { return codes_; }
    std::int64_t change_no() const { return change_no_; }
    std::size_t rows() const { return base_->rows() + overlay_.rows(); }

private:
    std::shared_ptr<const SortedCareers> base_;
    SortedCareers overlay_;
    std::shared_ptr<const CodeTable> codes_;
    std::int64_t change_no_ = 0;
};

using Table19Ptr = std::shared_ptr<const Table19>;

}  // namespace chaiqin::domain
