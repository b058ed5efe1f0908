#pragma once
// What the process waits for because of a state of the deployment that somebody must mend, and how
// it is said: in the log (when it begins, every few minutes, and when it ends), at /readyz and as
// chaiqin_stage_waiting. Whatever waits holds a Wait; the list of all of them is one per process.
// Thread-safe.
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "domain/failure.hpp"
#include "runtime/clock.hpp"

namespace chaiqin::runtime {

class Waits {
public:
    struct Entry {
        /// Of domain::waiting_for.
        std::string reason;
        /// What is wrong, and what mends it.
        std::string sentence, mend;
        bool operator==(const Entry&) const = default;
    };
    /// One for each reason.
    std::vector<Entry> all() const;

private:
    friend class Wait;
    struct Reason {
        Entry entry;
        int waiting = 0;
        Steady::time_point said_at{};
    };
    void begin(const Entry& entry);
    void repeat(const std::string& reason);
    void end(const std::string& reason);

    mutable std::mutex mutex_;
    std::map<std::string, Reason> reasons_;
};

/// The process's one list.
Waits& waits();

/// Somebody's place in the list, empty at first. Used by one thread at a time.
class Wait {
public:
    explicit Wait(Waits& all = waits()) : all_(all) {}
    ~Wait() { end(); }
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    /// Waits for this; called again for each further look that finds it unmended.
    void begin(const domain::DeploymentFailure& failure);
    /// Waits no longer.
    void end();
    bool is_waiting() const { return !reason_.empty(); }

private:
    Waits& all_;
    std::string reason_;
};

}  // namespace chaiqin::runtime
