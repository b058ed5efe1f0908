#include "checking/record/columns.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "checking/record/table.hpp"

namespace chaiqin::checking {

namespace {

constexpr char separator = '\x1F';

void append_integer(std::string& bytes, std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    bytes.append(digits, end);
}

std::string masked(std::string_view person_id) {
    if (person_id.size() != 10) return "***";
    std::string text(person_id);
    std::fill(text.begin() + 3, text.begin() + 8, '*');
    return text;
}

std::int32_t minutes_of(const RecordFacts& facts) {
    const bool is_leave = facts.kind == RecordKind::leave;
    return static_cast<std::int32_t>(is_leave ? facts.integer(leave::leave_minutes)
                                              : facts.integer(overtime::overtime_minutes));
}

bool is_absent(const JsonValue& value) {
    return value.type == ValueType::missing ||
           (value.type == ValueType::string && is_blank(value.text));
}

}  // namespace

void append_content(std::string& bytes, std::span<const RecordField> fields,
                    const RecordFacts& facts) {
    for (std::size_t i = key::action + 1; i < fields.size(); ++i) {
        const auto& field = fields[i];
        if (!field.required && is_absent(facts.value(i))) continue;
        bytes += separator;
        if (!field.required) {
            bytes.append(field.key);
            bytes += '=';
        }
        if (field.type == ValueType::string) {
            bytes.append(facts.text(i));
        } else {
            char value[sizeof(std::int64_t)];
            const auto integer = facts.integer(i);
            std::memcpy(value, &integer, sizeof value);
            bytes.append(value, sizeof value);
        }
    }
}

std::uint64_t LineIdentities::token(std::string_view person_id) {
    auto& entry = tokens_[hash_(person_id) % token_slots];
    if (entry.filled &&
        std::string_view(entry.person_id.data(), entry.person_id.size()) == person_id) {
        return entry.token;
    }
    const auto token = hasher_.token(person_id);
    if (person_id.size() == entry.person_id.size()) {
        std::copy(person_id.begin(), person_id.end(), entry.person_id.begin());
        entry.token = token;
        entry.filled = true;
    }
    return token;
}

std::uint64_t LineIdentities::identity(std::string_view agency, RecordKind kind,
                                       std::string_view source_system, std::string_view record_no,
                                       std::int64_t record_seq) {
    bytes_.assign(agency);
    bytes_ += separator;
    bytes_ += kind == RecordKind::leave ? 'L' : 'O';
    bytes_ += separator;
    bytes_.append(source_system);
    bytes_ += separator;
    bytes_.append(record_no);
    bytes_ += separator;
    append_integer(bytes_, record_seq);
    return hasher_.identity(bytes_);
}

std::uint64_t LineIdentities::content(const RecordFacts& facts) {
    bytes_.clear();
    bytes_ += facts.kind == RecordKind::leave ? 'L' : 'O';
    append_content(bytes_, table_of(facts.kind).fields, facts);
    return hasher_.content(bytes_);
}

std::uint32_t OrgDictionary::index_of(std::string_view org) {
    if (last_ < orgs_.size() && orgs_[last_] == org) return last_;
    const auto found = std::find(orgs_.begin(), orgs_.end(), org);
    last_ = static_cast<std::uint32_t>(found - orgs_.begin());
    if (found == orgs_.end()) orgs_.emplace_back(org);
    return last_;
}

void ColumnWriter::append(std::uint32_t index, const RecordFacts& facts) {
    auto& line = lines_.emplace_back();
    line.line = index;
    set(line, facts);
}

std::size_t ColumnWriter::reserve(std::uint32_t index) {
    lines_.emplace_back().line = index;
    return lines_.size() - 1;
}

void ColumnWriter::fill(std::size_t reserved, const RecordFacts& facts) {
    set(lines_[reserved], facts);
}

std::uint64_t ColumnWriter::identity(std::string_view record_no, std::int64_t record_seq) {
    return identities_.identity(world_.sending_agency(), kind_, world_.sender.source_system,
                                record_no, record_seq);
}

void ColumnWriter::set(Line& line, const RecordFacts& facts) {
    line.filled = true;
    line.identity = identity(facts.text(key::record_no), facts.integer(key::record_seq));
    line.token = identities_.token(facts.text(key::person_id));
    line.revision = static_cast<std::uint32_t>(facts.integer(key::revision));
    // C02 refuses whole ids; one in small letters gives the person away as well.
    line.record_no = mask_valid_person_ids(facts.text(key::record_no));
    line.record_seq = static_cast<std::uint32_t>(facts.integer(key::record_seq));
    line.masked_person_id = masked(facts.text(key::person_id));
    const auto packed = [&](std::uint8_t type) {
        return static_cast<std::int16_t>(domain::KindType{kind_, type}.packed());
    };
    if (facts.is_deletion()) {
        // Of a deletion only identity, revision and person are used; its other keys may hold
        // anything.
        line.outcome = domain::outcome::deletion;
        line.kind_type = packed(0);
        line.claimed_org = orgs_.index_of("");
        return;
    }
    line.kind_type = packed(static_cast<std::uint8_t>(facts.type));
    line.claimed_org = orgs_.index_of(facts.text(key::org_code));
    line.day = facts.record_day();
    line.day_count =
        kind_ == RecordKind::leave
            ? static_cast<std::uint32_t>(leave::last_day_touched(facts) - facts.start_day)
            : 0;
    line.minutes = minutes_of(facts);
    line.content = identities_.content(facts);
}

void ColumnWriter::move_into(std::vector<domain::FileLine>& lines, std::uint32_t first_line) {
    lines.reserve(lines.size() + lines_.size());
    for (auto& line : lines_) {
        if (!line.filled) continue;
        line.line += first_line;
        lines.push_back(std::move(line));
    }
    lines_.clear();
}

}  // namespace chaiqin::checking
