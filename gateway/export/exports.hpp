#pragma once
// Lists as files: `?format=xlsx|ods|csv` on every list of lists.hpp. An export is made by its own
// worker into a spool file and then sent from there, so that readers and the io thread never wait
// for it, and a failure in the middle is a problem answer. One at a time for each agency acted for,
// eight a gateway; an export counts until its last byte is sent.
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "domain/registry.hpp"
#include "gateway/http/agency_shares.hpp"
#include "gateway/http/route.hpp"
#include "gateway/reading/record_files.hpp"
#include "gateway/work/worker_pool.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::gateway {

struct ExportParts {
    rpc::Questions& questions;
    RecordParts records;
    const domain::RegistrySource& registry;
    std::function<domain::Instant()> now;
    /// "" = the system's temporary directory.
    std::string spool_dir;
    /// of a sheet, besides its header
    std::int64_t most_rows = 1'048'575;
};

class Exports {
public:
    /// ConfigError: the spool directory takes no file.
    explicit Exports(ExportParts parts);

    /// Gives each of the routes that is a list its export. It must outlive them.
    void join(std::vector<Route>& routes);
    /// Gives up what is under way.
    void stop();

private:
    struct Asked;
    class Making;
    boost::asio::awaitable<Response> answer(std::shared_ptr<const Asked> asked);
    /// On a worker.
    Response make(const Asked& asked, std::shared_ptr<const void> slot);

    ExportParts parts_;
    RecordFiles files_;
    std::atomic<bool> is_stopping_{false};
    WorkerPool makers_, disk_;
};

}  // namespace chaiqin::gateway
