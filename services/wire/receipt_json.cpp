#include "wire/receipt_json.hpp"

#include "wire/json_writer.hpp"

namespace chaiqin::wire {

std::string receipt_json(const domain::Receipt& receipt) {
    JsonWriter json;
    json.begin_object()
        .member("submission_id", receipt.submission_id)
        .member("agency", receipt.agency)
        .member("file_name", receipt.file_name)
        .member("size_bytes", receipt.size_bytes)
        .member("sha256", receipt.sha256)
        .member("received_at", domain::rfc3339_taipei(receipt.received_at))
        .end_object();
    return json.take();
}

}  // namespace chaiqin::wire
