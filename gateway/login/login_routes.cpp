#include "gateway/login/login_routes.hpp"

#include "domain/failure.hpp"
#include "gateway/http/html_page.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/http/target.hpp"
#include "gateway/http/whole_body.hpp"
#include "gateway/login/login_cookies.hpp"
#include "gateway/login/same_origin.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"

namespace chaiqin::gateway {

namespace {

using boost::asio::awaitable;
using std::chrono::steady_clock;

/// The issuer is asked up to twice, for at most 2 s each.
constexpr auto login_within = std::chrono::milliseconds(6'000);
constexpr std::uint64_t most_logout_bytes = 16 * 1024;

Response go_on_to(const std::string& address) {
    return html_page({.heading = "登入完成",
                      .text = "若畫面未自動前往，請按「繼續」。",
                      .text_en = "If the page does not change by itself, follow the link.",
                      .link = address,
                      .link_text = "繼續",
                      .goes_on = true});
}

std::string login_address(const std::string& return_to) {
    static constexpr std::string_view escaped = "%&+#";
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string address = "/auth/login?return_to=";
    for (const char c : return_to) {
        if (escaped.find(c) == std::string_view::npos) {
            address += c;
            continue;
        }
        address += '%';
        address += digits[static_cast<unsigned char>(c) >> 4];
        address += digits[static_cast<unsigned char>(c) & 15];
    }
    return address;
}

Response not_completed(const std::string& return_to) {
    return html_page({.status = 400,
                      .heading = "登入未完成",
                      .text = "這次登入已取消、逾時，或連結已經用過。您送出的資料不受影響，"
                              "請重新登入。",
                      .text_en = "This login was cancelled, took too long, or its link was used "
                                 "before. Nothing that you sent is lost; log in again.",
                      .link = login_address(return_to),
                      .link_text = "重新登入"});
}

Response away(const std::string& return_to) {
    auto response = html_page(
        {.status = 503,
         .heading = "暫時無法登入",
         .text = "登入服務目前無法連線，請稍候一分鐘再試。以憑證介接的差勤系統不受影響，仍可報送。",
         .text_en =
             "The login service cannot be reached; try again in a minute. Attendance systems "
             "that send with a token are not affected.",
         .link = login_address(return_to),
         .link_text = "重新登入"});
    response.headers.emplace_back("Retry-After", "60");
    return response;
}

void count_login(const char* result) { runtime::metrics().add("chaiqin_logins_total", 1, result); }

AuditNote note_of(const char* action, const identity::Caller& who) {
    return {.action = action, .object = "portal", .sub = who.sub, .agency = who.agency};
}

class Logins {
public:
    explicit Logins(const LoginParts& parts) : parts_(parts) {}

    Response login(const Request& request) const {
        const auto return_to = safe_return_to(request.parameter("return_to").value_or(""));
        try {
            const auto begun = begin_login(return_to, parts_.now());
            Response response;
            response.status = 302;
            response.content_type = "text/plain; charset=utf-8";
            response.headers.emplace_back("Location",
                                          parts_.provider.authorization_url(begun.attempt));
            response.headers.emplace_back("Set-Cookie", set_login_cookie(begun, parts_.sealer));
            return response;
        } catch (const domain::TransientFailure& failure) {
            runtime::log_warn("nobody can log in now", {{"reason", failure.what()}});
            count_login("away");
            return away(return_to);
        }
    }

    Response callback(const Request& request) const {
        const auto state = request.parameter("state").value_or("");
        const auto begun = begun_login(request, state, parts_.sealer, parts_.now());
        auto response = begun ? completed(request, *begun) : refused(request, "/");
        if (begun)
            response.headers.emplace_back("Set-Cookie", forget_cookie(login_cookie_name(state)));
        return response;
    }

    Response logout(const Request& request) const {
        if (!is_same_origin(request, parts_.public_url)) return answer_with(Problem::csrf);
        const auto cookie = session_cookie(request);
        std::string next = "/";
        std::optional<AuditNote> note;
        if (!cookie.empty()) {
            if (const auto session = parts_.sessions.known(cookie, false))
                note = note_of("logout", session->caller);
            try {
                const auto id_token = parts_.sessions.end(cookie);
                if (!id_token.empty()) next = parts_.provider.end_session_url(id_token);
            } catch (const domain::TransientFailure& failure) {
                runtime::log_warn("a logout is known to this process alone",
                                  {{"reason", failure.what()}});
                note.reset();
            }
        }
        auto response = html_page({.heading = "已登出",
                                   .text = "若畫面未自動前往，請按「繼續」。",
                                   .text_en = "If the page does not change by itself, follow the "
                                              "link.",
                                   .link = next,
                                   .link_text = "繼續",
                                   .goes_on = true});
        response.headers.emplace_back("Set-Cookie", forget_cookie(session_cookie_name));
        response.headers.emplace_back("Clear-Site-Data", "\"cache\"");
        response.audit = std::move(note);
        return response;
    }

    Response session(const Request& request) const {
        const bool touches = request.method == "POST";
        if (touches && !is_same_origin(request, parts_.public_url))
            return answer_with(Problem::csrf);
        const auto cookie = session_cookie(request);
        if (cookie.empty()) return answer_with(Problem::session_over);
        auto session = parts_.sessions.known(cookie, touches);
        if (!session) session = parts_.sessions.find(cookie, touches);
        if (!session) return answer_with(Problem::session_over);
        Response response;
        if (touches) {
            response.status = 204;
            return response;
        }
        response.body = session_json(*session);
        return response;
    }

    awaitable<Response> backchannel_logout(const Request&, Body& body) const {
        auto form = co_await whole_body(body);
        auto job = [this, form = std::move(form)] { return ended_by_issuer(form); };
        auto answer =
            co_await parts_.workers.run(std::move(job), steady_clock::now() + login_within);
        if (!answer) co_return answer_with(Problem::unavailable);
        co_return std::move(*answer);
    }

private:
    Response completed(const Request& request, const BegunLogin& begun) const {
        try {
            const auto tokens = parts_.provider.complete(request.query, begun.attempt);
            const auto [cookie, session] = parts_.sessions.start(tokens);
            auto response = go_on_to(begun.return_to);
            response.headers.emplace_back("Set-Cookie", set_session_cookie(cookie));
            response.audit = note_of("login", session.caller);
            count_login("done");
            return response;
        } catch (const identity::LoginRefused& refusal) {
            runtime::log_info("a login was not completed", {{"reason", refusal.what()}});
            return refused(request, begun.return_to);
        } catch (const domain::TransientFailure& failure) {
            runtime::log_warn("a login could not be completed", {{"reason", failure.what()}});
            count_login("away");
            return away(begun.return_to);
        }
    }

    /// A browser that went back to an old address, but has its session, simply goes on.
    Response refused(const Request& request, const std::string& return_to) const {
        const auto cookie = session_cookie(request);
        if (!cookie.empty() && parts_.sessions.find(cookie, true)) return go_on_to(return_to);
        count_login("refused");
        auto response = not_completed(return_to);
        response.audit = note_of("failed login", {});
        return response;
    }

    Response ended_by_issuer(const std::string& form) const {
        Response response;
        const auto target = parse_target("/?" + form);
        std::string token;
        if (target)
            for (const auto& [name, value] : target->query)
                if (name == "logout_token") token = value;
        const auto notice = parts_.provider.read_logout_token(token, parts_.now());
        if (!notice || !parts_.sessions.end_noticed(*notice))
            return answer_with(Problem::bad_logout_token);
        response.body = "{}";
        response.audit = note_of("logout by the issuer", {});
        return response;
    }

    std::string session_json(const SignedIn& session) const {
        const auto registry = parts_.registry.current();
        const auto today = domain::taipei_day(parts_.now());
        wire::JsonWriter json;
        const auto write_agency = [&](const std::string& code) {
            const auto* version = registry->agencies.as_of(code, today);
            json.begin_object()
                .member("agency", code)
                .member("name", version ? version->name : code)
                .end_object();
        };
        const auto& caller = session.caller;
        json.begin_object()
            .member("sub", parts_.sessions.person_of(caller))
            .member("name", caller.name)
            .key("agency");
        write_agency(caller.agency);
        json.key("delegated_agencies").begin_array();
        if (caller.has(identity::Role::agency_clerk))
            for (const auto& code : caller.delegated_agencies) write_agency(code);
        json.end_array().key("roles").begin_array();
        for (const auto role : caller.roles) json.value(identity::role_name(role));
        return json.end_array()
            .member("expires_at", domain::rfc3339_taipei(session.ends_at))
            .member("idle_expires_at", domain::rfc3339_taipei(session.idle_until))
            .end_object()
            .take();
    }

    LoginParts parts_;
};

}  // namespace

std::vector<Route> login_routes(const LoginParts* login) {
    const auto style = [](const Request&) { return page_style(); };
    if (!login) {
        const auto none = [](const Request&) { return away("/"); };
        const auto nobody = [](const Request&) { return answer_with(Problem::session_over); };
        return {{.method = "GET", .pattern = "/auth/login", .endpoint = none},
                {.method = "GET", .pattern = "/auth/page.css", .endpoint = style},
                {.method = "GET", .pattern = "/api/v1/session", .endpoint = nobody}};
    }
    const auto logins = std::make_shared<const Logins>(*login);
    const auto route = [&](const char* method, const char* pattern,
                           Response (Logins::*endpoint)(const Request&) const) {
        return Route{
            .method = method,
            .pattern = pattern,
            .endpoint = [logins,
                         endpoint](const Request& request) { return (*logins.*endpoint)(request); },
            .within = login_within};
    };
    return {route("GET", "/auth/login", &Logins::login),
            route("GET", "/auth/callback", &Logins::callback),
            route("POST", "/auth/logout", &Logins::logout),
            route("GET", "/api/v1/session", &Logins::session),
            route("POST", "/api/v1/session", &Logins::session),
            {.method = "GET", .pattern = "/auth/page.css", .endpoint = style}};
}

std::vector<UploadRoute> login_upload_routes(const LoginParts* login) {
    if (!login) return {};
    const auto logins = std::make_shared<const Logins>(*login);
    return {{.method = "POST",
             .pattern = "/auth/backchannel-logout",
             .allowed = {},
             .limits = {.most_bytes = most_logout_bytes, .whole = std::chrono::seconds(10)},
             .endpoint = [logins](const Request& request, Body& body) {
                 return logins->backchannel_logout(request, body);
             }}};
}

}  // namespace chaiqin::gateway
