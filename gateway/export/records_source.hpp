#pragma once
// The records of files as rows of an export: the findings come from the query service, the values
// from the sealed file. Used by one thread; blocks.
#include <memory>

#include "gateway/export/list_source.hpp"
#include "gateway/reading/record_files.hpp"
#include "rpc/read_methods.hpp"

namespace chaiqin::gateway {

/// Whether rows of this read are records of files.
bool gives_records(const rpc::ReadMethod& read);

/// The records that `question` asks for, of one submission or of all. What is passed must outlive
/// it. Throws as rpc::Questions::ask_all.
std::unique_ptr<ListSource> records_source(rpc::Questions& questions, const RecordFiles& files,
                                           const Request& request, const rpc::ReadMethod& read,
                                           google::protobuf::Message& question,
                                           std::chrono::steady_clock::time_point deadline);

}  // namespace chaiqin::gateway
