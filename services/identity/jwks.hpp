#pragma once
// The issuer's public keys: a JWK Set fetched from a URL or read from a file, kept for a minute and
// then fetched again, so that a key that the issuer withdraws is soon refused; and fetched again
// when a kid is unknown, at most once every few seconds. Thread-safe; one thread fetches while the
// others use what is there.
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace chaiqin::identity {

/// A verification key: what the token's alg must be for it, and the JWK as JSON.
struct VerificationKey {
    std::string kid;
    std::string kty;  ///< RSA, EC
    std::string alg;  ///< "" = any that fits kty
    std::string jwk;
};

/// Keys of a JWK Set that can verify RS256, PS256 or ES256; others are left out (also RSA below
/// 2048 bits). Nothing if the text is no JWK Set.
std::optional<std::map<std::string, VerificationKey>> parse_jwks(std::string_view text);

class KeySource {
public:
    using Fetch = std::function<std::optional<std::string>()>;  ///< the JWK Set's text; nothing:
                                                                ///< not to be had now
    using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;
    explicit KeySource(Fetch fetch, SteadyClock clock = std::chrono::steady_clock::now);

    /// The key of this kid ("" = the only key there is); nothing if the issuer has none.
    /// TransientFailure if no JWK Set has been had yet.
    std::shared_ptr<const VerificationKey> find(std::string_view kid);

private:
    using Keys = std::map<std::string, VerificationKey>;
    std::shared_ptr<const VerificationKey> known(const std::shared_ptr<const Keys>& keys,
                                                 std::string_view kid) const;
    std::shared_ptr<const Keys> keys();
    void refresh();
    /// Unless another thread is about it.
    void refresh_if_old();
    void fetch_again(std::chrono::steady_clock::duration not_before);

    Fetch fetch_;
    SteadyClock clock_;
    std::mutex mutex_, fetching_;
    std::shared_ptr<const Keys> keys_;
    std::optional<std::chrono::steady_clock::time_point> fetched_at_;
};

/// libcurl, 2 s, at most 1 MiB, no redirects.
KeySource::Fetch fetch_from_url(std::string url);
/// The first file of a list (a:b) that can be read: the issuer's own first, a kept copy after it.
KeySource::Fetch fetch_from_file(std::string path);

}  // namespace chaiqin::identity
