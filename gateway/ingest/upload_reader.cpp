#include "gateway/ingest/upload_reader.hpp"

#include "gateway/http/header_value.hpp"
#include "gateway/ingest/file_name.hpp"

namespace chaiqin::gateway {

namespace {

using Files = std::vector<UploadedFile>;
using FilesOrRefusal = std::variant<Files, UploadRefusal>;

UploadedFile begin_file(std::string name, MemoryBudget& budget, UploadUse use) {
    UploadedFile file(std::move(name), budget);
    if (use == UploadUse::submission && !is_json_file_name(file.name))
        file.refusal = FileRefusal::not_json;
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
    file.refusal = FileRefusal::too_large;
    drop_bytes(file);
}

/// Collects the files of a form.
class FormFiles final : public PartSink {
public:
    FormFiles(MemoryBudget& budget, UploadUse use) : budget_(budget), use_(use) {}

    bool begin_part(PartHead head) override {
        if (head.name != "file") {
            stopped_by_ = UploadFault::other_field;
        } else if (files.size() == most_files) {
            stopped_by_ = UploadFault::too_many_files;
        } else if (head.is_encoded && use_ == UploadUse::check) {
            stopped_by_ = UploadFault::encoded_part;
        } else {
            files.push_back(
                begin_file(cleaned_file_name(head.file_name.value_or("")), budget_, use_));
            if (head.is_encoded) files.back().refusal = FileRefusal::encoded_part;
        }
        return !stopped_by_;
    }
    bool part_bytes(std::string_view bytes) override {
        append(files.back(), bytes, use_);
        return true;
    }
    bool end_part() override { return true; }

    /// Why the form is not taken, if so; asked once the body has ended.
    std::optional<UploadRefusal> refusal_of(const MultipartParser& parser) const {
        if (stopped_by_) return *stopped_by_;
        if (parser.fault()) return *parser.fault();
        if (parser.state() != MultipartState::closed) return UploadFault::unfinished;
        if (files.empty()) return UploadFault::no_files;
        return std::nullopt;
    }

    Files files;

private:
    MemoryBudget& budget_;
    UploadUse use_;
    std::optional<UploadFault> stopped_by_;
};

boost::asio::awaitable<FilesOrRefusal> read_form(const std::string boundary, Body& body,
                                                 MemoryBudget& budget, UploadUse use) {
    FormFiles form(budget, use);
    MultipartParser parser(boundary, form);
    for (;;) {
        const auto piece = co_await body.next();
        if (piece.empty()) break;
        const auto state = parser.feed(piece);
        if (state == MultipartState::stopped || state == MultipartState::broken) break;
    }
    if (const auto refused = form.refusal_of(parser)) co_return *refused;
    co_return std::move(form.files);
}

boost::asio::awaitable<FilesOrRefusal> read_single(std::string name, Body& body,
                                                   MemoryBudget& budget, UploadUse use) {
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

/// Lower-case, without its parameters.
std::string media_type_of(const std::string& content_type) {
    const auto type = lower_case(content_type.substr(0, content_type.find(';')));
    const auto last = type.find_last_not_of(" \t");
    return type.substr(0, last == std::string::npos ? 0 : last + 1);
}

}  // namespace

boost::asio::awaitable<FilesOrRefusal> read_upload(UploadHead head, Body& body,
                                                   MemoryBudget& budget, UploadUse use) {
    const auto encoding = lower_case(head.content_encoding);
    if (!encoding.empty() && encoding != "identity") co_return UploadFault::compressed;
    const auto media_type = media_type_of(head.content_type);
    if (media_type == "application/json") {
        auto name = head.file_name ? file_name_from_header(*head.file_name)
                                   : std::optional<std::string>("upload.json");
        if (!name) co_return UploadFault::bad_file_name;
        auto single = co_await read_single(std::move(*name), body, budget, use);
        co_return std::move(single);
    }
    if (media_type != "multipart/form-data") co_return UploadFault::other_media_type;
    auto boundary = boundary_of(head.content_type);
    if (!boundary) co_return UploadFault::bad_boundary;
    auto form = co_await read_form(std::move(*boundary), body, budget, use);
    co_return std::move(form);
}

}  // namespace chaiqin::gateway
