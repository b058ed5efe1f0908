#pragma once
// Reading the members of a token's claims and of the issuer's answers with jansson. For the .cpp
// files of this folder.
#include <jansson.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chaiqin::identity {

struct FreeJson {
    void operator()(json_t* value) const { json_decref(value); }
};
using Json = std::unique_ptr<json_t, FreeJson>;

/// The object that the text is; null for anything else, also for one with a key twice.
inline Json parse_object(std::string_view text) {
    json_error_t where;
    Json root(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, &where));
    return json_is_object(root.get()) ? std::move(root) : nullptr;
}

/// "" if it is absent or no string.
inline std::string text_claim(const json_t* claims, const char* name) {
    const json_t* value = json_object_get(claims, name);
    return json_is_string(value) ? std::string(json_string_value(value), json_string_length(value))
                                 : std::string();
}

/// The strings of a list; those of other types are left out.
inline std::vector<std::string> text_list_claim(const json_t* claims, const char* name) {
    std::vector<std::string> all;
    const json_t* list = json_object_get(claims, name);
    for (std::size_t i = 0; i < json_array_size(list); ++i) {
        const json_t* value = json_array_get(list, i);
        if (json_is_string(value))
            all.emplace_back(json_string_value(value), json_string_length(value));
    }
    return all;
}

/// Seconds since 1970; empty if it is absent or no number.
inline std::optional<double> time_claim(const json_t* claims, const char* name) {
    const json_t* value = json_object_get(claims, name);
    if (!json_is_number(value)) return std::nullopt;
    return json_number_value(value);
}

/// Whether `aud`, a text or a list, names the audience.
inline bool names_audience(const json_t* claims, std::string_view audience) {
    if (audience == text_claim(claims, "aud")) return true;
    for (const auto& one : text_list_claim(claims, "aud"))
        if (one == audience) return true;
    return false;
}

}  // namespace chaiqin::identity
