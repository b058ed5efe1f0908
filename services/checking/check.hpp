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
#include "domain/registry.hpp"
#include "domain/validated_file.hpp"

namespace chaiqin::checking {

/// Keyed hashes for the columns that leave the validator; implemented by crypto, absent in a check.
class LineHasher {
public:
    virtual ~LineHasher() = default;
    virtual std::uint64_t token(std::string_view person_id) = 0;
    virtual std::uint64_t identity(std::string_view canonical_bytes) = 0;
    virtual std::uint64_t content(std::string_view canonical_bytes) = 0;
};

struct CheckRequest {
    std::string file_name;
    std::string_view bytes;  ///< as sent, BOM included
    domain::RegistryPtr registry;
    bool registry_known =
        true;  ///< false: rules that need the registry's agencies are skipped (offline)
    std::string
        acting_agency;  ///< "" → rules that need the caller (rules.csv: E05) are skipped (offline)
    domain::Instant received_at;
    domain::Month first_month = 0;  ///< E08; 11401 by default
    LineHasher* hasher = nullptr;   ///< null: no columns are made
    std::size_t detail_cap_per_code = 1000;
    std::size_t detail_cap = 0;  ///< in all; 0 = none
};

struct CheckedFinding {
    domain::Finding finding;
    std::uint64_t identity = 0;  ///< of the line; with has_identity
    bool has_identity = false;
};

struct CheckResult {
    bool rejected = false;  ///< an error of scope file or envelope
    std::uint32_t record_count = 0, leave_lines = 0, overtime_lines = 0, invalid_lines = 0;
    std::uint64_t error_count = 0, warning_count = 0;
    std::vector<CheckedFinding>
        findings;  ///< in the order of the API (kind, index, pointer, code), capped
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
