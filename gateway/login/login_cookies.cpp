#include "gateway/login/login_cookies.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "crypto/digest.hpp"
#include "domain/failure.hpp"
#include "gateway/http/target.hpp"

namespace chaiqin::gateway {

namespace {

constexpr auto login_lasts = std::chrono::minutes(10);
constexpr std::size_t random_bytes_of_a_value = 32, longest_session_value = 100;
constexpr std::size_t longest_return_to = 2000, longest_login = 8192;
constexpr std::string_view login_owner = "portal login";
constexpr std::string_view for_this_host = "; Path=/; Secure; HttpOnly; SameSite=";

std::string random_value() {
    return crypto::base64url(crypto::random_bytes(random_bytes_of_a_value));
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

/// Below /auth/ or /api/ there is no page to end at, but for the one that closes its own window.
/// A browser takes the segments `.` and `..` out before it asks.
bool has_dot_segment(std::string_view path) {
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto end = std::min(path.find_first_of("/\\", begin), path.size());
        const auto segment = path.substr(begin, end - begin);
        if (segment == "." || segment == "..") return true;
        begin = end + 1;
    }
    return false;
}

bool is_page(std::string_view path) {
    if (path == "/auth/done") return true;
    return !(path == "/auth" || path == "/api" || path.starts_with("/auth/") ||
             path.starts_with("/api/"));
}

std::string packed(const BegunLogin& login) {
    const auto ends_us = std::to_string(login.ends_at.time_since_epoch().count());
    return login.attempt.nonce + "\n" + login.attempt.verifier + "\n" + ends_us + "\n" +
           login.return_to;
}

std::optional<BegunLogin> unpacked(const std::string& text, const std::string& state) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; lines.size() < 3;) {
        const auto end = text.find('\n', begin);
        if (end == std::string::npos) return std::nullopt;
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
        if (lines.size() == 3) lines.push_back(text.substr(begin));
    }
    std::int64_t ends_us = 0;
    std::from_chars(lines[2].data(), lines[2].data() + lines[2].size(), ends_us);
    return BegunLogin{.attempt = {.state = state, .nonce = lines[0], .verifier = lines[1]},
                      .return_to = lines[3],
                      .ends_at = domain::Instant(std::chrono::microseconds(ends_us))};
}

}  // namespace

std::string cookie_value(const Request& request, std::string_view name) {
    const auto all = request.header("cookie");
    std::string found;
    int count = 0;
    std::string_view left(all);
    while (!left.empty()) {
        const auto end = left.find(';');
        const auto pair = trimmed(left.substr(0, end));
        left = end == std::string_view::npos ? std::string_view() : left.substr(end + 1);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
        found = pair.substr(equals + 1);
        ++count;
    }
    return count == 1 ? found : std::string();
}

std::string session_cookie(const Request& request) {
    auto value = cookie_value(request, session_cookie_name);
    return value.size() <= longest_session_value ? value : std::string();
}

std::string set_session_cookie(const std::string& value) {
    return std::string(session_cookie_name) + "=" + value + std::string(for_this_host) + "Strict";
}

std::string forget_cookie(std::string_view name) {
    const auto same_site = name == session_cookie_name ? "Strict" : "Lax";
    return std::string(name) + "=" + std::string(for_this_host) + same_site + "; Max-Age=0";
}

BegunLogin begin_login(std::string return_to, domain::Instant now) {
    return {
        .attempt = {.state = random_value(), .nonce = random_value(), .verifier = random_value()},
        .return_to = std::move(return_to),
        .ends_at = now + login_lasts};
}

std::string login_cookie_name(const std::string& state) {
    return std::string(session_cookie_name) + "-login-" + crypto::sha256_hex(state).substr(0, 8);
}

std::string set_login_cookie(const BegunLogin& login, const crypto::Sealer& sealer) {
    const auto sealed = sealer.seal(packed(login), login_owner, login.attempt.state);
    return login_cookie_name(login.attempt.state) + "=" + crypto::base64url(sealed) +
           std::string(for_this_host) + "Lax; Max-Age=600";
}

std::optional<BegunLogin> begun_login(const Request& request, const std::string& state,
                                      const crypto::Sealer& sealer, domain::Instant now) {
    if (state.empty()) return std::nullopt;
    const auto sealed =
        crypto::from_base64url(cookie_value(request, login_cookie_name(state)), longest_login);
    if (!sealed) return std::nullopt;
    try {
        auto login = unpacked(sealer.open(*sealed, login_owner, state, longest_login), state);
        if (login && login->ends_at < now) return std::nullopt;
        return login;
    } catch (const domain::PermanentFailure&) {
        return std::nullopt;
    } catch (const domain::DeploymentFailure&) {
        return std::nullopt;  // a cookie may name any key
    }
}

std::string safe_return_to(std::string_view wanted) {
    const std::string home = "/";
    if (wanted.empty() || wanted.size() > longest_return_to || wanted.front() != '/') return home;
    if (wanted.starts_with("//") || wanted.starts_with("/\\")) return home;
    const auto path = wanted.substr(0, wanted.find_first_of("?#"));
    const auto decoded = percent_decoded(wanted), decoded_path = percent_decoded(path);
    if (!decoded || !decoded_path) return home;
    if (has_control_character(wanted) || has_control_character(*decoded)) return home;
    if (decoded_path->starts_with("//") || decoded_path->starts_with("/\\")) return home;
    if (has_dot_segment(*decoded_path)) return home;
    return is_page(*decoded_path) ? std::string(wanted) : home;
}

}  // namespace chaiqin::gateway
