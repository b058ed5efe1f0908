#pragma once
// /healthz (alive), /readyz (its broker and database answer, nothing waits), /metrics of a process
// on its own operations port. One thread answers; another one asks the readiness checks, for each
// request.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/waits.hpp"

namespace chaiqin::runtime {

struct ReadinessCheck {
    std::string name;  ///< "postgres", "kafka" …
    std::function<bool()> is_ready;
};

class OperationsServer {
public:
    /// Listens on 127.0.0.1:port; port 0: no server. Throws ConfigError if the port is taken.
    OperationsServer(int port, std::vector<ReadinessCheck> checks);
    ~OperationsServer();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// {"ready":true,"checks":{"postgres":true}} and whether all hold. Who waits for the deployment is
/// not ready; "waiting" then says for what, and what mends it.
std::pair<bool, std::string> readiness(const std::vector<ReadinessCheck>& checks,
                                       const std::vector<Waits::Entry>& waits = {});

}  // namespace chaiqin::runtime
