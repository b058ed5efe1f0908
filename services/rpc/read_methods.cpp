#include "rpc/read_methods.hpp"

#include "chaiqin/query/v1/query.pb.h"
#include "domain/failure.hpp"

namespace chaiqin::rpc {

namespace {

namespace pb = chaiqin::query::v1;

identity::Right right_of(pb::Right right) {
    switch (right) {
        case pb::RIGHT_READ_SUBMISSIONS:
            return identity::Right::read_submissions;
        case pb::RIGHT_READ_STATISTICS:
            return identity::Right::read_statistics;
        case pb::RIGHT_READ_UNMATCHED:
            return identity::Right::read_unmatched;
        case pb::RIGHT_READ_RATES:
            return identity::Right::read_rates;
        case pb::RIGHT_READ_AGENCIES:
            return identity::Right::read_agencies;
        case pb::RIGHT_READ_TABLE19_LOADS:
            return identity::Right::read_table19_loads;
        case pb::RIGHT_READ_WORKBENCH:
            return identity::Right::read_workbench;
        case pb::RIGHT_READ_OPERATIONS:
            return identity::Right::read_operations;
        case pb::RIGHT_READ_RECORDS:
            return identity::Right::read_records;
        case pb::RIGHT_MANAGE_WEBHOOKS:
            return identity::Right::manage_webhooks;
        case pb::RIGHT_READ_WEBHOOKS:
            return identity::Right::read_webhooks;
        default:
            domain::broken_invariant("a method of query.proto does not say which right it needs");
    }
}

std::vector<ReadMethod> all_methods() {
    const auto* service = pb::GetSubmissionRequest::descriptor()->file()->service(0);
    std::vector<ReadMethod> methods;
    for (int i = 0; i < service->method_count(); ++i) {
        const auto& options = service->method(i)->options().GetExtension(pb::read);
        methods.push_back({service->method(i), options.path(), right_of(options.right()),
                           options.audit(), options.composed(), options.one_moment(),
                           options.can_wait()});
    }
    return methods;
}

}  // namespace

const std::vector<ReadMethod>& read_methods() {
    static const auto methods = all_methods();
    return methods;
}

const ReadMethod& read_method(const google::protobuf::MethodDescriptor& method) {
    return read_methods().at(static_cast<std::size_t>(method.index()));
}

const ReadMethod& read_that_answers(const google::protobuf::Descriptor& answer) {
    for (const auto& read : read_methods())
        if (read.method->output_type() == &answer) return read;
    domain::broken_invariant("no method of query.proto answers with this type");
}

std::unique_ptr<google::protobuf::Message> new_message(const google::protobuf::Descriptor& type) {
    const auto* prototype =
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
    return std::unique_ptr<google::protobuf::Message>(prototype->New());
}

}  // namespace chaiqin::rpc
