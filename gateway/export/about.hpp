#pragma once
// What the sheet 說明 says: what was asked for, of when the data are, the sums that the API knows,
// by which rules or formula, and who had it made. Pure.
#include <google/protobuf/message.h>

#include <vector>

#include "domain/registry.hpp"
#include "gateway/export/list_source.hpp"
#include "gateway/export/lists.hpp"
#include "gateway/http/request.hpp"

namespace chaiqin::gateway {

struct AboutParts {
    const ExportedList& list;
    /// Null: the list has no parameters.
    const google::protobuf::Message* question = nullptr;
    const ListSource& source;
    const Request& request;
    const domain::Registry& registry;
    domain::Instant now{};
    std::int64_t rows = 0;
};
std::vector<AboutLine> about_lines(const AboutParts& parts);

}  // namespace chaiqin::gateway
