#include "gateway/login/sessions.hpp"

#include "crypto/digest.hpp"
#include "crypto/keyed_hash.hpp"
#include "domain/failure.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::gateway {

using domain::Instant;
using domain::PortalSession;
using domain::SealedTokens;
using identity::LoginTokens;

namespace {

constexpr auto known_for = std::chrono::seconds(30);
/// The idle end in PostgreSQL lags behind by at most this.
constexpr auto touch_every = std::chrono::seconds(10);
constexpr auto renew_before_end = std::chrono::seconds(60);
constexpr std::size_t most_remembered = 50'000, most_token_bytes = 64 * 1024;
constexpr std::string_view token_owner = "portal session";

std::string id_of(const std::string& cookie) { return crypto::sha256(cookie); }

}  // namespace

Sessions::Sessions(SessionParts parts) : parts_(std::move(parts)) {}

/// Runs `body` with a store that nobody else uses meanwhile.
template <class Body>
auto Sessions::with_store(const Body& body) {
    std::unique_ptr<domain::SessionStore> store;
    {
        const std::lock_guard lock(stores_mutex_);
        if (!stores_.empty()) {
            store = std::move(stores_.back());
            stores_.pop_back();
        }
    }
    if (!store) store = parts_.open_store();
    struct GivesBack {
        Sessions& sessions;
        std::unique_ptr<domain::SessionStore>& store;
        ~GivesBack() {
            const std::lock_guard lock(sessions.stores_mutex_);
            sessions.stores_.push_back(std::move(store));
        }
    } const gives_back{*this, store};
    return body(*store);
}

std::optional<SignedIn> Sessions::known(const std::string& cookie, bool active) {
    return remembered(id_of(cookie), active, false);
}

/// From memory alone. `while_away`: PostgreSQL cannot be asked, so what was read long ago still
/// counts as long as the access token lives.
std::optional<SignedIn> Sessions::remembered(const std::string& id, bool active, bool while_away) {
    const std::lock_guard lock(mutex_);
    const auto found = remembered_.find(id);
    if (found == remembered_.end() || found->second.has_ended) return std::nullopt;
    auto& [session, read_at, touched_at, has_ended] = found->second;
    const auto now = parts_.now();
    if (session.idle_until <= now || session.ends_at <= now || session.access_ends_at <= now)
        return std::nullopt;
    if (!while_away) {
        if (now - read_at >= known_for || session.access_ends_at - now <= renew_before_end)
            return std::nullopt;
        if (active && now - touched_at >= touch_every) return std::nullopt;
    }
    if (active) session.idle_until = std::min(now + parts_.idle_limit, session.ends_at);
    return session;
}

std::optional<SignedIn> Sessions::find(const std::string& cookie, bool active) {
    const auto id = id_of(cookie);
    {
        const std::lock_guard lock(mutex_);
        const auto known = remembered_.find(id);
        if (known != remembered_.end() && known->second.has_ended) return std::nullopt;
    }
    try {
        const auto now = parts_.now();
        const auto idle_until = active ? std::optional(now + parts_.idle_limit) : std::nullopt;
        auto row = with_store([&](auto& store) { return store.find(id, now, idle_until); });
        auto session = row ? signed_in(std::move(*row)) : std::nullopt;
        if (session)
            remember(id, *session, active);
        else
            forget(id, false);
        return session;
    } catch (const domain::TransientFailure&) {
        if (auto session = remembered(id, active, true)) return session;
        throw;
    }
}

/// The session with an access token that is good for a while; none if the issuer has ended it.
std::optional<SignedIn> Sessions::signed_in(PortalSession session) {
    const auto& id = session.id_hash;
    if (session.tokens.access_ends_at - parts_.now() <= renew_before_end &&
        !session.tokens.refresh.empty()) {
        try {
            auto tokens = with_store([&](auto& store) {
                return store.renew_tokens(
                    id, [&](const auto& standing) { return renewed(standing, id); });
            });
            if (!tokens) return std::nullopt;
            session.tokens = std::move(*tokens);
        } catch (const identity::LoginRefused& refused) {
            runtime::log_info("the issuer has ended a session", {{"reason", refused.what()}});
            with_store([&](auto& store) { store.remove(id); });
            return std::nullopt;
        } catch (const domain::TransientFailure&) {
            if (session.tokens.access_ends_at <= parts_.now()) throw;
        }
    }
    SignedIn in{.caller = {},
                .access_token = opened(session.tokens.access, id),
                .access_ends_at = session.tokens.access_ends_at,
                .idle_until = session.idle_until,
                .ends_at = session.ends_at};
    auto caller = parts_.verifier.verify(in.access_token);
    if (!caller) return std::nullopt;
    in.caller = std::move(*caller);
    in.caller.client_kind = "portal";
    return in;
}

/// Called with the row locked: new tokens, or none if another process has just had them.
std::optional<SealedTokens> Sessions::renewed(const SealedTokens& standing,
                                              const std::string& id) const {
    if (standing.access_ends_at - parts_.now() > renew_before_end) return std::nullopt;
    auto tokens = parts_.provider.refresh(opened(standing.refresh, id));
    auto all = sealed(tokens, id);
    if (tokens.id.empty()) all.id_token = standing.id_token;
    return all;
}

SealedTokens Sessions::sealed(const LoginTokens& tokens, const std::string& id) const {
    const auto name = crypto::hex(id);
    const auto seal = [&](const std::string& token) {
        return token.empty() ? std::string() : parts_.sealer.seal(token, token_owner, name);
    };
    return {.access = seal(tokens.access),
            .refresh = seal(tokens.refresh),
            .id_token = seal(tokens.id),
            .access_ends_at = tokens.access_ends_at};
}

std::string Sessions::opened(const std::string& sealed, const std::string& id) const {
    return parts_.sealer.open(sealed, token_owner, crypto::hex(id), most_token_bytes);
}

std::pair<std::string, SignedIn> Sessions::start(const LoginTokens& tokens) {
    auto caller = parts_.verifier.verify(tokens.access);
    if (!caller) throw identity::LoginRefused("the access token is not for this platform");
    if (caller->sub != tokens.sub)
        throw identity::LoginRefused("access token and ID token are of two persons");
    const auto cookie = crypto::base64url(crypto::random_bytes(32));
    const auto now = parts_.now();
    PortalSession session;
    session.id_hash = id_of(cookie);
    session.issuer = tokens.issuer;
    session.sub_hash = crypto::header_hash(parts_.keys, "sub", tokens.sub);
    if (!tokens.sid.empty()) session.sid_hash = crypto::header_hash(parts_.keys, "sid", tokens.sid);
    session.tokens = sealed(tokens, session.id_hash);
    session.created_at = now;
    session.ends_at = now + parts_.limit;
    session.idle_until = std::min(now + parts_.idle_limit, session.ends_at);
    with_store([&](auto& store) { store.add(session); });
    SignedIn in{.caller = std::move(*caller),
                .access_token = tokens.access,
                .access_ends_at = tokens.access_ends_at,
                .idle_until = session.idle_until,
                .ends_at = session.ends_at};
    in.caller.client_kind = "portal";
    remember(session.id_hash, in, true);
    return {cookie, std::move(in)};
}

std::string Sessions::end(const std::string& cookie) {
    const auto id = id_of(cookie);
    forget(id, true);
    const auto session = with_store([&](auto& store) { return store.remove(id); });
    return session ? opened(session->tokens.id_token, id) : std::string();
}

bool Sessions::end_noticed(const identity::LogoutNotice& notice) {
    const auto sub = crypto::header_hash(parts_.keys, "sub", notice.sub);
    const auto sid =
        notice.sid.empty() ? std::string() : crypto::header_hash(parts_.keys, "sid", notice.sid);
    const bool is_new = with_store([&](auto& store) {
        return store.remove_all(notice.issuer, sub, sid, crypto::sha256(notice.id), parts_.now());
    });
    // Which sessions of memory these are is not known here, so all are read again.
    const std::lock_guard lock(mutex_);
    std::erase_if(remembered_, [](const auto& one) { return !one.second.has_ended; });
    return is_new;
}

std::string Sessions::person_of(const identity::Caller& caller) const {
    return crypto::header_hash(parts_.keys, "sub", caller.sub);
}

void Sessions::remember(const std::string& id, const SignedIn& session, bool active) {
    const std::lock_guard lock(mutex_);
    const auto now = parts_.now();
    if (remembered_.size() >= most_remembered)
        std::erase_if(remembered_, [&](const auto& one) {
            return !one.second.has_ended || one.second.session.ends_at <= now;
        });
    auto& entry = remembered_[id];
    if (entry.has_ended) return;
    entry.session = session;
    entry.read_at = now;
    if (active) entry.touched_at = now;
}

/// `for_good`: it was ended here and stays so, whatever PostgreSQL says.
void Sessions::forget(const std::string& id, bool for_good) {
    const std::lock_guard lock(mutex_);
    if (!for_good) {
        remembered_.erase(id);
        return;
    }
    auto& entry = remembered_[id];
    entry.has_ended = true;
    entry.session = {};
    entry.session.ends_at = parts_.now() + parts_.limit;
}

}  // namespace chaiqin::gateway
