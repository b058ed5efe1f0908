#include "gateway/reading/enum_names.hpp"

#include "chaiqin/query/v1/options.pb.h"

namespace chaiqin::gateway {

namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// SubmissionState → "SUBMISSION_STATE_"
std::string prefix_of(const std::string& type) {
    std::string prefix;
    for (const char c : type) {
        if (!prefix.empty() && c == upper(c)) prefix += '_';
        prefix += upper(c);
    }
    return prefix + '_';
}

}  // namespace

std::string enum_name(const google::protobuf::EnumValueDescriptor& value) {
    auto name = value.name().substr(prefix_of(value.type()->name()).size());
    if (value.type()->options().GetExtension(query::v1::lower_case))
        for (char& c : name) c = lower(c);
    return name;
}

}  // namespace chaiqin::gateway
