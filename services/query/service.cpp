#include "query/service.hpp"

#include "query/readers/readers.hpp"
#include "query/refusals.hpp"
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

std::unique_ptr<google::protobuf::Message> Service::ask(
    const rpc::Asker& asker, const google::protobuf::MethodDescriptor& method,
    const google::protobuf::Message& request) {
    const auto sight = look(asker, rpc::read_method(method).right);
    const Asking asking(sight, parts_.known, parts_.database, sums_, asker.deadline);
    return readers::reader_of(method)(asking, request);
}

}  // namespace chaiqin::query
