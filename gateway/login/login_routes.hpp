#pragma once
// What a browser asks for to log in and out (docs/portal.md, "Logging in"): /auth/login,
// /auth/callback, /auth/logout, /auth/backchannel-logout, and /api/v1/session.
#include <functional>
#include <string>
#include <vector>

#include "crypto/sealing.hpp"
#include "domain/registry.hpp"
#include "gateway/http/route.hpp"
#include "gateway/login/sessions.hpp"
#include "gateway/work/worker_pool.hpp"

namespace chaiqin::gateway {

struct LoginParts {
    Sessions& sessions;
    identity::LoginProvider& provider;
    const crypto::Sealer& sealer;
    const domain::RegistrySource& registry;
    /// For the logout token that the issuer posts.
    WorkerPool& workers;
    std::string public_url;
    std::function<domain::Instant()> now;
};

/// Where nobody can log in with a browser `login` is null: /auth/login says so. What is passed must
/// outlive the routes.
std::vector<Route> login_routes(const LoginParts* login);
std::vector<UploadRoute> login_upload_routes(const LoginParts* login);

}  // namespace chaiqin::gateway
