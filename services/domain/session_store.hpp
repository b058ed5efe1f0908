#pragma once
// Sessions of people logged in with a browser (schema portal). A port; postgres/portal implements
// it. Times are of the real clock. Each call is one transaction and throws TransientFailure while
// PostgreSQL is away. One store a thread.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/calendar.hpp"

namespace chaiqin::domain {

/// Sealed by the gateway.
struct SealedTokens {
    std::string access;
    /// "" if the issuer gave none.
    std::string refresh;
    std::string id_token;
    Instant access_ends_at{};
};

struct PortalSession {
    /// SHA-256 of the cookie's value, raw.
    std::string id_hash;
    std::string issuer, sub_hash;
    /// "" if the issuer names no session of its own.
    std::string sid_hash;
    SealedTokens tokens;
    Instant created_at{}, idle_until{}, ends_at{};
};

class SessionStore {
public:
    virtual ~SessionStore() = default;
    virtual void add(const PortalSession& session) = 0;
    /// The session if neither of its ends has come. With `idle_until` its idle end moves there,
    /// unless it stands later already.
    virtual std::optional<PortalSession> find(const std::string& id_hash, Instant now,
                                              std::optional<Instant> idle_until) = 0;
    /// New tokens for a session, made while its row is locked, so that two processes never use one
    /// refresh token twice: `renew` gets the tokens as they stand and answers new ones, or none if
    /// they are new enough. It may throw; then nothing is stored. Empty: there is no such session.
    using Renew = std::function<std::optional<SealedTokens>(const SealedTokens&)>;
    virtual std::optional<SealedTokens> renew_tokens(const std::string& id_hash,
                                                     const Renew& renew) = 0;
    /// The session that was there.
    virtual std::optional<PortalSession> remove(const std::string& id_hash) = 0;
    /// Ends the sessions of the issuer's session, or of the person if `sid_hash` is ""; once per
    /// notice. False: the notice was seen before.
    virtual bool remove_all(const std::string& issuer, const std::string& sub_hash,
                            const std::string& sid_hash, const std::string& notice_hash,
                            Instant now) = 0;
    /// Deletes sessions that have ended and notices seen before `notices_before`.
    virtual void sweep(Instant now, Instant notices_before) = 0;
};

}  // namespace chaiqin::domain
