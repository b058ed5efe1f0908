#pragma once
// A list from its first to its last line: the pages that its reader gives one after the other, read
// from one snapshot of the database (ADR 0014). A reader knows nothing of it,
// so every list can be had whole. Used by one thread.
#include "query/asking.hpp"
#include "query/readers/readers.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::query {

class WholeList final : public rpc::Pages {
public:
    /// `known` and `sums` must outlive it.
    WholeList(Sight sight, const Knowledge& known, postgres::Snapshot snapshot, KnownSums& sums,
              const readers::Reader& reader, const google::protobuf::Message& request);

    std::unique_ptr<google::protobuf::Message> next() override;

private:
    Sight sight_;
    postgres::Snapshot snapshot_;
    Asking asking_;
    const readers::Reader& reader_;
    /// For the page to come.
    std::unique_ptr<google::protobuf::Message> request_;
    bool has_ended_ = false;
};

}  // namespace chaiqin::query
