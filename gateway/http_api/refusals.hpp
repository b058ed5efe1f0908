#pragma once
// From what ingest refuses to the problem that the sender is told. The only place that knows both.
#include "gateway/http/problems.hpp"
#include "gateway/ingest/upload_reader.hpp"

namespace chaiqin::gateway {

Problem problem_of(FileRefusal refusal);
Problem problem_of(const UploadRefusal& refusal);

}  // namespace chaiqin::gateway
