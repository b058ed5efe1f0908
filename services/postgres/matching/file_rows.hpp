#pragma once
// The writing half of the matcher's record store, by subject; for the .cpp files of this folder.
#include <span>
#include <string>
#include <vector>

#include "domain/matching_store.hpp"

namespace chaiqin::postgres::matching {

// file_rows.cpp: new files
void copy_files(domain::UnitOfWork& work, std::int64_t batch_id, domain::Instant now,
                const std::vector<domain::MatchedFile>& files);
void copy_records(domain::UnitOfWork& work, const std::vector<domain::MatchedFile>& files);
void copy_person_prefixes(domain::UnitOfWork& work, const std::vector<domain::MatchedFile>& files);
void copy_identity_prefixes(domain::UnitOfWork& work,
                            const std::vector<domain::IdentityPrefixes>& rows);
void copy_noted(domain::UnitOfWork& work, const std::vector<domain::NotedLines>& rows);

// file_changes.cpp: earlier files
void change_files(domain::UnitOfWork& work, const std::vector<domain::FileChange>& changes);
void note_first_receipts(domain::UnitOfWork& work, const std::vector<domain::FirstReceipt>& rows);
void replace_noted(domain::UnitOfWork& work, const std::vector<domain::NotedLines>& rows);
void copy_history(domain::UnitOfWork& work, std::int64_t change_no, domain::Instant now,
                  const std::vector<domain::AttributionChanges>& rows);

// finding_rows.cpp
void copy_findings(domain::UnitOfWork& work, const domain::FileBatchEffects& effects);
void move_open_findings(domain::UnitOfWork& work, const domain::FileBatchEffects& effects);

// delta_rows.cpp
std::int64_t insert_batch(domain::UnitOfWork& work, std::int32_t partition, domain::Instant now,
                          bool by_rematch);
void copy_counts(domain::UnitOfWork& work, std::int64_t batch_id,
                 const std::vector<domain::CountDelta>& rows);
void copy_claims(domain::UnitOfWork& work, std::int64_t batch_id, bool by_rematch,
                 const std::vector<domain::ClaimDelta>& rows);

}  // namespace chaiqin::postgres::matching
