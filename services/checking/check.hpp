#pragma once
// The whole catalogue of rules over one file: used by the validator (submissions), the gateway
// (checks) and the chaiqin command (offline). A typed accepting pass decides a good record; one
// that fails is walked again by the explaining pass, which lists all its findings. Both come from
// one check table. Pure: no I/O, no clock.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domain/finding.hpp"
#include "domain/line_hasher.hpp"
#include "domain/registry.hpp"
#include "domain/validated_file.hpp"

namespace chaiqin::checking {

/// Keyed hashes for the columns that leave the check; absent where nothing leaves it.
using domain::LineHasher;

struct CheckRequest {
    std::string file_name;
    /// As sent, BOM included.
    std::string_view bytes;
    domain::RegistryPtr registry;
    /// False offline: rules that need the registry's agencies are skipped.
    bool registry_known = true;
    /// "" offline: rules that need the caller (E05) are skipped.
    std::string acting_agency;
    domain::Instant received_at;
    /// For E08.
    domain::Month first_month = 0;
    /// Without a hasher no columns are made.
    LineHasher* hasher = nullptr;
    std::size_t detail_cap_per_code = 1000;
    /// In all; 0 for no cap.
    std::size_t detail_cap = 0;
};

struct CheckedFinding {
    domain::Finding finding;
    /// Of the line, if it has_identity.
    std::uint64_t identity = 0;
    bool has_identity = false;
};

struct CheckResult {
    /// An error of the file or of the envelope.
    bool rejected = false;
    std::uint32_t record_count = 0, leave_lines = 0, overtime_lines = 0, invalid_lines = 0;
    std::uint64_t error_count = 0, warning_count = 0;
    /// In the order of the API (kind, index, pointer, code), as many as the caps allow.
    std::vector<CheckedFinding> findings;
    std::vector<domain::FindingGroup> groups;
    std::vector<std::string> skipped_rules;
    // Of the envelope, as far as readable:
    std::string source_system, batch_no_masked;
    std::optional<domain::Month> data_month;
    bool zero_report = false;
    // With a hasher and not rejected:
    std::vector<std::string> orgs;  ///< that the lines' claimed_org counts from 0
    std::vector<domain::FileLine> lines;
    std::vector<std::uint64_t> finding_identities;
    std::vector<std::uint32_t> finding_lines;
};

CheckResult check_file(const CheckRequest& request);
/// The same by the explaining pass alone. Both must answer the same of any bytes: what the
/// differential test and the fuzz target hold them to.
CheckResult check_file_by_explaining(const CheckRequest& request);

}  // namespace chaiqin::checking
