#include "query/whole_list.hpp"

#include <google/protobuf/descriptor.h>

namespace chaiqin::query {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* field_of(const Message& message, const char* name) {
    return message.GetDescriptor()->FindFieldByName(name);
}

/// A copy that asks for the first of the large pages. What has no pages is asked as it is.
std::unique_ptr<Message> for_first_page(const Message& request) {
    std::unique_ptr<Message> first(request.New());
    first->CopyFrom(request);
    const auto& reflection = *first->GetReflection();
    for (const char* name : {"page", "page_token"})
        if (const auto* field = field_of(*first, name)) reflection.ClearField(first.get(), field);
    if (const auto* size = field_of(*first, "page_size"))
        reflection.SetInt32(first.get(), size, whole_list_page_size);
    return first;
}

std::string next_token(const Message& answer) {
    const auto* field = field_of(answer, "next_page_token");
    return field ? answer.GetReflection()->GetString(answer, field) : "";
}

}  // namespace

WholeList::WholeList(Sight sight, const Knowledge& known, postgres::Snapshot snapshot,
                     KnownSums& sums, const readers::Reader& reader, const Message& request)
    : sight_(std::move(sight)),
      snapshot_(std::move(snapshot)),
      asking_(sight_, known, sums,
              [this](const auto& sql, const auto& params) { return snapshot_.rows(sql, params); }),
      reader_(reader),
      request_(for_first_page(request)) {}

std::unique_ptr<Message> WholeList::next() {
    if (has_ended_) return nullptr;
    auto answer = reader_(asking_, *request_);
    const auto token = next_token(*answer);
    has_ended_ = token.empty();
    if (!has_ended_)
        request_->GetReflection()->SetString(request_.get(), field_of(*request_, "page_token"),
                                             token);
    return answer;
}

}  // namespace chaiqin::query
