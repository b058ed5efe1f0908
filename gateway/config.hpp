#pragma once
// The gateway's configuration: one struct, defaults, all problems at once (docs/operations.md,
// "Configuration").
#include <string>

#include "crypto/keyring.hpp"
#include "domain/calendar.hpp"
#include "gateway/auth/address_limits.hpp"
#include "gateway/http/agency_shares.hpp"
#include "identity/token_verifier.hpp"
#include "runtime/config.hpp"

namespace chaiqin::gateway {

/// The portal in a browser.
struct PortalConfig {
    /// The built pages; "" = no portal.
    std::string dir;
    /// Where people find it: scheme, host and port.
    std::string public_url;
    /// At the issuer, for the login; "" = nobody can log in with a browser.
    std::string client_id, client_secret;
    int session_idle_s = 1800, session_limit_s = 36'000;
    /// Who operates the platform, for people who need help; "" = the portal says no more than that.
    std::string contact, contact_en;
};

struct GatewayConfig {
    runtime::CommonConfig common;
    std::string listen_address = "127.0.0.1";
    int listen_port = 8800;
    std::string query_address = "127.0.0.1:8801";
    identity::TokenSettings tokens;
    domain::Month first_month = 0;
    LimitValues shares = default_limits();
    AddressLimitSettings address_limits;
    std::string docs_dir = "docs", schemas_dir = "schemas";
    /// For exports while they are made and sent; "" = the system's temporary directory.
    std::string spool_dir;
    PortalConfig portal;
    bool webhook_allow_loopback = false;
};

/// Flags, environment, file. ConfigError with all problems.
GatewayConfig read_config(int argc, const char* const* argv,
                          runtime::KafkaProblems kafka_problems = {});
/// ConfigError with all problems.
crypto::Keyring read_keys(const GatewayConfig& config);

}  // namespace chaiqin::gateway
