#pragma once
// A body that counts for the agency acted for: its bytes by the second, and as long as the request
// is under way.
#include "gateway/http/agency_shares.hpp"
#include "gateway/http/body.hpp"

namespace chaiqin::gateway {

class AgencyBody final : public Body {
public:
    /// `declared`: what has been taken for the body already, by its Content-Length.
    AgencyBody(Body& body, AgencyShares& shares, std::string agency, AgencyShares::Held in_flight,
               std::size_t declared)
        : body_(body),
          shares_(shares),
          agency_(std::move(agency)),
          in_flight_(std::move(in_flight)),
          left_(declared) {}

    void limit(BodyLimits limits) override { body_.limit(limits); }
    std::optional<std::uint64_t> declared_bytes() const override { return body_.declared_bytes(); }
    /// Cut with 429 where a body of unknown length goes beyond the share.
    boost::asio::awaitable<std::string_view> next() override;

private:
    Body& body_;
    AgencyShares& shares_;
    std::string agency_;
    AgencyShares::Held in_flight_;
    /// Of what was declared.
    std::size_t left_;
};

}  // namespace chaiqin::gateway
