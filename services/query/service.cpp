#include "query/service.hpp"

#include "query/readers/readers.hpp"
#include "query/refusals.hpp"
#include "query/whole_list.hpp"
#include "rpc/read_methods.hpp"

namespace chaiqin::query {

std::shared_ptr<const AgencyIndex> Service::index(postgres::Until until) {
    const auto registry = parts_.database.registry(until);
    std::lock_guard lock(mutex_);
    if (!index_ || &index_->registry() != registry.get())
        index_ = std::make_shared<const AgencyIndex>(registry);
    return index_;
}

Sight Service::look(const rpc::Asker& asker, identity::Right right) {
    auto caller = parts_.verify(asker.bearer);
    if (!caller) refuse_token();
    const auto acting = identity::acting_agency(*caller, asker.acting_agency);
    if (!acting) refuse_acting_agency();
    identity::keep_roles_for(*caller, *acting);
    if (!identity::may(*caller, right)) refuse_without_role();
    return Sight(*caller, *acting, index(asker.deadline), parts_.now(), right);
}

namespace {

/// The large pages are for whole lists alone, which one snapshot and one export at a time bound.
void refuse_page_of_whole_list(const google::protobuf::Message& request) {
    const auto* size = request.GetDescriptor()->FindFieldByName("page_size");
    if (size && request.GetReflection()->GetInt32(request, size) == whole_list_page_size)
        refuse_bad("page_size：應為 1 至 100 的整數", "page_size must be a number from 1 to 100");
}

}  // namespace

std::unique_ptr<google::protobuf::Message> Service::ask(
    const rpc::Asker& asker, const google::protobuf::MethodDescriptor& method,
    const google::protobuf::Message& request) {
    const auto& read = rpc::read_method(method);
    const auto sight = look(asker, read.right);
    refuse_page_of_whole_list(request);
    std::optional<postgres::Snapshot> moment;
    if (read.one_moment) moment.emplace(parts_.database.snapshot(asker.deadline));
    const Asking asking(sight, parts_.known, sums_, [&](const auto& sql, const auto& params) {
        return moment ? moment->rows(sql, params)
                      : parts_.database.rows(sql, params, asker.deadline);
    });
    return readers::reader_of(method)(asking, request);
}

std::unique_ptr<rpc::Pages> Service::ask_all(const rpc::Asker& asker,
                                             const google::protobuf::MethodDescriptor& method,
                                             const google::protobuf::Message& request) {
    auto sight = look(asker, rpc::read_method(method).right);
    return std::make_unique<WholeList>(std::move(sight), parts_.known,
                                       parts_.database.snapshot(asker.deadline), sums_,
                                       readers::reader_of(method), request);
}

}  // namespace chaiqin::query
