#include "identity/jwks.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

#include "domain/failure.hpp"
#include "identity/claims.hpp"
#include "identity/http_exchange.hpp"

namespace chaiqin::identity {

namespace {

constexpr auto least_time_between_fetches = std::chrono::seconds(3);
constexpr auto kept_for = std::chrono::seconds(60);
constexpr std::size_t least_rsa_modulus_characters = 342;  // 2048 bits in base64url

/// Whether a key may verify one of the three algorithms.
bool is_usable(const json_t* jwk, const VerificationKey& key) {
    if (const auto use = text_claim(jwk, "use"); !use.empty() && use != "sig") return false;
    if (key.kty == "RSA") {
        return text_claim(jwk, "n").size() >= least_rsa_modulus_characters &&
               (key.alg.empty() || key.alg == "RS256" || key.alg == "PS256");
    }
    return key.kty == "EC" && text_claim(jwk, "crv") == "P-256" &&
           (key.alg.empty() || key.alg == "ES256");
}

}  // namespace

std::optional<std::map<std::string, VerificationKey>> parse_jwks(std::string_view text) {
    json_error_t where;
    const Json root(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, &where));
    const json_t* list = root ? json_object_get(root.get(), "keys") : nullptr;
    if (!json_is_array(list)) return std::nullopt;
    std::map<std::string, VerificationKey> keys;
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        const json_t* jwk = json_array_get(list, i);
        if (!json_is_object(jwk)) continue;
        VerificationKey key{text_claim(jwk, "kid"), text_claim(jwk, "kty"), text_claim(jwk, "alg"),
                            ""};
        if (!is_usable(jwk, key)) continue;
        const std::unique_ptr<char, decltype(&free)> dumped(json_dumps(jwk, JSON_COMPACT), free);
        if (!dumped) continue;
        key.jwk = dumped.get();
        auto kid = key.kid;
        keys.insert_or_assign(std::move(kid), std::move(key));
    }
    return keys;
}

KeySource::KeySource(Fetch fetch, SteadyClock clock)
    : fetch_(std::move(fetch)), clock_(std::move(clock)) {}

std::shared_ptr<const VerificationKey> KeySource::known(const std::shared_ptr<const Keys>& keys,
                                                        std::string_view kid) const {
    if (!keys) return nullptr;
    if (kid.empty())
        return keys->size() == 1
                   ? std::shared_ptr<const VerificationKey>(keys, &keys->begin()->second)
                   : nullptr;
    const auto found = keys->find(std::string(kid));
    return found == keys->end() ? nullptr
                                : std::shared_ptr<const VerificationKey>(keys, &found->second);
}

std::shared_ptr<const KeySource::Keys> KeySource::keys() {
    std::lock_guard lock(mutex_);
    return keys_;
}

std::shared_ptr<const VerificationKey> KeySource::find(std::string_view kid) {
    refresh_if_old();
    if (auto key = known(keys(), kid)) return key;
    refresh();
    const auto now_known = keys();
    if (!now_known) throw domain::TransientFailure("the issuer's keys cannot be had");
    return known(now_known, kid);
}

void KeySource::refresh() {
    std::lock_guard one_at_a_time(fetching_);
    fetch_again(least_time_between_fetches);
}

void KeySource::refresh_if_old() {
    std::unique_lock one_at_a_time(fetching_, std::try_to_lock);
    if (one_at_a_time) fetch_again(kept_for);
}

/// The caller holds `fetching_`.
void KeySource::fetch_again(std::chrono::steady_clock::duration not_before) {
    const auto now = clock_();
    if (fetched_at_ && now - *fetched_at_ < not_before) return;
    const auto text = fetch_();
    fetched_at_ = clock_();
    auto parsed = text ? parse_jwks(*text) : std::nullopt;
    if (!parsed) return;  // what is known stays in use
    std::lock_guard lock(mutex_);
    keys_ = std::make_shared<const Keys>(std::move(*parsed));
}

KeySource::Fetch fetch_from_url(std::string url) {
    return [url = std::move(url)]() -> std::optional<std::string> {
        auto answer = http_exchange({.url = url});
        if (!answer || answer->status != 200) return std::nullopt;
        return std::move(answer->body);
    };
}

KeySource::Fetch fetch_from_file(std::string path) {
    return [path = std::move(path)]() -> std::optional<std::string> {
        std::istringstream paths(path);
        for (std::string one; std::getline(paths, one, ':');) {
            std::ifstream file(one, std::ios::binary);
            if (file) return std::string(std::istreambuf_iterator<char>(file), {});
        }
        return std::nullopt;
    };
}

}  // namespace chaiqin::identity
