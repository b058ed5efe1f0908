#include "checking/check.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>

#include "checking/check_table.hpp"
#include "checking/envelope/envelope.hpp"
#include "checking/reading/seen_texts.hpp"
#include "checking/record/accept.hpp"
#include "checking/record/explain.hpp"

namespace chaiqin::checking {

bool F05(std::string_view bytes) { return !simdjson::validate_utf8(bytes.data(), bytes.size()); }

namespace {

/// What RapidJSON would let pass: a raw NUL, which ends its stream, and escapes of surrogates (a
/// lone low one).
bool needs_exact_reading(std::string_view bytes) {
    if (bytes.find('\0') != std::string_view::npos) return true;
    for (auto at = bytes.find('\\'); at != std::string_view::npos; at = bytes.find('\\', at)) {
        if (at + 2 < bytes.size() && bytes[at + 1] == 'u' &&
            (bytes[at + 2] == 'd' || bytes[at + 2] == 'D'))
            return true;
        at += 2;
    }
    return false;
}

/// The texts of a finding about the file.
struct FileTexts : DraftSource {
    std::string pointer;
    DraftTexts made;
    FindingObject object() const override { return {pointer, {}, {}, {}}; }
    DraftTexts texts(const Draft&) const override { return made; }
};

class FileCheck {
public:
    enum class Passes { accepting_first, explaining_only };

    FileCheck(const CheckRequest& request, Passes passes)
        : request_(request),
          passes_(passes),
          bytes_(request.bytes),
          hash_(SeededHash::of_process()),
          rules_(request.registry->rules, domain::taipei_day(request.received_at),
                 {.registry = request.registry_known, .caller = !request.acting_agency.empty()},
                 codes_that_always_run()),
          world_(*request.registry, hash_),
          findings_(request, rules_, hash_) {
        world_.received_at = request.received_at;
        world_.received_day = domain::taipei_day(request.received_at);
        world_.first_month = request.first_month;
        world_.acting_agency = request.acting_agency;
    }

    CheckResult run() {
        if (const auto code = bytes_fault(); !code.is_none()) {
            reject(code);
        } else {
            read_file();
        }
        findings_.move_into(result_);
        result_.skipped_rules = rules_.skipped();
        return std::move(result_);
    }

private:
    Code bytes_fault() const {
        if (rules_.runs("F01") && F01(request_.file_name)) return "F01";
        if (rules_.runs("F02") && F02(bytes_)) return "F02";
        if (rules_.runs("F04") && F04(bytes_)) return "F04";
        return F05(bytes_) ? Code("F05") : Code();
    }

    void read_file() {
        if (F12(bytes_)) {
            if (rules_.runs("F12")) note("F12");
            bytes_.remove_prefix(bom.size());
        }
        find_layout();
        if (result_.rejected) return;
        const auto& layout = acceptance_.layout;
        if (F07(layout)) return reject("F07");
        result_.leave_lines = layout.of(RecordKind::leave).count;
        result_.overtime_lines = layout.of(RecordKind::overtime).count;
        result_.record_count = result_.leave_lines + result_.overtime_lines;
        if (F10(layout)) return reject("F10");
        judge_envelope();
        explain_doubts(RecordKind::leave);
        explain_doubts(RecordKind::overtime);
        if (writers_ && !result_.rejected) move_lines();
    }

    void start_writers() {
        if (request_.hasher != nullptr) writers_.emplace(*request_.hasher, hash_, world_);
    }

    /// Runs the accepting pass, and the exact scan where that is not enough. A fault of syntax
    /// rejects the file.
    void find_layout() {
        const bool explaining_only = passes_ == Passes::explaining_only;
        if (explaining_only || needs_exact_reading(bytes_)) scan();
        if (result_.rejected) return;
        start_writers();
        if (explaining_only) return doubt_everything();
        acceptance_ = accept(bytes_, world_, rules_, hash_, writer_pointer(), false);
        if (!acceptance_.complete || acceptance_.has_unlisted_keys || has_doubt_without_place())
            scan();
        if (result_.rejected) return;
        if (!acceptance_.complete) {
            // JSON that RapidJSON does not take (a number beyond a double): every element is
            // explained.
            start_writers();
            doubt_everything();
        } else if (acceptance_.sender_came_late) {
            start_writers();
            set_sender();
            acceptance_ = accept(bytes_, world_, rules_, hash_, writer_pointer(), true);
            if (has_doubt_without_place()) scan();
        }
    }

    /// Once per file.
    void scan() {
        if (scanned_) return;
        scanned_ = scan_layout(bytes_, hash_);
        if (scanned_->fault) reject(*scanned_->fault);
    }

    void reject(const SyntaxFault& fault) {
        FileTexts texts;
        Draft draft;
        draft.code = code_of(fault.kind);
        if (fault.kind == SyntaxFault::Kind::no_json) {
            const auto position = line_position(bytes_, fault.at);
            texts.made.n = std::to_string(position.line);
            texts.made.m = std::to_string(position.code_point);
        } else if (fault.kind == SyntaxFault::Kind::repeated_key) {
            texts.pointer = fault.pointer;
            draft.field = fault.key;
            draft.field_name = name_of_key(fault.key);
        }
        add(draft, texts);
        result_.rejected = true;
    }

    static std::string_view name_of_key(std::string_view key) {
        for (const auto& field : envelope_fields) {
            if (field.key == key) return field.name;
        }
        for (const auto& field : leave::fields) {
            if (field.key == key) return field.name;
        }
        for (const auto& field : overtime::fields) {
            if (field.key == key) return field.name;
        }
        return key;
    }

    bool has_doubt_without_place() const {
        return std::any_of(acceptance_.doubts.begin(), acceptance_.doubts.end(),
                           [](const auto& doubts) {
                               return std::any_of(doubts.begin(), doubts.end(),
                                                  [](const Doubt& doubt) { return !doubt.at; });
                           });
    }

    void doubt_everything() {
        acceptance_.layout = std::move(scanned_->layout);
        set_sender();
        for (const auto kind : {RecordKind::leave, RecordKind::overtime}) {
            auto& doubts = acceptance_.of(kind);
            doubts.clear();
            const auto& elements = acceptance_.layout.of(kind).at;
            for (std::uint32_t i = 0; i < elements.size(); ++i) {
                auto& doubt = doubts.emplace_back(Doubt{.index = i, .at = elements[i]});
                if (writers_) doubt.reserved_line = writers_->of(kind).reserve(i);
            }
        }
    }

    void set_sender() {
        world_.sender = Envelope(bytes_, acceptance_.layout.members).sender(world_, rules_);
    }

    void judge_envelope() {
        const Envelope envelope(bytes_, acceptance_.layout.members);
        const auto& facts = envelope.facts();
        // The same answer whichever pass asked first; a file without arrays has not been asked at
        // all.
        world_.sender = envelope.sender(world_, rules_);
        if (envelope.judge(world_, rules_, acceptance_.layout, findings_) > 0)
            result_.rejected = true;
        result_.source_system = world_.sender.source_system;
        result_.data_month = world_.sender.data_month;
        result_.zero_report = facts.declares_zero();
        result_.batch_no_masked = shown_text(facts.text(envelope_key::batch_no));
    }

    void explain_doubts(RecordKind kind) {
        Explainer explainer(bytes_, world_, rules_, findings_, writer_pointer());
        SeenTexts identities(hash_);
        std::deque<std::string> record_numbers;
        const auto first_line = kind == RecordKind::leave ? 0 : result_.leave_lines;
        for (const auto& doubt : acceptance_.of(kind)) {
            const auto repeats = [&](std::string_view record_no, std::int64_t record_seq) {
                if (doubt.identity_repeats) return *doubt.identity_repeats;
                return identities.repeats(record_numbers.emplace_back(record_no), record_seq);
            };
            const auto at = doubt.at ? *doubt.at : scanned_->layout.of(kind).at[doubt.index];
            const auto explained =
                explainer.explain(kind, doubt.index, at, doubt.reserved_line, repeats);
            if (!explained.invalid) continue;
            ++result_.invalid_lines;
            if (!explained.identity) continue;
            result_.finding_identities.push_back(*explained.identity);
            result_.finding_lines.push_back(first_line + doubt.index);
        }
    }

    void move_lines() {
        for (const auto kind : {RecordKind::leave, RecordKind::overtime}) {
            writers_->of(kind).move_into(result_.lines,
                                         kind == RecordKind::leave ? 0 : result_.leave_lines);
        }
        result_.orgs = writers_->orgs.take();
    }

    void add(Draft draft, const FileTexts& texts) {
        draft.points_at_object = true;
        std::vector<Draft> drafts = {draft};
        findings_.add(domain::FindingKind::file, std::nullopt, drafts, texts);
    }
    void note(Code code) {
        Draft draft;
        draft.code = code;
        add(draft, FileTexts{});
    }
    void reject(Code code) {
        note(code);
        result_.rejected = true;
    }

    LineWriters* writer_pointer() { return writers_ ? &*writers_ : nullptr; }

    const CheckRequest& request_;
    Passes passes_;
    std::string_view bytes_;
    SeededHash hash_;
    RuleBook rules_;
    World world_;
    FindingList findings_;
    CheckResult result_;
    std::optional<LineWriters> writers_;
    std::optional<ScannedFile> scanned_;
    Acceptance acceptance_;
};

}  // namespace

CheckResult check_file(const CheckRequest& request) {
    return FileCheck(request, FileCheck::Passes::accepting_first).run();
}

CheckResult check_file_by_explaining(const CheckRequest& request) {
    return FileCheck(request, FileCheck::Passes::explaining_only).run();
}

}  // namespace chaiqin::checking
