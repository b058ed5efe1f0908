#pragma once
// The readers: one function per question, with its statements in a .sql file beside it. A reader
// decides which of the asker's agencies the question is about, runs one statement and fills the
// answer, with the other agencies' data that it opened in `others`. All of them are listed in
// readers.cpp.
#include <functional>
#include <memory>

#include "chaiqin/query/v1/query.pb.h"
#include "query/asking.hpp"

namespace chaiqin::query::readers {

namespace pb = query::v1;

using Reader = std::function<std::unique_ptr<google::protobuf::Message>(
    const Asking&, const google::protobuf::Message&)>;
/// Aborts if the method has no reader.
const Reader& reader_of(const google::protobuf::MethodDescriptor& method);

}  // namespace chaiqin::query::readers
