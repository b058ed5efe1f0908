#pragma once
// PostgreSQL and Kafka as the gateway's unit tests want them: in memory, away, slow or silent on
// demand.
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "domain/failure.hpp"
#include "domain/intake_store.hpp"
#include "runtime/ports.hpp"

namespace chaiqin::gateway::testing_fakes {

/// What all stores of a test share.
struct FakeDatabase {
    std::mutex mutex;
    bool is_away = false;
    std::chrono::milliseconds delay{0};
    std::map<std::string, domain::TakenFile> receipts;
    std::map<std::pair<std::string, std::string>, domain::KeyReservation> keys;
    std::map<std::int32_t, std::int64_t> progress;
    std::vector<domain::AuditLine> audit;
    std::vector<std::size_t> groups;
    std::set<std::string> refused;  ///< submission ids that no INSERT takes

    template <class Body>
    auto call(Body body) {
        std::chrono::milliseconds wait;
        {
            std::lock_guard lock(mutex);
            wait = delay;
        }
        std::this_thread::sleep_for(wait);
        std::lock_guard lock(mutex);
        if (is_away) throw domain::TransientFailure("away");
        return body();
    }
    void set_away(bool away) {
        std::lock_guard lock(mutex);
        is_away = away;
    }
    std::size_t receipt_count() {
        std::lock_guard lock(mutex);
        return receipts.size();
    }
    std::int64_t progress_of(std::int32_t partition) {
        std::lock_guard lock(mutex);
        return progress[partition];
    }
};

class FakeStore final : public domain::IntakeStore {
public:
    explicit FakeStore(FakeDatabase& database) : d_(database) {}
    std::vector<domain::Reserved> reserve(const std::vector<domain::KeyReservation>& wanted,
                                          domain::Instant before) override {
        return d_.call([&] {
            std::vector<domain::Reserved> answers;
            for (const auto& key : wanted) {
                const auto at = std::pair(key.agency, key.key_hash);
                const auto found = d_.keys.find(at);
                if (found == d_.keys.end() || found->second.at < before) d_.keys[at] = key;
                domain::Reserved answer;
                answer.has_other_content = d_.keys[at].sha256 != key.sha256;
                const auto receipt = d_.receipts.find(key.submission_id);
                if (receipt != d_.receipts.end()) answer.receipt = receipt->second.receipt;
                answers.push_back(answer);
            }
            return answers;
        });
    }
    void release(const std::vector<domain::KeyReservation>& keys) override {
        d_.call([&] {
            for (const auto& key : keys) d_.keys.erase({key.agency, key.key_hash});
        });
    }
    void store(const std::vector<domain::TakenFile>& files,
               const std::map<std::int32_t, std::int64_t>& next) override {
        d_.call([&] {
            for (const auto& file : files)
                if (d_.refused.contains(file.receipt.submission_id))
                    throw domain::PermanentFailure("refused");
            for (const auto& file : files)
                d_.receipts.try_emplace(file.receipt.submission_id, file);
            for (const auto& [partition, offset] : next)
                d_.progress[partition] = std::max(d_.progress[partition], offset);
            d_.groups.push_back(files.size());
        });
    }
    std::map<std::int32_t, std::int64_t> next_offsets() override {
        return d_.call([&] { return d_.progress; });
    }
    void write_audit(std::vector<domain::AuditLine> lines,
                     const domain::ChainAudit& chain) override {
        d_.call([&] {
            chain(lines, {});
            d_.audit.insert(d_.audit.end(), lines.begin(), lines.end());
        });
    }
    void add_career_upload(const domain::CareerUpload&) override {}
    bool knows_agency(const std::string&) override { return true; }
    void drop_reservations(domain::Instant) override {}
    bool answers() override {
        std::lock_guard lock(d_.mutex);
        return !d_.is_away;
    }

private:
    FakeDatabase& d_;
};

/// Reports at once from a thread of its own, with what `outcome` says; or never.
class FakeProducer final : public runtime::Producer {
public:
    enum class Mode { delivers, not_queued, unknown, silent };
    ~FakeProducer() override {
        for (auto& thread : threads_) thread.join();
    }
    void send(runtime::OutgoingMessage message, OnDelivery on_delivery) override {
        std::lock_guard lock(mutex_);
        const auto mode = mode_;
        runtime::Delivered report{runtime::Delivery::delivered, message.partition,
                                  static_cast<std::int64_t>(sent_.size()), ""};
        if (mode == Mode::not_queued) report.outcome = runtime::Delivery::not_queued;
        if (mode == Mode::unknown) report.outcome = runtime::Delivery::unknown;
        if (mode != Mode::not_queued) sent_.push_back(std::move(message));
        if (mode == Mode::silent) return;
        threads_.emplace_back(
            [report, on_delivery = std::move(on_delivery)] { on_delivery(report); });
    }
    runtime::Flush flush(std::chrono::milliseconds) override {
        return runtime::Flush::all_reported;
    }
    bool is_connected() override { return true; }
    void set(Mode mode) {
        std::lock_guard lock(mutex_);
        mode_ = mode;
    }
    std::vector<runtime::OutgoingMessage> sent() {
        std::lock_guard lock(mutex_);
        return sent_;
    }

private:
    std::mutex mutex_;
    Mode mode_ = Mode::delivers;
    std::vector<runtime::OutgoingMessage> sent_;
    std::vector<std::thread> threads_;
};

inline bool wait_until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

}  // namespace chaiqin::gateway::testing_fakes
