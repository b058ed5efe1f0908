#include "wire/file_validated.hpp"

#include <google/protobuf/arena.h>
#include <lz4frame.h>

#include <memory>
#include <new>

#include "chaiqin/event/v1/event.pb.h"
#include "domain/failure.hpp"

namespace chaiqin::wire {

namespace {

using domain::PermanentFailure;

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

void put_lines(const domain::Lines& lines, event::v1::Lines& message) {
    put(lines.line, message.mutable_line());
    put(lines.identity, message.mutable_identity());
    put(lines.token, message.mutable_token());
    put(lines.content, message.mutable_content());
    for (const auto& org : lines.org_dictionary) message.add_org_dictionary(org);
    put(lines.claimed_org, message.mutable_claimed_org());
    put(lines.day, message.mutable_day());
    put(lines.day_count, message.mutable_day_count());
    put(lines.minutes, message.mutable_minutes());
    put(lines.revision, message.mutable_revision());
    put(lines.kind_type, message.mutable_kind_type());
    put(lines.deletion, message.mutable_deletion());
}

domain::Lines get_lines(const event::v1::Lines& message) {
    domain::Lines lines;
    get(message.line(), lines.line);
    get(message.identity(), lines.identity);
    get(message.token(), lines.token);
    get(message.content(), lines.content);
    get(message.org_dictionary(), lines.org_dictionary);
    get(message.claimed_org(), lines.claimed_org);
    get(message.day(), lines.day);
    get(message.day_count(), lines.day_count);
    get(message.minutes(), lines.minutes);
    get(message.revision(), lines.revision);
    get(message.kind_type(), lines.kind_type);
    get(message.deletion(), lines.deletion);
    const auto count = lines.size();
    for (const auto size :
         {lines.identity.size(), lines.token.size(), lines.content.size(), lines.claimed_org.size(),
          lines.day.size(), lines.day_count.size(), lines.minutes.size(), lines.revision.size(),
          lines.kind_type.size(), lines.deletion.size()}) {
        if (size != count)
            throw PermanentFailure("the columns of a validated file differ in length");
    }
    for (const auto org : lines.claimed_org) {
        if (org >= lines.org_dictionary.size())
            throw PermanentFailure("an agency outside the dictionary");
    }
    return lines;
}

}  // namespace

std::string encode_labels(const domain::Labels& labels) {
    google::protobuf::Arena arena;  // two strings a line, freed at once
    auto& message = *google::protobuf::Arena::CreateMessage<event::v1::Labels>(&arena);
    for (const auto& record_no : labels.record_no) message.add_record_no(record_no);
    put(labels.record_seq, message.mutable_record_seq());
    for (const auto& masked : labels.masked_person_id) message.add_masked_person_id(masked);
    return compressed(message.SerializeAsString());
}

domain::Labels decode_labels(std::string_view frame) {
    const std::string bytes = decompressed(frame);
    google::protobuf::Arena arena;
    auto& message = *google::protobuf::Arena::CreateMessage<event::v1::Labels>(&arena);
    if (!message.ParseFromString(bytes)) throw PermanentFailure("labels are no Labels message");
    domain::Labels labels;
    get(message.record_no(), labels.record_no);
    get(message.record_seq(), labels.record_seq);
    get(message.masked_person_id(), labels.masked_person_id);
    if (labels.record_seq.size() != labels.record_no.size() ||
        labels.masked_person_id.size() != labels.record_no.size()) {
        throw PermanentFailure("the columns of the labels differ in length");
    }
    return labels;
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
    put_lines(file.lines, *message.mutable_lines());
    message.set_labels(encode_labels(file.labels));
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
    file.lines = get_lines(message.lines());
    file.labels = decode_labels(message.labels());
    if (file.labels.record_no.size() != file.lines.size()) {
        throw PermanentFailure("labels and lines differ in length");
    }
    get(message.finding_identities(), file.finding_identities);
    get(message.finding_lines(), file.finding_lines);
    if (file.finding_identities.size() != file.finding_lines.size()) {
        throw PermanentFailure("finding identities and lines differ in length");
    }
    return file;
}

}  // namespace chaiqin::wire
