#include "validator/stage.hpp"

#include <set>

#include "crypto/line_hasher.hpp"
#include "crypto/sealing.hpp"
#include "domain/failure.hpp"
#include "domain/topics.hpp"
#include "runtime/event.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "validator/judgement.hpp"
#include "validator/received_file.hpp"
#include "wire/file_validated.hpp"
#include "wire/submission_updated.hpp"

namespace chaiqin::validator {

using namespace std::chrono_literals;

namespace {

/// A file of 5 MiB with its name.
constexpr auto sweep_every = 1min;
/// So long an accepted file may be on its way before the sweep takes its event for lost.
constexpr auto lost_after = 10min;
constexpr int most_swept = 20;

}  // namespace

struct ValidatorStage::Keys {
    explicit Keys(const crypto::Keyring& ring) : sealer(ring), hasher(ring) {}
    crypto::Sealer sealer;
    crypto::KeyedLineHasher hasher;
};

/// One batch on its way through the stage; sees its own files as earlier ones.
class ValidatorStage::Batch {
public:
    Batch(ValidatorStage& stage, runtime::StageContext& context, runtime::Outbox& outbox)
        : stage_(stage), context_(context), outbox_(outbox), registry_(stage.registry_.newest()) {}

    /// Judges the files in order and writes everything. `again`: files that have a verdict already.
    void run(const std::vector<ReceivedFile>& files, bool again) {
        std::vector<domain::EarlierQuestion> questions;
        for (const auto& file : files)
            questions.push_back({file.submission_id, file.agency, file.sha256, file.key_hash,
                                 file.received_at, again || file.attempt > 1});
        const auto earlier = stage_.store_.earlier(context_.work, questions);
        std::vector<domain::FileVerdict> verdicts;
        std::uint64_t records = 0;
        for (std::size_t i = 0; i < files.size(); ++i) {
            verdicts.push_back(judge(files[i], earlier[i]));
            verdicts.back().again = again || files[i].attempt > 1;
            records += verdicts.back().record_count;
        }
        stage_.store_.write(context_.work, context_.partition, verdicts);
        if (!again)
            runtime::metrics().add("chaiqin_stage_records_total", static_cast<double>(records));
    }

private:
    domain::FileVerdict judge(const ReceivedFile& file, const domain::EarlierAnswer& earlier) {
        const auto opened = stage_.keys_->sealer.open_with_facts(
            file.sealed, file.agency, file.submission_id, crypto::most_packed_file_bytes);
        file.need_headers_as_sealed(opened.facts);
        const auto [masked_name, content] = crypto::unpack_file(opened.content);
        auto result = check(file, masked_name, content);
        add_earlier(file, earlier, result);
        auto validated =
            result.rejected ? std::nullopt : std::optional(take_validated(file, result));
        auto verdict = take_verdict(file, result, std::string(masked_name),
                                    registry_->rules.version(), context_.now);
        verdict.key_id = crypto::Sealer::key_id(file.sealed);
        verdict.sealed = file.sealed;
        if (validated)
            publish(file, domain::topics::file_validated, "", wire::encode(*validated));
        else
            publish(file, domain::topics::submission_updated, "/rejected",
                    wire::encode(rejection(verdict)));
        if (validated) accepted_.emplace(std::pair(file.agency, file.sha256), verdict.batch_no);
        return verdict;
    }

    checking::CheckResult check(const ReceivedFile& file, std::string_view masked_name,
                                std::string_view content) const {
        checking::CheckRequest request;
        request.file_name = masked_name;
        request.bytes = content;
        request.registry = registry_;
        request.acting_agency = file.agency;
        request.received_at = file.received_at;
        request.first_month = stage_.first_month_;
        request.hasher = &stage_.keys_->hasher;
        return checking::check_file(request);
    }

    /// F11: the same bytes came before; F13: the key came before with other bytes. Stored ones or
    /// of this batch.
    void add_earlier(const ReceivedFile& file, const domain::EarlierAnswer& stored,
                     checking::CheckResult& result) {
        const auto day = domain::taipei_day(file.received_at);
        auto same_content_batch = stored.same_content_batch;
        const auto twin = accepted_.find({file.agency, file.sha256});
        if (!same_content_batch && twin != accepted_.end()) same_content_batch = twin->second;
        if (same_content_batch) {
            const domain::Placeholder batch_no{"n", *same_content_batch};
            add_file_finding(result,
                             domain::file_finding(registry_->rules, "F11", day, {&batch_no, 1}));
        }
        if (file.key_hash.empty()) return;
        const auto [first, is_first] =
            key_contents_.try_emplace({file.agency, file.key_hash}, file.sha256);
        if (stored.key_had_other_content || (!is_first && first->second != file.sha256))
            add_file_finding(result, domain::file_finding(registry_->rules, "F13", day));
    }

    void publish(const ReceivedFile& file, std::string_view topic, const char* suffix,
                 std::string payload) {
        outbox_.publish(
            runtime::event_message({.topic = std::string(topic),
                                    .partition = context_.partition,
                                    .key = file.agency,
                                    .id = file.event_id() + suffix,
                                    .source = domain::stages::validator.service,
                                    .at = context_.now,
                                    .headers = {{"submission_id", file.submission_id},
                                                {"attempt", std::to_string(file.attempt)},
                                                {"agency", file.agency},
                                                {"route", file.route},
                                                {"traceparent", file.traceparent}},
                                    .payload = std::move(payload)}));
    }

    ValidatorStage& stage_;
    runtime::StageContext& context_;
    runtime::Outbox& outbox_;
    domain::RegistryPtr registry_;
    std::map<std::pair<std::string, std::string>, std::string>
        accepted_;  ///< agency, SHA-256 → batch_no
    std::map<std::pair<std::string, std::string>, std::string>
        key_contents_;  ///< agency, key hash → SHA-256
};

ValidatorStage::ValidatorStage(domain::ValidationStore& store,
                               const domain::RegistrySource& registry, const crypto::Keyring& keys,
                               domain::Month first_month)
    : store_(store),
      registry_(registry),
      keys_(std::make_unique<Keys>(keys)),
      first_month_(first_month) {}
ValidatorStage::~ValidatorStage() = default;

runtime::Applied ValidatorStage::apply(runtime::StageContext& context,
                                       std::span<const runtime::Message> batch,
                                       runtime::Outbox& outbox) {
    std::vector<ReceivedFile> files;
    for (const auto& message : batch) files.push_back(received_file(message));
    Batch(*this, context, outbox).run(files, false);
    return runtime::Applied::done;
}

bool ValidatorStage::wants_upkeep(std::int32_t partition, domain::Instant now) {
    auto& sweep = sweeps_.at(static_cast<std::size_t>(partition));
    if (!sweep.last) sweep.last = now;  // the first sweep a minute after the start
    if (now - *sweep.last < sweep_every && now >= *sweep.last) return false;
    sweep.last = now;
    return true;
}

void ValidatorStage::upkeep(runtime::StageContext& context, runtime::Outbox& outbox) {
    auto& sweep = sweeps_.at(static_cast<std::size_t>(context.partition));
    const auto before = context.now - lost_after;
    const auto lost =
        store_.lost_files(context.work, context.partition, sweep.settled_until, before, most_swept);
    sweep.settled_until = lost.settled_until;
    std::vector<ReceivedFile> files;
    for (const auto& file : lost.files) {
        files.push_back({file.submission_id, file.agency, file.route, file.sha256, file.key_hash,
                         "", file.attempt, file.received_at, file.sealed, nullptr});
    }
    if (files.empty()) return;
    runtime::log_warn("accepted files without a matcher row are sent again",
                      {{"partition", context.partition}, {"count", files.size()}});
    Batch(*this, context, outbox).run(files, true);
}

}  // namespace chaiqin::validator
