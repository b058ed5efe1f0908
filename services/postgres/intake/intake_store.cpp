#include "postgres/intake/intake_store.hpp"

#include "postgres/binary.hpp"

namespace chaiqin::postgres::intake {

namespace {

using domain::KeyReservation;
using domain::TakenFile;

/// Reservations column by column, for unnest.
struct KeyColumns {
    std::vector<std::string> agencies, hashes, submissions, sha256s;
    std::vector<domain::Instant> at;

    explicit KeyColumns(const std::vector<KeyReservation>& keys) {
        for (const auto& key : keys) {
            agencies.push_back(key.agency);
            hashes.push_back(key.key_hash);
            submissions.push_back(key.submission_id);
            sha256s.push_back(key.sha256);
            at.push_back(key.at);
        }
    }
};

domain::Receipt receipt_at(const Rows& rows, int row, int column) {
    domain::Receipt receipt;
    receipt.submission_id = rows.uuid(row, column);
    receipt.agency = rows.string(row, column + 1);
    receipt.file_name = rows.string(row, column + 2);
    receipt.route = rows.string(row, column + 3);
    receipt.size_bytes = rows.int8(row, column + 4);
    receipt.sha256 = rows.string(row, column + 5);
    receipt.received_at = rows.instant(row, column + 6);
    return receipt;
}

Statement insert_receipts(const std::vector<TakenFile>& files) {
    std::vector<std::string> ids, agencies, names, routes, sha256s;
    std::vector<std::int32_t> sizes, partitions;
    std::vector<std::int64_t> offsets;
    std::vector<domain::Instant> received;
    for (const auto& file : files) {
        ids.push_back(file.receipt.submission_id);
        agencies.push_back(file.receipt.agency);
        names.push_back(file.receipt.file_name);
        routes.push_back(file.receipt.route);
        sha256s.push_back(file.receipt.sha256);
        sizes.push_back(static_cast<std::int32_t>(file.receipt.size_bytes));
        partitions.push_back(file.partition);
        offsets.push_back(file.offset);
        received.push_back(file.receipt.received_at);
    }
    Params params;
    params.add_uuid_array(ids)
        .add_array(agencies)
        .add_array(names)
        .add_array(routes)
        .add_array(sizes)
        .add_array(sha256s)
        .add_array(received);
    params.add_array(partitions).add_array(offsets);
    return {
        "INSERT INTO intake.receipt (submission_id, agency, file_name, route, size_bytes, sha256, "
        "received_at, partition, \"offset\")"
        " SELECT submission_id, agency, file_name, route, size_bytes, sha256, received_at, "
        "partition, taken_at"
        " FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], "
        "$7::timestamptz[], $8::int[], $9::bigint[])"
        " AS f (submission_id, agency, file_name, route, size_bytes, sha256, received_at, "
        "partition, taken_at)"
        " ORDER BY submission_id ON CONFLICT (submission_id) DO NOTHING",
        std::move(params)};
}

std::optional<Statement> insert_keys(const std::vector<TakenFile>& files) {
    std::vector<std::string> agencies, hashes, ids, sha256s;
    std::vector<domain::Instant> received;
    for (const auto& file : files) {
        if (file.key_hash.empty()) continue;
        agencies.push_back(file.receipt.agency);
        hashes.push_back(file.key_hash);
        ids.push_back(file.receipt.submission_id);
        sha256s.push_back(file.receipt.sha256);
        received.push_back(file.receipt.received_at);
    }
    if (agencies.empty()) return std::nullopt;
    Params params;
    params.add_array(agencies).add_array(hashes).add_uuid_array(ids).add_array(sha256s).add_array(
        received);
    return Statement{
        "INSERT INTO intake.idempotency_key (agency, key_hash, submission_id, sha256, reserved_at)"
        " SELECT agency, key_hash, submission_id, sha256, reserved_at"
        " FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[])"
        " AS k (agency, key_hash, submission_id, sha256, reserved_at)"
        " ORDER BY agency, key_hash ON CONFLICT (agency, key_hash) DO NOTHING",
        std::move(params)};
}

Statement move_progress(const std::map<std::int32_t, std::int64_t>& next_offsets) {
    std::vector<std::int32_t> partitions;
    std::vector<std::int64_t> offsets;
    for (const auto& [partition, offset] : next_offsets) {
        partitions.push_back(partition);
        offsets.push_back(offset);
    }
    Params params;
    params.add_array(partitions).add_array(offsets);
    return {
        "INSERT INTO intake.progress (partition, next_offset) SELECT partition, next_offset"
        " FROM unnest($1::int[], $2::bigint[]) AS p (partition, next_offset) ORDER BY partition"
        " ON CONFLICT (partition) DO UPDATE SET next_offset = GREATEST(progress.next_offset, "
        "excluded.next_offset)",
        std::move(params)};
}

class PostgresIntakeStore final : public domain::IntakeStore {
public:
    explicit PostgresIntakeStore(SessionSettings settings) : session_(std::move(settings)) {}

    std::vector<domain::Reserved> reserve(const std::vector<KeyReservation>& wanted,
                                          domain::Instant forget_before) override {
        const KeyColumns columns(wanted);
        Params taken;
        taken.add_array(columns.agencies)
            .add_array(columns.hashes)
            .add_uuid_array(columns.submissions)
            .add_array(columns.sha256s);
        taken.add_array(columns.at).add(forget_before);
        Statement take{
            "INSERT INTO intake.idempotency_key AS k (agency, key_hash, submission_id, sha256, "
            "reserved_at)"
            " SELECT agency, key_hash, submission_id, sha256, reserved_at"
            " FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[])"
            " AS w (agency, key_hash, submission_id, sha256, reserved_at) ORDER BY agency, key_hash"
            " ON CONFLICT (agency, key_hash) DO UPDATE SET submission_id = excluded.submission_id, "
            "sha256 = "
            "excluded.sha256,"
            " reserved_at = excluded.reserved_at WHERE k.reserved_at < $6",
            std::move(taken)};
        Params asked;
        asked.add_array(columns.agencies)
            .add_array(columns.hashes)
            .add_array(columns.sha256s)
            .add_uuid_array(columns.submissions);
        Statement ask{
            "SELECT k.sha256 IS NOT NULL AND k.sha256 <> w.sha256, r.submission_id, r.agency, "
            "r.file_name, "
            "r.route, r.size_bytes,"
            " r.sha256, r.received_at"
            " FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS w "
            "(agency, "
            "key_hash, sha256, submission_id, n)"
            " LEFT JOIN intake.idempotency_key k ON k.agency = w.agency AND k.key_hash = w.key_hash"
            " LEFT JOIN intake.receipt r ON r.submission_id = w.submission_id AND r.sha256 = "
            "w.sha256"
            " ORDER BY w.n",
            std::move(asked)};
        const auto results = transact(session_, {std::move(take), std::move(ask)});
        const auto& rows = results.at(1);
        std::vector<domain::Reserved> answers(wanted.size());
        for (int row = 0; row < rows.size(); ++row) {
            auto& answer = answers.at(static_cast<std::size_t>(row));
            answer.has_other_content = rows.boolean(row, 0);
            if (!rows.is_null(row, 1)) answer.receipt = receipt_at(rows, row, 1);
        }
        return answers;
    }

    void release(const std::vector<KeyReservation>& keys) override {
        const KeyColumns columns(keys);
        auto work = session_.begin();
        Params params;
        params.add_array(columns.agencies)
            .add_array(columns.hashes)
            .add_uuid_array(columns.submissions);
        query(*work,
              "DELETE FROM intake.idempotency_key k USING unnest($1::text[], $2::text[], "
              "$3::uuid[]) AS w "
              "(agency, key_hash, submission_id)"
              " WHERE k.agency = w.agency AND k.key_hash = w.key_hash AND k.submission_id = "
              "w.submission_id"
              " AND NOT EXISTS (SELECT FROM intake.receipt r WHERE r.submission_id = "
              "k.submission_id)",
              params);
        session_.commit(*work);
    }

    void store(const std::vector<TakenFile>& files,
               const std::map<std::int32_t, std::int64_t>& next_offsets) override {
        std::vector<Statement> statements;
        if (!files.empty()) {
            statements.push_back(insert_receipts(files));
            if (auto keys = insert_keys(files)) statements.push_back(std::move(*keys));
        }
        if (!next_offsets.empty()) statements.push_back(move_progress(next_offsets));
        transact(session_, statements);
    }

    std::map<std::int32_t, std::int64_t> next_offsets() override {
        auto work = session_.begin();
        const auto rows = query(*work, "SELECT partition, next_offset FROM intake.progress");
        std::map<std::int32_t, std::int64_t> offsets;
        for (int row = 0; row < rows.size(); ++row) offsets[rows.int4(row, 0)] = rows.int8(row, 1);
        session_.commit(*work);
        return offsets;
    }

    void write_audit(const std::vector<domain::AuditLine>& lines) override {
        std::vector<domain::Instant> at;
        std::vector<std::string> subs, agencies, acting, actions, objects, results;
        for (const auto& line : lines) {
            at.push_back(line.at);
            subs.push_back(line.sub);
            agencies.push_back(line.agency);
            acting.push_back(line.acting);
            actions.push_back(line.action);
            objects.push_back(line.object);
            results.push_back(line.result);
        }
        Params params;
        params.add_array(at)
            .add_array(subs)
            .add_array(agencies)
            .add_array(acting)
            .add_array(actions)
            .add_array(objects)
            .add_array(results);
        transact(
            session_,
            {Statement{
                "INSERT INTO intake.audit (at, sub, agency, acting, action, object, result) SELECT "
                "at, sub, agency, acting, action, object, result"
                " FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], "
                "$6::text[], $7::text[])"
                " AS a (at, sub, agency, acting, action, object, result)",
                std::move(params)}});
    }

    void add_career_upload(const domain::CareerUpload& upload) override {
        auto work = session_.begin();
        Params params;
        params.add_uuid(upload.load_id)
            .add(upload.authority)
            .add(upload.mode)
            .add(upload.force)
            .add(static_cast<std::int64_t>(upload.size_bytes));
        params.add(upload.received_at);
        query(*work,
              "INSERT INTO intake.career_load (load_id, authority, mode, force, size_bytes, "
              "received_at) "
              "VALUES ($1, $2, $3, $4, $5, $6)"
              " ON CONFLICT (load_id) DO NOTHING",
              params);
        session_.commit(*work);
    }

    bool knows_agency(const std::string& code) override {
        auto work = session_.begin();
        Params params;
        params.add(code);
        const auto rows =
            query(*work, "SELECT EXISTS (SELECT FROM registry.agency_version WHERE org_code = $1)",
                  params);
        const bool known = rows.boolean(0, 0);
        session_.commit(*work);
        return known;
    }

    std::vector<std::pair<std::string, std::string>> keep_receipt_keys(
        const std::vector<std::pair<std::string, std::string>>& in_use,
        domain::Instant now) override {
        auto work = session_.begin();
        for (const auto& [kid, jwk] : in_use) {
            Params params;
            params.add(kid).add(jwk).add(now);
            query(*work,
                  "INSERT INTO intake.receipt_key (kid, jwk, first_used_at) VALUES ($1, $2, $3) ON "
                  "CONFLICT "
                  "(kid) DO NOTHING",
                  params);
        }
        const auto rows =
            query(*work, "SELECT kid, jwk FROM intake.receipt_key ORDER BY first_used_at, kid");
        std::vector<std::pair<std::string, std::string>> keys;
        for (int row = 0; row < rows.size(); ++row)
            keys.emplace_back(rows.string(row, 0), rows.string(row, 1));
        session_.commit(*work);
        return keys;
    }

    void drop_reservations(domain::Instant before) override {
        auto work = session_.begin();
        Params params;
        params.add(before);
        query(*work,
              "DELETE FROM intake.idempotency_key WHERE (agency, key_hash) IN"
              " (SELECT agency, key_hash FROM intake.idempotency_key WHERE reserved_at < $1 LIMIT "
              "5000)",
              params);
        session_.commit(*work);
    }

    bool answers() override { return session_.answers(); }

private:
    Session session_;
};

}  // namespace

std::unique_ptr<domain::IntakeStore> make_intake_store(SessionSettings settings) {
    settings.plan_once = true;
    return std::make_unique<PostgresIntakeStore>(std::move(settings));
}

}  // namespace chaiqin::postgres::intake
