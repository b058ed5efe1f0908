#pragma once
// A small JSON object as the body of a request. The document itself stays in json_body.cpp: who
// reads a member asks for it by name.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/request.hpp"

namespace chaiqin::gateway {

class JsonBody {
public:
    /// Empty if the text is no JSON object in UTF-8.
    static std::optional<JsonBody> parse(const std::string& text);

    bool has(std::string_view name) const;
    bool is_null(std::string_view name) const;
    /// Empty if there is no such member or it is no text.
    std::optional<std::string> text(std::string_view name) const;
    /// Empty if there is no such member or it is no array of texts.
    std::optional<std::vector<std::string>> texts(std::string_view name) const;

private:
    struct Document;
    explicit JsonBody(std::shared_ptr<const Document> document) : document_(std::move(document)) {}
    std::shared_ptr<const Document> document_;
};

/// Whether the text is a JSON value in UTF-8; it may begin with a byte order mark.
bool is_json(std::string_view text);

/// Whether the request says that its body is JSON, not compressed.
bool sends_json(const Request& request);

}  // namespace chaiqin::gateway
