#include "gateway/announcements/attachment_form.hpp"

#include "gateway/http/header_value.hpp"
#include "gateway/ingest/file_name.hpp"
#include "gateway/ingest/multipart.hpp"

namespace chaiqin::gateway {

namespace {

using FormOrProblem = std::variant<std::shared_ptr<SentAttachment>, Problem>;

/// Takes the one file of the form.
class OneFile final : public PartSink {
public:
    explicit OneFile(MemoryBudget& budget) : budget_(budget) {}

    bool begin_part(PartHead head) override {
        if (head.name != "file" || file) return stop(Problem::not_one_attachment);
        if (head.is_encoded) return stop(Problem::encoded_part);
        file = std::make_shared<SentAttachment>(budget_);
        file->file_name = cleaned_file_name(head.file_name.value_or(""));
        return true;
    }
    bool part_bytes(std::string_view bytes) override {
        if (file->bytes.size() + bytes.size() > most_attachment_bytes)
            return stop(Problem::attachment_too_large);
        if (!file->share.try_grow(bytes.size())) return stop(Problem::too_many_uploads);
        file->bytes += bytes;
        return true;
    }
    bool end_part() override { return true; }

    std::shared_ptr<SentAttachment> file;
    std::optional<Problem> problem;

private:
    bool stop(Problem why) {
        problem = why;
        return false;
    }
    MemoryBudget& budget_;
};

Problem problem_of_state(MultipartState state) {
    return state == MultipartState::broken ? Problem::form_begins_without_boundary
                                           : Problem::form_unfinished;
}

}  // namespace

boost::asio::awaitable<FormOrProblem> read_attachment_form(const Request& request, Body& body,
                                                           MemoryBudget& budget) {
    const auto encoding = lower_case(request.header("content-encoding"));
    if (!encoding.empty() && encoding != "identity") co_return Problem::compressed_files;
    const auto type = lower_case(request.header("content-type"));
    if (!type.starts_with("multipart/form-data")) co_return Problem::no_form;
    const auto boundary = boundary_of(request.header("content-type"));
    if (!boundary) co_return Problem::bad_boundary;
    OneFile form(budget);
    MultipartParser parser(*boundary, form);
    for (;;) {
        const auto piece = co_await body.next();
        if (piece.empty()) break;
        const auto state = parser.feed(piece);
        if (state == MultipartState::stopped || state == MultipartState::broken) break;
    }
    if (form.problem) co_return *form.problem;
    if (parser.state() != MultipartState::closed) co_return problem_of_state(parser.state());
    if (!form.file) co_return Problem::not_one_attachment;
    co_return std::move(form.file);
}

}  // namespace chaiqin::gateway
