#include "query/readers/filing_names.hpp"

#include <string_view>

namespace chaiqin::query::readers {

namespace {

constexpr std::string_view prefix = "FILING_STATUS_";

}  // namespace

pb::FilingStatus filing_status(std::string name) {
    for (char& c : name)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    pb::FilingStatus status{};
    pb::FilingStatus_Parse(std::string(prefix) + name, &status);
    return status;
}

std::string filing_name(pb::FilingStatus status) {
    auto name = pb::FilingStatus_Name(status).substr(prefix.size());
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return name;
}

}  // namespace chaiqin::query::readers
