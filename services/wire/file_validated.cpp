#include "wire/file_validated.hpp"

#include <google/protobuf/arena.h>
#include <lz4frame.h>

#include <functional>
#include <memory>
#include <new>

#include "chaiqin/event/v1/event.pb.h"
#include "domain/failure.hpp"

namespace chaiqin::wire {

namespace {

using domain::FileLine;
using domain::PermanentFailure;
using Lines = std::vector<FileLine>;

/// Longest labels a file may have: 20,000 lines, each below 40 + 10 characters and its framing.
constexpr std::size_t longest_labels_bytes = 4 * 1024 * 1024;

std::string compressed(std::string_view bytes) {
    std::string frame(LZ4F_compressFrameBound(bytes.size(), nullptr), '\0');
    const auto size =
        LZ4F_compressFrame(frame.data(), frame.size(), bytes.data(), bytes.size(), nullptr);
    if (LZ4F_isError(size) != 0) domain::broken_invariant("an LZ4 frame did not fit its own bound");
    frame.resize(size);
    return frame;
}

std::string decompressed(std::string_view frame) {
    LZ4F_dctx* context = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) != 0)
        throw std::bad_alloc();
    const std::unique_ptr<LZ4F_dctx, decltype(&LZ4F_freeDecompressionContext)> owner(
        context, &LZ4F_freeDecompressionContext);
    std::string bytes;
    std::size_t wanted = 1;
    while (wanted != 0) {
        const auto begin = bytes.size();
        bytes.resize(begin + 64 * 1024);
        std::size_t made = bytes.size() - begin, taken = frame.size();
        wanted =
            LZ4F_decompress(context, bytes.data() + begin, &made, frame.data(), &taken, nullptr);
        if (LZ4F_isError(wanted) != 0) throw PermanentFailure("labels are no LZ4 frame");
        bytes.resize(begin + made);
        frame.remove_prefix(taken);
        if (bytes.size() > longest_labels_bytes) throw PermanentFailure("labels are too long");
        if (wanted != 0 && made == 0 && taken == 0)
            throw PermanentFailure("the LZ4 frame of the labels ends early");
    }
    if (!frame.empty()) throw PermanentFailure("bytes after the LZ4 frame of the labels");
    return bytes;
}

template <typename Values, typename Field>
void put(const Values& values, Field* field) {
    field->Reserve(static_cast<int>(values.size()));
    for (const auto value : values) field->Add(value);
}

template <typename Value, typename Field>
void get(const Field& field, std::vector<Value>& values) {
    values.assign(field.begin(), field.end());
}

/// One element for each line: `value` is a member of the line, or a function of it.
template <typename Value, typename Field>
void put_column(const Lines& lines, Value value, Field* field) {
    field->Reserve(static_cast<int>(lines.size()));
    for (const auto& line : lines) *field->Add() = std::invoke(value, line);
}

template <typename Field>
void expect_one_a_line(const Field& field, const Lines& lines) {
    if (static_cast<std::size_t>(field.size()) != lines.size())
        throw PermanentFailure("the columns of a validated file differ in length");
}

template <typename Field, typename Line, typename Value>
void get_column(const Field& field, Value Line::*member, Lines& lines) {
    expect_one_a_line(field, lines);
    auto line = lines.begin();
    for (const auto& value : field) (*line++).*member = static_cast<Value>(value);
}

bool is_deletion(const FileLine& line) { return domain::outcome::is_deletion(line.outcome); }

void put_lines(const Lines& lines, event::v1::Lines& message) {
    put_column(lines, &FileLine::line, message.mutable_line());
    put_column(lines, &FileLine::identity, message.mutable_identity());
    put_column(lines, &FileLine::token, message.mutable_token());
    put_column(lines, &FileLine::content, message.mutable_content());
    put_column(lines, &FileLine::claimed_org, message.mutable_claimed_org());
    put_column(lines, &FileLine::day, message.mutable_day());
    put_column(lines, &FileLine::day_count, message.mutable_day_count());
    put_column(lines, &FileLine::minutes, message.mutable_minutes());
    put_column(lines, &FileLine::revision, message.mutable_revision());
    put_column(lines, &FileLine::kind_type, message.mutable_kind_type());
    put_column(lines, is_deletion, message.mutable_deletion());
}

void get_lines(const event::v1::Lines& message, Lines& lines) {
    get_column(message.line(), &FileLine::line, lines);
    get_column(message.identity(), &FileLine::identity, lines);
    get_column(message.token(), &FileLine::token, lines);
    get_column(message.content(), &FileLine::content, lines);
    get_column(message.claimed_org(), &FileLine::claimed_org, lines);
    get_column(message.day(), &FileLine::day, lines);
    get_column(message.day_count(), &FileLine::day_count, lines);
    get_column(message.minutes(), &FileLine::minutes, lines);
    get_column(message.revision(), &FileLine::revision, lines);
    get_column(message.kind_type(), &FileLine::kind_type, lines);
    expect_one_a_line(message.deletion(), lines);
    auto deletion = message.deletion().begin();
    for (auto& line : lines) {
        if (*deletion++) line.outcome = domain::outcome::deletion;
        if (line.claimed_org >= static_cast<std::uint32_t>(message.org_dictionary_size()))
            throw PermanentFailure("an agency outside the dictionary");
    }
}

}  // namespace

std::string encode_labels(const Lines& lines) {
    google::protobuf::Arena arena;  // two strings a line, freed at once
    auto& message = *google::protobuf::Arena::CreateMessage<event::v1::Labels>(&arena);
    put_column(lines, &FileLine::record_no, message.mutable_record_no());
    put_column(lines, &FileLine::record_seq, message.mutable_record_seq());
    put_column(lines, &FileLine::masked_person_id, message.mutable_masked_person_id());
    return compressed(message.SerializeAsString());
}

Lines decode_labels(std::string_view frame) {
    const std::string bytes = decompressed(frame);
    google::protobuf::Arena arena;
    auto& message = *google::protobuf::Arena::CreateMessage<event::v1::Labels>(&arena);
    if (!message.ParseFromString(bytes)) throw PermanentFailure("labels are no Labels message");
    Lines lines(static_cast<std::size_t>(message.record_no_size()));
    get_column(message.record_no(), &FileLine::record_no, lines);
    get_column(message.record_seq(), &FileLine::record_seq, lines);
    get_column(message.masked_person_id(), &FileLine::masked_person_id, lines);
    return lines;
}

std::string encode(const domain::ValidatedFile& file) {
    event::v1::FileValidated message;
    message.set_submission_id(file.submission_id);
    message.set_attempt(file.attempt);
    message.set_agency(file.agency);
    message.set_received_at_us(file.received_at.time_since_epoch().count());
    message.set_route(file.route);
    message.set_source_system(file.source_system);
    message.set_data_month(file.data_month);
    message.set_zero_report(file.zero_report);
    message.set_leave_lines(file.leave_lines);
    message.set_overtime_lines(file.overtime_lines);
    message.set_invalid_lines(file.invalid_lines);
    message.set_error_count(file.error_count);
    message.set_warning_count(file.warning_count);
    for (const auto& org : file.orgs) message.mutable_lines()->add_org_dictionary(org);
    put_lines(file.lines, *message.mutable_lines());
    message.set_labels(encode_labels(file.lines));
    put(file.finding_identities, message.mutable_finding_identities());
    put(file.finding_lines, message.mutable_finding_lines());
    return message.SerializeAsString();
}

domain::ValidatedFile decode_file_validated(std::string_view bytes) {
    event::v1::FileValidated message;
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        throw PermanentFailure("no FileValidated message");
    }
    domain::ValidatedFile file;
    file.submission_id = message.submission_id();
    file.attempt = message.attempt();
    file.agency = message.agency();
    file.received_at = domain::Instant(std::chrono::microseconds(message.received_at_us()));
    file.route = message.route();
    file.source_system = message.source_system();
    file.data_month = message.data_month();
    file.zero_report = message.zero_report();
    file.leave_lines = message.leave_lines();
    file.overtime_lines = message.overtime_lines();
    file.invalid_lines = message.invalid_lines();
    file.error_count = message.error_count();
    file.warning_count = message.warning_count();
    get(message.lines().org_dictionary(), file.orgs);
    file.lines = decode_labels(message.labels());
    get_lines(message.lines(), file.lines);
    get(message.finding_identities(), file.finding_identities);
    get(message.finding_lines(), file.finding_lines);
    if (file.finding_identities.size() != file.finding_lines.size()) {
        throw PermanentFailure("finding identities and lines differ in length");
    }
    return file;
}

}  // namespace chaiqin::wire
