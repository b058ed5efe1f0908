#pragma once
// Who is logged in: from the cookie's value to the caller and to the access token that is handed
// on. The rows stand in PostgreSQL; what was read is good for 30 s here, so a logout in another
// gateway shows within that time, and while PostgreSQL is away a known session goes on until its
// access token ends. Thread-safe.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "crypto/keyring.hpp"
#include "crypto/sealing.hpp"
#include "domain/session_store.hpp"
#include "identity/login_provider.hpp"
#include "identity/token_verifier.hpp"

namespace chaiqin::gateway {

/// A person with a session.
struct SignedIn {
    identity::Caller caller;
    std::string access_token;
    domain::Instant access_ends_at{}, idle_until{}, ends_at{};
};

struct SessionParts {
    std::function<std::unique_ptr<domain::SessionStore>()> open_store;
    identity::LoginProvider& provider;
    const identity::TokenVerifier& verifier;
    const crypto::Sealer& sealer;
    const crypto::Keyring& keys;
    std::chrono::seconds idle_limit{1800}, limit{36'000};
    /// The real clock; sessions do not follow the test clock.
    std::function<domain::Instant()> now;
};

class Sessions {
public:
    explicit Sessions(SessionParts parts);

    /// Decided at once from memory (io thread). Empty: ask find(). `active`: a person caused the
    /// request, so the idle limit starts anew.
    std::optional<SignedIn> known(const std::string& cookie, bool active);
    /// The session of this cookie; none if there is none, or it has ended. Blocks on PostgreSQL
    /// and, when the access token is near its end, on the issuer. TransientFailure: it cannot be
    /// known now.
    std::optional<SignedIn> find(const std::string& cookie, bool active);
    /// A new session; its cookie's value. Blocks. TransientFailure. LoginRefused: the access token
    /// is not one that this platform accepts.
    std::pair<std::string, SignedIn> start(const identity::LoginTokens& tokens);
    /// Ends it, here at once even if PostgreSQL is away (then within 30 s elsewhere it goes on
    /// until its limit: TransientFailure). The ID token, for the issuer's logout; "" if there was
    /// none.
    std::string end(const std::string& cookie);
    /// Ends what the issuer says has ended. Empty if the notice was seen before. Blocks.
    bool end_noticed(const identity::LogoutNotice& notice);
    /// A keyed hash by which a page recognises the same person.
    std::string person_of(const identity::Caller& caller) const;

private:
    struct Remembered {
        SignedIn session;
        domain::Instant read_at{}, touched_at{};
        bool has_ended = false;
    };

    template <class Body>
    auto with_store(const Body& body);
    std::optional<SignedIn> remembered(const std::string& id, bool active, bool while_away);
    void remember(const std::string& id, const SignedIn& session, bool active);
    void forget(const std::string& id, bool for_good);
    domain::SealedTokens sealed(const identity::LoginTokens& tokens, const std::string& id) const;
    std::string opened(const std::string& sealed, const std::string& id) const;
    std::optional<domain::SealedTokens> renewed(const domain::SealedTokens& standing,
                                                const std::string& id) const;
    std::optional<SignedIn> signed_in(domain::PortalSession session);

    SessionParts parts_;
    std::mutex mutex_;
    std::unordered_map<std::string, Remembered> remembered_;
    std::mutex stores_mutex_;
    std::vector<std::unique_ptr<domain::SessionStore>> stores_;
};

}  // namespace chaiqin::gateway
