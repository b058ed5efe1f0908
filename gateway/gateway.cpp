#include "gateway/gateway.hpp"

#include "crypto/audit_chain.hpp"
#include "crypto/event_key.hpp"
#include "domain/partitioning.hpp"
#include "gateway/announcements/announcements.hpp"
#include "gateway/auth/gatekeeper.hpp"
#include "gateway/export/exports.hpp"
#include "gateway/http/agency_shares.hpp"
#include "gateway/http/server.hpp"
#include "gateway/http_api/comparing.hpp"
#include "gateway/http_api/dispatcher.hpp"
#include "gateway/http_api/loads.hpp"
#include "gateway/http_api/notices.hpp"
#include "gateway/http_api/operation.hpp"
#include "gateway/http_api/receipts.hpp"
#include "gateway/http_api/reminders.hpp"
#include "gateway/http_api/submissions.hpp"
#include "gateway/ingest/accepting.hpp"
#include "gateway/ingest/housekeeping.hpp"
#include "gateway/ingest/key_memory.hpp"
#include "gateway/ingest/receipt_book.hpp"
#include "gateway/login/login_routes.hpp"
#include "gateway/login/sessions.hpp"
#include "gateway/pages/site.hpp"
#include "gateway/reading/records.hpp"
#include "identity/oidc_login.hpp"
#include "runtime/event_mac.hpp"

namespace chaiqin::gateway {

namespace {

constexpr std::size_t most_bytes_in_memory = 192u << 20, bytes_left_to_small_files = 32u << 20;
/// Of their own, so that no file has to wait for an attachment.
constexpr std::size_t most_bytes_of_attachments = 160u << 20;
constexpr std::size_t most_known_keys = 20'000;
constexpr std::size_t sealing_threads = 2, reading_threads = 32, token_threads = 2,
                      check_threads = 2, database_threads = 4;
/// What one agency gets of the readers and the checkers, and one address of those who look at
/// tokens: never all of them.
constexpr LineLimits readers_of_each{8, 250}, checkers_of_each{1, 16}, tokens_of_each{1, 250};
/// A replayed logout token is refused for longer than it is good for.
constexpr auto logout_notices_kept_for = std::chrono::hours(1);
constexpr auto drain_within = std::chrono::seconds(10);

/// Of tokens and sessions, which do not follow the test clock.
domain::Instant real_time() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
}

/// Null without the keys: a gateway that was set up before it compared has none.
std::unique_ptr<crypto::KeyedLineHasher> line_hasher(const crypto::Keyring& keys) {
    if (keys.token.empty() || keys.hash.empty()) return nullptr;
    return std::make_unique<crypto::KeyedLineHasher>(keys);
}

template <class Each>
std::vector<Each> joined(std::vector<Each> routes, std::vector<Each> more) {
    for (auto& route : more) routes.push_back(std::move(route));
    return routes;
}

}  // namespace

std::unique_ptr<identity::LoginProvider> make_login(const GatewayConfig& config) {
    const auto& portal = config.portal;
    if (portal.client_id.empty()) return nullptr;
    return identity::make_oidc_login({.issuer = config.tokens.issuer,
                                      .client_id = portal.client_id,
                                      .client_secret = portal.client_secret,
                                      .public_url = portal.public_url},
                                     real_time);
}

/// In the order of construction; destruction is the reverse, so that nothing is called that has
/// gone: budget, keys and dispatcher outlive the server's coroutines, the receipt book outlives the
/// producer that calls it back.
struct Gateway::Parts {
    Parts(const GatewayConfig& config, const crypto::Keyring& keys,
          const identity::TokenVerifier& verifier, GatewayAdapters given);
    ~Parts() { producer.reset(); }  // its last reports go to accepting

    GatewayAdapters adapters;
    const crypto::Keyring& keys;
    AgencyShares shares;
    MemoryBudget budget{most_bytes_in_memory, bytes_left_to_small_files};
    MemoryBudget attachment_budget{most_bytes_of_attachments};
    KeyMemory key_memory{most_known_keys};
    std::optional<Dispatcher> dispatcher;
    Server server;
    WorkerPool sealing_pool{sealing_threads, 4'000};
    WorkerPool readers{reading_threads, 1'000, readers_of_each};
    WorkerPool token_workers{token_threads, 1'000, tokens_of_each};
    WorkerPool checkers{check_threads, 64, checkers_of_each};
    WorkerPool database_workers{database_threads, 200};
    DatabaseHealth database;
    Gatekeeper gatekeeper;
    AddressLimits address_limits;
    crypto::ReceiptSigner signer;
    crypto::Sealer sealer;
    std::unique_ptr<domain::IntakeStore> load_store;
    IntakeDesk desk;
    ReceiptBook receipts;
    Housekeeping housekeeping;
    std::unique_ptr<runtime::Producer> producer;
    runtime::SigningProducer signing_producer;
    Accepting accepting;
    Comparing comparing;
    Readiness readiness;
    Exports exports;
    Site site;
    std::optional<Sessions> sessions;
    std::optional<LoginParts> login;

    ReadTaken read_taken() const;
    void sweep_sessions();
    Router router(const GatewayConfig& config);
};

Gateway::Parts::Parts(const GatewayConfig& config, const crypto::Keyring& ring,
                      const identity::TokenVerifier& verifier, GatewayAdapters given)
    : adapters(std::move(given)),
      keys(ring),
      shares(config.shares),
      gatekeeper(verifier),
      address_limits(config.address_limits),
      signer(keys),
      sealer(keys),
      load_store(adapters.open_store()),
      desk(adapters.open_store, database,
           [this](auto& lines, auto days) {
               return crypto::extend_audit(signer, lines, std::move(days));
           }),
      receipts(adapters.open_store, read_taken(), database, domain::agency_partition_count),
      housekeeping(adapters.open_store(), signer, adapters.clock, [this] { sweep_sessions(); }),
      producer(adapters.make_producer()),
      signing_producer(*producer, crypto::event_mac(keys.directory)),
      accepting({.keys = keys,
                 .signer = signer,
                 .producer = *producer,
                 .receipts = receipts,
                 .desk = desk,
                 .key_memory = key_memory,
                 .database = database,
                 .sealing_pool = sealing_pool,
                 .clock = adapters.clock,
                 .topic = adapters.file_topic}),
      comparing(adapters.questions, line_hasher(keys)),
      readiness({{"kafka", [this] { return producer->is_connected(); }},
                 {"postgres", [this] { return !database.is_away(); }},
                 {"receipts", [this] { return receipts.is_caught_up(); }}}),
      exports({.questions = adapters.questions,
               .records = {adapters.questions, sealer, receipts, shares},
               .registry = adapters.registry,
               .now = [this] { return adapters.clock.now(); },
               .spool_dir = config.spool_dir}),
      site(config.portal.dir, config.portal.public_url) {
    if (!adapters.login_provider) return;
    sessions.emplace(SessionParts{.open_store = adapters.open_session_store,
                                  .provider = *adapters.login_provider,
                                  .verifier = verifier,
                                  .sealer = sealer,
                                  .keys = keys,
                                  .idle_limit = std::chrono::seconds(config.portal.session_idle_s),
                                  .limit = std::chrono::seconds(config.portal.session_limit_s),
                                  .now = real_time});
    login.emplace(LoginParts{.sessions = *sessions,
                             .provider = *adapters.login_provider,
                             .sealer = sealer,
                             .registry = adapters.registry,
                             .workers = token_workers,
                             .public_url = config.portal.public_url,
                             .now = real_time});
    gatekeeper.let_in_sessions(*sessions, config.portal.public_url);
}

/// On the housekeeping thread, which may be quicker than the rest of the start.
void Gateway::Parts::sweep_sessions() {
    if (!adapters.open_session_store) return;
    adapters.open_session_store()->sweep(real_time(), real_time() - logout_notices_kept_for);
}

ReadTaken Gateway::Parts::read_taken() const {
    return [this](std::int32_t partition, std::int64_t from,
                  const std::function<void(std::optional<domain::TakenFile>, std::int64_t)>& each) {
        adapters.read_range({adapters.file_topic, partition}, from,
                            [&](const runtime::Message& message) {
                                each(taken_file(message, sealer), message.offset);
                            });
    };
}

Router Gateway::Parts::router(const GatewayConfig& config) {
    auto open = read_open_documents(config.docs_dir, config.schemas_dir);
    open.first_month = config.first_month;
    open.contact = {config.portal.contact, config.portal.contact_en};
    const auto now = [this] { return adapters.clock.now(); };
    open.now = now;
    const auto* who = login ? &*login : nullptr;
    const AnnouncementParts announcements{.store = *adapters.announcements,
                                          .workers = database_workers,
                                          .budget = attachment_budget,
                                          .keys = keys,
                                          .now = now};
    auto reads =
        joined(joined(operation_routes(readiness, housekeeping),
                      open_routes(adapters.registry, std::move(open))),
               joined(login_routes(who),
                      read_routes({adapters.questions, adapters.registry, now, receipts, signer})));
    reads = joined(std::move(reads), record_routes({adapters.questions, sealer, receipts, shares}));
    exports.join(reads);
    auto uploads =
        joined(joined(login_upload_routes(who), receipt_routes(housekeeping)),
               joined(sending_routes({accepting, shares, budget, checkers, adapters.registry,
                                      adapters.clock, config.first_month, comparing, readers}),
                      load_routes({{sealer, signing_producer, sealing_pool, adapters.career_topic},
                                   database_workers,
                                   *load_store,
                                   budget,
                                   adapters.clock,
                                   adapters.load_agencies,
                                   adapters.registry})));
    reads = joined(joined(std::move(reads), announcement_routes(announcements)),
                   notice_routes({*adapters.notice_marks, adapters.registry, keys, now}));
    const WebhookParts webhooks{.store = *adapters.webhooks,
                                .sealer = sealer,
                                .workers = database_workers,
                                .refuse_receiver = adapters.refuse_receiver,
                                .now = now};
    reads = joined(std::move(reads), webhook_routes(webhooks));
    uploads = joined(joined(std::move(uploads), announcement_upload_routes(announcements)),
                     joined(webhook_upload_routes(webhooks),
                            reminder_routes({*adapters.reminders, adapters.questions,
                                             database_workers, now, config.first_month})));
    return Router(std::move(reads), std::move(uploads));
}

Gateway::Gateway(const GatewayConfig& config, const crypto::Keyring& keys,
                 const identity::TokenVerifier& verifier, GatewayAdapters adapters)
    : parts_(std::make_unique<Parts>(config, keys, verifier, std::move(adapters))) {
    auto& parts = *parts_;
    auto write_audit = [&desk = parts.desk](domain::AuditLine line,
                                            std::function<void(bool)> written) {
        desk.write_audit(std::move(line), std::move(written));
    };
    parts.dispatcher.emplace(
        parts.router(config),
        DispatcherParts{.gatekeeper = parts.gatekeeper,
                        .address_limits = parts.address_limits,
                        .shares = parts.shares,
                        .readers = parts.readers,
                        .token_workers = parts.token_workers,
                        .write_audit = std::move(write_audit),
                        .now = [&clock = parts.adapters.clock] { return clock.now(); }});
    parts.server.start(
        config.listen_address, config.listen_port,
        [&parts](std::shared_ptr<Request> request, Body& body) -> boost::asio::awaitable<Response> {
            if (!request->came_in_reserve)
                if (auto page = parts.site.answer(*request)) co_return std::move(*page);
            auto response = co_await parts.dispatcher->answer(std::move(request), body);
            co_return response;
        });
}

Gateway::~Gateway() { drain(); }

int Gateway::port() const { return parts_->server.port(); }

bool Gateway::is_ready() { return parts_->readiness.look().first; }

void Gateway::drain() {
    if (parts_->dispatcher) parts_->dispatcher->stop_waiting();
    parts_->server.drain(drain_within);
    for (auto* pool : {&parts_->sealing_pool, &parts_->readers, &parts_->token_workers,
                       &parts_->checkers, &parts_->database_workers})
        pool->stop();
    parts_->exports.stop();
}

}  // namespace chaiqin::gateway
