#pragma once
// A file of an upload as it came in, and the refusals that need no look inside. A value that owns
// its bytes and their share of the memory that all uploads together may use.
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chaiqin::gateway {

inline constexpr std::size_t most_file_bytes = 5u * 1024 * 1024;
inline constexpr std::size_t most_files = 10;
inline constexpr std::uint64_t most_upload_bytes = most_files * most_file_bytes + 1024 * 1024;

/// A file that is not taken: status and rule code or problem code, texts for its sender.
struct Refusal {
    int status = 0;
    std::string_view code, title, detail;
};
/// F01–F05; texts as in schemas/rules/rules.csv (a test holds them equal).
namespace refusals {
inline constexpr Refusal F01{415, "F01", "檔案格式錯誤-僅接受 JSON 檔",
                             "檔名須以 .json 結尾，請改存為 JSON 檔後再送。"};
inline constexpr Refusal F02{413, "F02", "檔案大小超過 5MB 上限",
                             "請分成數檔，每檔不超過 5,242,880 位元組。"};
inline constexpr Refusal F03{413, "F03", "一次上傳不可超過 10 個檔案",
                             "本次全部未收，請分次上傳，每次至多 10 個檔案。"};
inline constexpr Refusal F04{422, "F04", "檔案無內容", "請確認匯出程式已寫入資料後再送。"};
inline constexpr Refusal F05{422, "F05", "檔案編碼錯誤-須為 UTF-8",
                             "請將檔案另存為 UTF-8 編碼後再送。"};
inline constexpr Refusal idempotency_conflict{422, "idempotency_conflict",
                                              "同一 Idempotency-Key 已用於其他內容",
                                              "內容不同的檔案請使用新的 Idempotency-Key。"};
}  // namespace refusals

/// Bytes of all uploads that are in memory at a time. Thread-safe; outlives its shares.
class MemoryBudget {
public:
    explicit MemoryBudget(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    class Share {
    public:
        explicit Share(MemoryBudget& budget) : budget_(&budget) {}
        Share(Share&& other) noexcept
            : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
        Share& operator=(Share&& other) noexcept;
        ~Share() { give_back(); }
        /// False: the budget is used up; nothing was taken.
        [[nodiscard]] bool try_grow(std::size_t bytes);
        void give_back();

    private:
        MemoryBudget* budget_;
        std::size_t bytes_ = 0;
    };

private:
    std::size_t most_bytes_;
    std::atomic<std::size_t> used_{0};
};

struct UploadedFile {
    UploadedFile(std::string cleaned_name, MemoryBudget& budget);
    std::string name;         ///< as sent, cleaned
    std::string masked_name;  ///< as it may be shown and stored
    std::string bytes;        ///< up to one more than the limit
    MemoryBudget::Share share;
    bool has_no_room = false;  ///< not kept: the budget was used up
    std::optional<Refusal> refusal;
};

/// What can be said of a whole file before Kafka: F04 and F05.
std::optional<Refusal> refusal_of_bytes(std::string_view bytes);

}  // namespace chaiqin::gateway
