#pragma once
// The query service (file to read first): every question of query.proto, decided by the end user's
// own token and the dated registry, answered by its reader (readers/readers.hpp). Owns nothing,
// writes nothing. Thread-safe; blocking.
//   question → caller (token) → right and scope (the method's options) → registry of now → reader →
//   answer with what the audit must name
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "postgres/read_sessions.hpp"
#include "query/asking.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::query {

struct ServiceParts {
    postgres::ReadSessions& database;
    /// The caller of a good access token.
    std::function<std::optional<identity::Caller>(const std::string&)> verify;
    std::function<domain::Instant()> now;
    Knowledge known = {};
};

class Service final : public rpc::Questions {
public:
    explicit Service(ServiceParts parts) : parts_(std::move(parts)) {}

    std::unique_ptr<google::protobuf::Message> ask(
        const rpc::Asker& asker, const google::protobuf::MethodDescriptor& method,
        const google::protobuf::Message& request) override;
    std::unique_ptr<rpc::Pages> ask_all(const rpc::Asker& asker,
                                        const google::protobuf::MethodDescriptor& method,
                                        const google::protobuf::Message& request) override;

private:
    /// Who asks and what they may see.
    Sight look(const rpc::Asker& asker, identity::Right right);
    std::shared_ptr<const AgencyIndex> index(postgres::Until until);

    ServiceParts parts_;
    std::mutex mutex_;
    std::shared_ptr<const AgencyIndex> index_;
    KnownSums sums_;
};

}  // namespace chaiqin::query
