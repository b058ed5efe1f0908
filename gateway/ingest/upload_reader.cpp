#include "gateway/ingest/upload_reader.hpp"

#include "gateway/http/header_value.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/ingest/file_name.hpp"
#include "gateway/ingest/multipart.hpp"

namespace chaiqin::gateway {

namespace {

using Files = std::vector<UploadedFile>;

std::string header(const Request& request, const char* name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
}

Response bad_request(std::string_view detail) {
    return problem(400, "bad_request", "請求格式不正確", detail);
}

Response unsupported(std::string_view detail) {
    return problem(415, "unsupported_media_type", "不支援的內容格式", detail);
}

UploadedFile begin_file(std::string name, MemoryBudget& budget, UploadUse use) {
    UploadedFile file(std::move(name), budget);
    if (use == UploadUse::submission && !is_json_file_name(file.name)) file.refusal = refusals::F01;
    return file;
}

void drop_bytes(UploadedFile& file) {
    std::string().swap(file.bytes);
    file.share.give_back();
}

/// Takes a piece of a file, or what of it is still of use.
void append(UploadedFile& file, std::string_view piece, UploadUse use) {
    if (file.refusal || file.has_no_room) return;
    piece = piece.substr(0, most_file_bytes + 1 - file.bytes.size());
    if (piece.empty()) return;
    if (!file.share.try_grow(piece.size())) {
        file.has_no_room = true;
        drop_bytes(file);
        return;
    }
    file.bytes += piece;
    if (file.bytes.size() <= most_file_bytes || use == UploadUse::check) return;
    file.refusal = refusals::F02;
    drop_bytes(file);
}

/// Collects the files of a form.
class FormFiles final : public PartSink {
public:
    FormFiles(MemoryBudget& budget, UploadUse use) : budget_(budget), use_(use) {}

    bool begin_part(PartHead head) override {
        if (head.name != "file") {
            stopped_by_ = bad_request("表單欄位名稱須為 file。");
        } else if (files.size() == most_files) {
            const auto& f = refusals::F03;
            stopped_by_ = problem(f.status, f.code, f.title, f.detail);
        } else {
            files.push_back(
                begin_file(cleaned_file_name(head.file_name.value_or("")), budget_, use_));
        }
        return !stopped_by_;
    }
    bool part_bytes(std::string_view bytes) override {
        append(files.back(), bytes, use_);
        return true;
    }
    bool end_part() override { return true; }

    /// The problem of the form, if it has one, once the body has ended.
    std::optional<Response> problem_of(const MultipartParser& parser) const {
        if (stopped_by_) return stopped_by_;
        if (parser.state() == MultipartState::broken)
            return bad_request("表單內容不合 multipart/form-data 格式：" + parser.reason());
        if (parser.state() != MultipartState::closed)
            return bad_request("表單內容不完整，缺少結尾分隔線。");
        if (files.empty()) return bad_request("表單內沒有檔案，欄位名稱須為 file。");
        return std::nullopt;
    }

    Files files;

private:
    MemoryBudget& budget_;
    UploadUse use_;
    std::optional<Response> stopped_by_;
};

boost::asio::awaitable<std::variant<Files, Response>> read_form(const std::string boundary,
                                                                Body& body, MemoryBudget& budget,
                                                                UploadUse use) {
    FormFiles form(budget, use);
    MultipartParser parser(boundary, form);
    for (;;) {
        const auto piece = co_await body.next();
        if (piece.empty()) break;
        const auto state = parser.feed(piece);
        if (state == MultipartState::stopped || state == MultipartState::broken) break;
    }
    if (auto wrong = form.problem_of(parser)) co_return std::move(*wrong);
    co_return std::move(form.files);
}

boost::asio::awaitable<std::variant<Files, Response>> read_single(std::string name, Body& body,
                                                                  MemoryBudget& budget,
                                                                  UploadUse use) {
    Files files;
    files.push_back(begin_file(std::move(name), budget, use));
    if (const auto declared = body.declared_bytes(); declared && *declared <= most_file_bytes)
        files.front().bytes.reserve(*declared);
    for (;;) {
        const auto piece = co_await body.next();
        if (piece.empty()) break;
        append(files.front(), piece, use);
    }
    co_return files;
}

}  // namespace

boost::asio::awaitable<std::variant<Files, Response>> read_upload(const Request& request,
                                                                  Body& body, MemoryBudget& budget,
                                                                  UploadUse use) {
    const auto encoding = lower_case(header(request, "content-encoding"));
    if (!encoding.empty() && encoding != "identity")
        co_return unsupported("請勿壓縮內容（Content-Encoding）。");
    const auto content_type = header(request, "content-type");
    const auto kind = lower_case(content_type.substr(0, content_type.find(';')));
    const auto kind_end = kind.find_last_not_of(" \t");
    const auto media_type = kind.substr(0, kind_end == std::string::npos ? 0 : kind_end + 1);
    if (media_type == "application/json") {
        const auto sent_name = request.headers.find("x-file-name");
        auto name = sent_name == request.headers.end() ? std::optional<std::string>("upload.json")
                                                       : file_name_from_header(sent_name->second);
        if (!name) co_return bad_request("X-File-Name 須為百分號編碼之 UTF-8，且不得含控制字元。");
        auto single = co_await read_single(std::move(*name), body, budget, use);
        co_return std::move(single);
    }
    if (media_type != "multipart/form-data")
        co_return unsupported("請使用 application/json 或 multipart/form-data。");
    auto boundary = boundary_of(content_type);
    if (!boundary) co_return bad_request("Content-Type 須帶一個 1 至 70 字元的 boundary。");
    auto form = co_await read_form(std::move(*boundary), body, budget, use);
    co_return std::move(form);
}

}  // namespace chaiqin::gateway
