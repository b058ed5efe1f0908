#include "postgres/intake/intake_store.hpp"

#include "postgres/audit_row.hpp"
#include "postgres/binary.hpp"
#include "postgres/intake/intake.sql.hpp"

namespace chaiqin::postgres::intake {

namespace {

using domain::KeyReservation;
using domain::TakenFile;

/// Agency, key hash, submission id, SHA-256, time.
Params columns_of(const std::vector<KeyReservation>& keys) {
    Params params;
    params.add_column(keys, &KeyReservation::agency)
        .add_column(keys, &KeyReservation::key_hash)
        .add_uuid_column(keys, &KeyReservation::submission_id)
        .add_column(keys, &KeyReservation::sha256)
        .add_column(keys, &KeyReservation::at);
    return params;
}

domain::Receipt receipt_in(const Row& row) {
    domain::Receipt receipt;
    receipt.submission_id = row.uuid("submission_id");
    receipt.agency = row.string("agency");
    receipt.file_name = row.string("file_name");
    receipt.route = row.string("route");
    receipt.size_bytes = row.int8("size_bytes");
    receipt.sha256 = row.string("sha256");
    receipt.received_at = row.instant("received_at");
    return receipt;
}

Statement store_receipts(const std::vector<TakenFile>& files) {
    using domain::Receipt;
    Params params;
    const auto of_receipt = [](auto member) {
        return [member](const TakenFile& file) { return file.receipt.*member; };
    };
    params.add_uuid_column(files, of_receipt(&Receipt::submission_id))
        .add_column(files, of_receipt(&Receipt::agency))
        .add_column(files, of_receipt(&Receipt::file_name))
        .add_column(files, of_receipt(&Receipt::route))
        .add_column(files,
                    [](const TakenFile& file) {
                        return static_cast<std::int32_t>(file.receipt.size_bytes);
                    })
        .add_column(files, of_receipt(&Receipt::sha256))
        .add_column(files, of_receipt(&Receipt::received_at))
        .add_column(files, &TakenFile::partition)
        .add_column(files, &TakenFile::offset)
        .add_column(files, [](const TakenFile& file) { return file.sent_by.sub_hash; });
    std::vector<std::string> names;
    for (const auto& file : files) names.push_back(file.sent_by.sealed_name);
    params.add_bytes_array(names);
    return {sql::store_receipts, std::move(params)};
}

/// None if no file came with a key.
std::optional<Statement> store_keys(const std::vector<TakenFile>& files) {
    std::vector<KeyReservation> keys;
    for (const auto& file : files)
        if (!file.key_hash.empty())
            keys.push_back({.agency = file.receipt.agency,
                            .key_hash = file.key_hash,
                            .submission_id = file.receipt.submission_id,
                            .sha256 = file.receipt.sha256,
                            .at = file.receipt.received_at});
    if (keys.empty()) return std::nullopt;
    return Statement{sql::store_keys, columns_of(keys)};
}

Statement move_progress(const std::map<std::int32_t, std::int64_t>& next_offsets) {
    using Next = std::pair<const std::int32_t, std::int64_t>;
    Params params;
    params.add_column(next_offsets, &Next::first).add_column(next_offsets, &Next::second);
    return {sql::move_progress, std::move(params)};
}

template <class Row>
std::vector<std::string> texts_of(const std::vector<Row>& rows, std::string Row::*member) {
    std::vector<std::string> texts;
    for (const auto& row : rows) texts.push_back(row.*member);
    return texts;
}

std::vector<domain::AuditDay> audit_days(domain::UnitOfWork& work,
                                         const std::vector<domain::AuditLine>& lines) {
    Params params;
    params.add_column(lines, [](const auto& line) { return domain::taipei_day(line.at); });
    std::vector<domain::AuditDay> days;
    for (const auto row : query(work, sql::audit_days, params)) days.push_back(audit_day_in(row));
    return days;
}

void write_lines(domain::UnitOfWork& work, const std::vector<domain::AuditLine>& lines) {
    using domain::AuditLine;
    Params params;
    params.add_column(lines, &AuditLine::at)
        .add_column(lines, &AuditLine::sub)
        .add_column(lines, &AuditLine::agency)
        .add_column(lines, &AuditLine::acting)
        .add_column(lines, &AuditLine::action)
        .add_column(lines, &AuditLine::object)
        .add_column(lines, &AuditLine::result)
        .add_column(lines, &AuditLine::day)
        .add_column(lines, &AuditLine::number)
        .add_bytes_array(texts_of(lines, &AuditLine::hash));
    query(work, sql::write_audit, params);
}

void write_days(domain::UnitOfWork& work, const std::vector<domain::AuditDay>& days) {
    using domain::AuditDay;
    Params params;
    params.add_column(days, &AuditDay::day)
        .add_column(days, &AuditDay::ordinal)
        .add_column(days, &AuditDay::lines)
        .add_bytes_array(texts_of(days, &AuditDay::head))
        .add_column(days, &AuditDay::anchor);
    query(work, sql::write_audit_days, params);
}

class PostgresIntakeStore final : public domain::IntakeStore {
public:
    explicit PostgresIntakeStore(SessionSettings settings) : session_(std::move(settings)) {}

    std::vector<domain::Reserved> reserve(const std::vector<KeyReservation>& wanted,
                                          domain::Instant forget_before) override {
        auto taken = columns_of(wanted);
        taken.add(forget_before);
        Params asked;
        asked.add_column(wanted, &KeyReservation::agency)
            .add_column(wanted, &KeyReservation::key_hash)
            .add_column(wanted, &KeyReservation::sha256)
            .add_uuid_column(wanted, &KeyReservation::submission_id);
        const auto results = transact(session_, {{sql::reserve_keys, std::move(taken)},
                                                 {sql::answer_reservations, std::move(asked)}});
        std::vector<domain::Reserved> answers;
        for (const auto row : results.at(1)) {
            auto& answer = answers.emplace_back();
            answer.has_other_content = row.boolean("has_other_content");
            if (!row.is_null("submission_id")) answer.receipt = receipt_in(row);
        }
        return answers;
    }

    void release(const std::vector<KeyReservation>& keys) override {
        auto work = session_.begin();
        Params params;
        params.add_column(keys, &KeyReservation::agency)
            .add_column(keys, &KeyReservation::key_hash)
            .add_uuid_column(keys, &KeyReservation::submission_id);
        query(*work, sql::release_keys, params);
        session_.commit(*work);
    }

    void store(const std::vector<TakenFile>& files,
               const std::map<std::int32_t, std::int64_t>& next_offsets) override {
        std::vector<Statement> statements;
        if (!files.empty()) {
            statements.push_back(store_receipts(files));
            if (auto keys = store_keys(files)) statements.push_back(std::move(*keys));
        }
        if (!next_offsets.empty()) statements.push_back(move_progress(next_offsets));
        transact(session_, statements);
    }

    std::map<std::int32_t, std::int64_t> next_offsets() override {
        auto work = session_.begin();
        std::map<std::int32_t, std::int64_t> offsets;
        for (const auto row : query(*work, sql::read_progress))
            offsets[row.int4("partition")] = row.int8("next_offset");
        session_.commit(*work);
        return offsets;
    }

    void write_audit(std::vector<domain::AuditLine> lines,
                     const domain::ChainAudit& chain) override {
        auto work = session_.begin();
        query(*work, sql::lock_audit);
        const auto days = chain(lines, audit_days(*work, lines));
        write_lines(*work, lines);
        write_days(*work, days);
        session_.commit(*work);
    }

    void add_career_upload(const domain::CareerUpload& upload) override {
        auto work = session_.begin();
        Params params;
        params.add_uuid(upload.load_id)
            .add(upload.authority)
            .add(domain::load_mode_name(upload.mode))
            .add(upload.force)
            .add(static_cast<std::int64_t>(upload.size_bytes));
        params.add(upload.received_at);
        query(*work, sql::add_career_upload, params);
        session_.commit(*work);
    }

    bool knows_agency(const std::string& code) override {
        auto work = session_.begin();
        Params params;
        params.add(code);
        const bool known = query(*work, sql::knows_agency, params).only().boolean("is_known");
        session_.commit(*work);
        return known;
    }

    void drop_reservations(domain::Instant before) override {
        auto work = session_.begin();
        Params params;
        params.add(before);
        query(*work, sql::drop_reservations, params);
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
