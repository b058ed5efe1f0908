#include "postgres/portal/session_store.hpp"

#include "postgres/binary.hpp"
#include "postgres/portal/sessions.sql.hpp"

namespace chaiqin::postgres::portal {

namespace {

using domain::Instant;
using domain::PortalSession;
using domain::SealedTokens;

std::string bytes_or_none(const Row& row, std::string_view name) {
    return row.is_null(name) ? std::string() : row.string(name);
}

SealedTokens tokens_in(const Row& row) {
    return {.access = row.string("access_sealed"),
            .refresh = bytes_or_none(row, "refresh_sealed"),
            .id_token = row.string("id_token_sealed"),
            .access_ends_at = row.instant("access_ends_at")};
}

std::optional<PortalSession> session_in(const Rows& rows, const std::string& id_hash) {
    if (rows.empty()) return std::nullopt;
    const auto row = rows.only();
    return PortalSession{.id_hash = id_hash,
                         .issuer = row.string("issuer"),
                         .sub_hash = row.string("sub_hash"),
                         .sid_hash = bytes_or_none(row, "sid_hash"),
                         .tokens = tokens_in(row),
                         .created_at = row.instant("created_at"),
                         .idle_until = row.instant("idle_until"),
                         .ends_at = row.instant("ends_at")};
}

Params only_id(const std::string& id_hash) {
    Params params;
    params.add_bytes(id_hash);
    return params;
}

class PostgresSessionStore final : public domain::SessionStore {
    // Defined before its uses, because its result is deduced.
    /// `body` in a transaction of its own.
    template <class Body>
    auto in_one(const Body& body) {
        auto work = session_.begin();
        if constexpr (std::is_void_v<decltype(body(*work))>) {
            body(*work);
            session_.commit(*work);
        } else {
            auto result = body(*work);
            session_.commit(*work);
            return result;
        }
    }

public:
    explicit PostgresSessionStore(SessionSettings settings) : session_(std::move(settings)) {}

    void add(const PortalSession& added) override {
        auto params = only_id(added.id_hash);
        params.add(added.issuer)
            .add(added.sub_hash)
            .add(added.sid_hash)
            .add_bytes(added.tokens.access)
            .add_bytes(added.tokens.refresh)
            .add_bytes(added.tokens.id_token)
            .add(added.tokens.access_ends_at)
            .add(added.created_at)
            .add(added.idle_until)
            .add(added.ends_at);
        in_one([&](auto& work) { query_prepared(work, sql::add_session, params); });
    }

    std::optional<PortalSession> find(const std::string& id_hash, Instant now,
                                      std::optional<Instant> idle_until) override {
        auto params = only_id(id_hash);
        params.add(now);
        if (idle_until) params.add(*idle_until);
        const auto& statement = idle_until ? sql::touch_session : sql::find_session;
        return in_one([&](auto& work) {
            return session_in(query_prepared(work, statement, params), id_hash);
        });
    }

    std::optional<SealedTokens> renew_tokens(const std::string& id_hash,
                                             const Renew& renew) override {
        return in_one([&](auto& work) -> std::optional<SealedTokens> {
            const auto rows = query_prepared(work, sql::lock_tokens, only_id(id_hash));
            if (rows.empty()) return std::nullopt;
            const auto standing = tokens_in(rows.only());
            const auto renewed = renew(standing);
            if (!renewed) return standing;
            auto params = only_id(id_hash);
            params.add_bytes(renewed->access)
                .add_bytes(renewed->refresh)
                .add_bytes(renewed->id_token)
                .add(renewed->access_ends_at);
            query_prepared(work, sql::store_tokens, params);
            return renewed;
        });
    }

    std::optional<PortalSession> remove(const std::string& id_hash) override {
        return in_one([&](auto& work) {
            return session_in(query_prepared(work, sql::remove_session, only_id(id_hash)), id_hash);
        });
    }

    bool remove_all(const std::string& issuer, const std::string& sub_hash,
                    const std::string& sid_hash, const std::string& notice_hash,
                    Instant now) override {
        return in_one([&](auto& work) {
            auto notice = only_id(notice_hash);
            notice.add(now);
            if (query_prepared(work, sql::note_logout_token, notice).empty()) return false;
            Params whose;
            whose.add(issuer).add(sid_hash.empty() ? sub_hash : sid_hash);
            query_prepared(
                work, sid_hash.empty() ? sql::remove_sessions_of_sub : sql::remove_sessions_of_sid,
                whose);
            return true;
        });
    }

    void sweep(Instant now, Instant notices_before) override {
        Params at, before;
        at.add(now);
        before.add(notices_before);
        in_one([&](auto& work) {
            query(work, sql::sweep_sessions, at);
            query(work, sql::sweep_logout_tokens, before);
        });
    }

private:
    Session session_;
};

}  // namespace

std::unique_ptr<domain::SessionStore> make_session_store(SessionSettings settings) {
    return std::make_unique<PostgresSessionStore>(std::move(settings));
}

}  // namespace chaiqin::postgres::portal
