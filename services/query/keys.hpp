#pragma once
// The keys of the lists as the texts that stand in page tokens, and back. Refused (bad_request)
// when a text is no such key. Pure.
#include <string>
#include <vector>

#include "domain/read_store.hpp"

namespace chaiqin::query {

using KeyTexts = std::vector<std::string>;

KeyTexts texts(const domain::SubmissionKey& key);
KeyTexts texts(const domain::FindingKey& key);
KeyTexts texts(const domain::HistoryKey& key);
KeyTexts texts(const domain::UnmatchedKey& key);

domain::SubmissionKey submission_key(const KeyTexts& texts);
domain::FindingKey finding_key(const KeyTexts& texts);
domain::HistoryKey history_key(const KeyTexts& texts);
domain::UnmatchedKey unmatched_key(const KeyTexts& texts);
std::int64_t number_key(const KeyTexts& texts);

/// 8-4-4-4-12 hex digits in lower case; "" if the text is no UUID.
std::string canonical_uuid(std::string_view text);

}  // namespace chaiqin::query
