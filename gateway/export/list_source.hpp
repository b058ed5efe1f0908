#pragma once
// Where an export's rows come from: the pages of a list of the query service, or the rules of the
// registry. Used by one thread; blocks.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/registry.hpp"
#include "gateway/export/rows.hpp"
#include "rpc/questions.hpp"

namespace chaiqin::gateway {

class ListSource {
public:
    virtual ~ListSource() = default;
    /// The next row, valid until the next call; null behind the last one.
    virtual const RowMembers* next() = 0;
    /// How many rows there are, if that is known before they are read.
    virtual std::optional<std::int64_t> total() const { return std::nullopt; }
    /// A member of the answer beside its rows.
    virtual Value beside(std::string_view) const { return {}; }
    /// What the audit must name; "" if there is nothing of another agency.
    virtual std::string others() const { return ""; }
};

/// Reads the first page at once. Throws as rpc::Pages::next.
std::unique_ptr<ListSource> pages_source(std::unique_ptr<rpc::Pages> pages, std::string_view rows);
/// The rules in force that day.
std::unique_ptr<ListSource> rules_source(domain::RegistryPtr registry, domain::Day today);
std::unique_ptr<ListSource> empty_source();

}  // namespace chaiqin::gateway
