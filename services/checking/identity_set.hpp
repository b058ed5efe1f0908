#pragma once
// Which (record_no, record_seq) one array has shown so far (U01). Open addressing; the texts stay the caller's.
#include <cstdint>
#include <string_view>
#include <vector>

#include "checking/seeded_hash.hpp"

namespace chaiqin::checking {

class IdentitySet {
public:
    explicit IdentitySet(SeededHash hash) : hash_(hash), entries_(first_size) {}

    /// Whether it was there already. The view must stay valid as long as the set.
    bool repeats(std::string_view record_no, std::int64_t record_seq) {
        if (count_ * 2 >= entries_.size()) grow();
        const Entry entry{hash_(record_no) ^ static_cast<std::uint64_t>(record_seq) * 0x9E3779B97F4A7C15u, record_seq,
                          record_no};
        return !insert(entry);
    }

private:
    struct Entry {
        std::uint64_t hash = 0;
        std::int64_t record_seq = 0;  ///< 0: free
        std::string_view record_no;
    };
    static constexpr std::size_t first_size = 128;

    bool insert(const Entry& entry) {
        for (auto at = entry.hash % entries_.size();; at = (at + 1) % entries_.size()) {
            auto& held = entries_[at];
            if (held.record_seq == 0) {
                held = entry;
                ++count_;
                return true;
            }
            if (held.hash == entry.hash && held.record_seq == entry.record_seq && held.record_no == entry.record_no) {
                return false;
            }
        }
    }
    void grow() {
        std::vector<Entry> old(entries_.size() * 4);
        old.swap(entries_);
        count_ = 0;
        for (const auto& entry : old) {
            if (entry.record_seq != 0) insert(entry);
        }
    }

    SeededHash hash_;
    std::vector<Entry> entries_;
    std::size_t count_ = 0;
};

}  // namespace chaiqin::checking
