#include "query/keys.hpp"

#include <charconv>

namespace chaiqin::query {

namespace {

[[noreturn]] void refuse() {
    throw domain::Refused(domain::Refused::Why::bad_request,
                          "page_token does not belong to this list and its filters");
}

void expect(const KeyTexts& texts, std::size_t size) {
    if (texts.size() != size) refuse();
}

template <class Number>
Number number(const std::string& text) {
    Number value{};
    const auto* end = text.data() + text.size();
    if (const auto [at, failure] = std::from_chars(text.data(), end, value);
        failure != std::errc{} || at != end)
        refuse();
    return value;
}

KeyTexts joined(KeyTexts a, const KeyTexts& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

KeyTexts part(const KeyTexts& texts, std::size_t from, std::size_t size) {
    const auto begin = texts.begin() + static_cast<std::ptrdiff_t>(from);
    return {begin, begin + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace

std::string canonical_uuid(std::string_view text) {
    if (text.size() != 36) return "";
    std::string uuid;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c =
            text[i] >= 'A' && text[i] <= 'F' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !hex) return "";
        uuid += c;
    }
    return uuid;
}

KeyTexts texts(const domain::SubmissionKey& key) {
    return {std::to_string(key.received_at.time_since_epoch().count()), key.submission_id};
}
KeyTexts texts(const domain::FindingKey& key) {
    return {std::to_string(key.kind), std::to_string(key.index), key.pointer, key.code,
            std::to_string(key.seq)};
}
KeyTexts texts(const domain::HistoryKey& key) {
    return joined(texts(key.submission), texts(key.finding));
}
KeyTexts texts(const domain::UnmatchedKey& key) {
    return joined(texts(key.submission), {std::to_string(key.kind), std::to_string(key.index)});
}

domain::SubmissionKey submission_key(const KeyTexts& texts) {
    expect(texts, 2);
    if (canonical_uuid(texts[1]) != texts[1]) refuse();
    return {domain::Instant(std::chrono::microseconds(number<std::int64_t>(texts[0]))), texts[1]};
}

domain::FindingKey finding_key(const KeyTexts& texts) {
    expect(texts, 5);
    return {number<int>(texts[0]), number<std::int64_t>(texts[1]), texts[2], texts[3],
            number<int>(texts[4])};
}

domain::HistoryKey history_key(const KeyTexts& texts) {
    expect(texts, 7);
    return {submission_key(part(texts, 0, 2)), finding_key(part(texts, 2, 5))};
}

domain::UnmatchedKey unmatched_key(const KeyTexts& texts) {
    expect(texts, 4);
    return {submission_key(part(texts, 0, 2)), number<int>(texts[2]),
            number<std::int64_t>(texts[3])};
}

std::int64_t number_key(const KeyTexts& texts) {
    expect(texts, 1);
    return number<std::int64_t>(texts[0]);
}

}  // namespace chaiqin::query
