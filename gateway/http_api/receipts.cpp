#include "gateway/http_api/receipts.hpp"

#include <algorithm>
#include <memory>

#include "crypto/receipt_verification.hpp"
#include "gateway/http/json_body.hpp"
#include "gateway/http/whole_body.hpp"

namespace chaiqin::gateway {

using boost::asio::awaitable;

namespace {

constexpr std::uint64_t most_bytes = 64 * 1024;

/// A receipt that was printed and typed or copied has line breaks and blanks.
std::string without_white_space(std::string text) {
    std::erase_if(text, [](char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
    });
    for (const std::string_view wide : {"\u00A0", "\u3000", "\u200B", "\uFEFF"})
        for (auto at = text.find(wide); at != std::string::npos; at = text.find(wide, at))
            text.erase(at, wide.size());
    return text;
}

Response invalid(const char* reason) {
    wire::JsonWriter json;
    json.begin_object().member("valid", false).member("reason", reason).end_object();
    Response response;
    response.body = json.take();
    return response;
}

}  // namespace

Response verified_receipt(const std::string& body, const Housekeeping& keys) {
    const auto asked = JsonBody::parse(body);
    if (!asked || !asked->has("receipt_jws")) return answer_with(Problem::no_receipt_jws);
    const auto jws = without_white_space(asked->text("receipt_jws").value_or(""));
    const auto claimed = crypto::claimed_receipt(jws);
    if (!claimed) return invalid("not_a_receipt");
    const auto key = keys.receipt_key(claimed->kid);
    if (!key) return invalid("unknown_key");
    if (!crypto::is_signed_by(jws, *key)) return invalid("bad_signature");
    wire::JsonWriter json;
    json.begin_object().member("valid", true).key("receipt").raw(claimed->payload).end_object();
    Response response;
    response.body = json.take();
    return response;
}

namespace {

class Receipts {
public:
    explicit Receipts(const Housekeeping& keys) : keys_(keys) {}

    awaitable<Response> verify(Body& body) const {
        const auto sent = co_await whole_body(body);
        co_return verified_receipt(sent, keys_);
    }

private:
    const Housekeeping& keys_;
};

}  // namespace

std::vector<UploadRoute> receipt_routes(const Housekeeping& keys) {
    const auto receipts = std::make_shared<const Receipts>(keys);
    return {
        {.method = "POST",
         .pattern = "/api/v1/receipts/verify",
         .allowed = {},
         .limits = {.most_bytes = most_bytes,
                    .whole = std::chrono::seconds(30),
                    .least_bytes_per_s = 1024},
         .endpoint = [receipts](const Request&, Body& body) { return receipts->verify(body); }}};
}

}  // namespace chaiqin::gateway
