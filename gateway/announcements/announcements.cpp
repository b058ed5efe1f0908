#include "gateway/announcements/announcements.hpp"

#include <charconv>
#include <memory>

#include "gateway/announcements/announcement_json.hpp"
#include "gateway/announcements/attachment_form.hpp"
#include "gateway/announcements/attachment_type.hpp"
#include "gateway/http/disposition.hpp"
#include "gateway/http/json_body.hpp"
#include "gateway/http/path_id.hpp"
#include "gateway/http/problems.hpp"
#include "gateway/http/whole_body.hpp"
#include "identity/access.hpp"

namespace chaiqin::gateway {

using boost::asio::awaitable;
using domain::Announcement;
using domain::AnnouncementSight;
using domain::AttachmentAdding;
using identity::Role;
using std::chrono::steady_clock;

namespace {

constexpr int default_page_size = 20, most_page_size = 100;
constexpr std::uint64_t most_text_bytes = 256 * 1024,
                        most_form_bytes = most_attachment_bytes + 64 * 1024;
constexpr auto read_within = std::chrono::seconds(10), written_within = std::chrono::seconds(20);
constexpr std::string_view list_path = "/api/v1/announcements",
                           one_path = "/api/v1/announcements/{id}",
                           attachments_path = "/api/v1/announcements/{id}/attachments",
                           attachment_path = "/api/v1/announcements/{id}/attachments/{n}";

Response nothing() {
    return answer_with(Problem::nothing_found,
                       {{"查無公告或附件", "There is no such announcement or attachment"}});
}

Response empty_answer() {
    Response response;
    response.status = 204;
    return response;
}

Response one_answer(const Announcement& announcement, int status = 200) {
    wire::JsonWriter json;
    write_announcement(json, announcement, true);
    Response response;
    response.status = status;
    response.body = json.take();
    return response;
}

AuditNote note(const char* action, std::int64_t id, std::int64_t n = 0) {
    auto object = "announcement " + std::to_string(id);
    if (n > 0) object += " attachment " + std::to_string(n);
    return {action, object};
}

/// Empty if it is no number of a page's size.
std::optional<int> page_size_of(const Request& request) {
    const auto text = request.parameter("page_size").value_or("");
    if (text.empty()) return default_page_size;
    const auto size = parse_id(text);
    if (!size || *size > most_page_size) return std::nullopt;
    return static_cast<int>(*size);
}

class Announcements {
public:
    explicit Announcements(const AnnouncementParts& parts) : parts_(parts) {}

    Response list(const Request& request) const {
        const auto state = request.parameter("state").value_or("");
        const bool all = state == "all";
        if (!state.empty() && !all)
            return answer_with(Problem::bad_parameter, {{"state：應為 all", "state must be all"}});
        if (all && !request.caller.has(Role::operator_))
            return answer_with(request.bearer.empty() ? Problem::invalid_token
                                                      : Problem::right_missing);
        const auto size = page_size_of(request);
        if (!size)
            return answer_with(
                Problem::bad_parameter,
                {{"page_size：應為 1 至 100 的整數", "page_size must be a number from 1 to 100"}});
        auto sight = sight_of(request);
        sight.at_all_times = all;
        std::optional<domain::AnnouncementPlace> after;
        if (const auto token = request.parameter("page_token").value_or(""); !token.empty()) {
            after = parse_announcement_token(parts_.keys, sight, token);
            if (!after)
                return answer_with(Problem::bad_parameter,
                                   {{"page_token：不屬於這份清單，請由第一頁重新查詢",
                                     "page_token is not one of this list; begin with its first "
                                     "page"}});
        }
        return list_answer(parts_.store.list(sight, after, *size + 1), *size, sight);
    }

    Response one(const Request& request) const {
        const auto id = parse_id(request.captures.at(0));
        if (!id) return nothing();
        const auto announcement = parts_.store.find(*id, sight_of(request));
        return announcement ? one_answer(*announcement) : nothing();
    }

    Response attachment(const Request& request) const {
        const auto id = parse_id(request.captures.at(0)), n = number_of(request);
        if (!id || !n) return nothing();
        const auto attachment =
            parts_.store.find_attachment(*id, static_cast<int>(*n), sight_of(request));
        if (!attachment) return nothing();
        const auto share = std::make_shared<MemoryBudget::Share>(parts_.budget);
        if (!share->try_grow(static_cast<std::size_t>(attachment->size_bytes)))
            return answer_with(Problem::unavailable);
        Response response;
        response.content_type = attachment->media_type;
        response.headers.emplace_back("Content-Disposition",
                                      attachment_disposition(attachment->file_name));
        response.kept_meanwhile = share;
        response.body.reserve(static_cast<std::size_t>(attachment->size_bytes));
        parts_.store.read_attachment(*id, attachment->n,
                                     [&](std::string_view piece) { response.body += piece; });
        if (response.body.size() != static_cast<std::size_t>(attachment->size_bytes))
            return nothing();  // removed meanwhile
        return response;
    }

    Response remove(const Request& request) const {
        const auto id = parse_id(request.captures.at(0));
        if (!id || !parts_.store.remove(*id)) return nothing();
        auto response = empty_answer();
        response.audit = note("delete announcement", *id);
        return response;
    }

    Response remove_attachment(const Request& request) const {
        const auto id = parse_id(request.captures.at(0)), n = number_of(request);
        if (!id || !n || !parts_.store.remove_attachment(*id, static_cast<int>(*n)))
            return nothing();
        auto response = empty_answer();
        response.audit = note("delete attachment", *id, *n);
        return response;
    }

    /// POST without an id, PUT with one.
    awaitable<Response> write(const Request& request, Body& body) const {
        if (!sends_json(request)) co_return answer_with(Problem::no_json);
        std::optional<std::int64_t> id;
        if (!request.captures.empty()) {
            id = parse_id(request.captures.at(0));
            if (!id) co_return nothing();
        }
        const auto sent = co_await whole_body(body);
        auto parsed = parse_announcement(sent, parts_.now());
        if (const auto* wrong = std::get_if<WrongMember>(&parsed))
            co_return answer_with(Problem::bad_member, {{wrong->zh, wrong->en}});
        auto job = [this, id, text = std::get<domain::AnnouncementText>(std::move(parsed))] {
            return written(id, text);
        };
        auto answer =
            co_await parts_.workers.run(std::move(job), steady_clock::now() + written_within);
        if (!answer) co_return answer_with(Problem::unavailable);
        co_return std::move(*answer);
    }

    awaitable<Response> add_attachment(const Request& request, Body& body) const {
        const auto id = parse_id(request.captures.at(0));
        if (!id) co_return nothing();
        auto form = co_await read_attachment_form(request, body, parts_.budget);
        if (const auto* problem = std::get_if<Problem>(&form)) co_return answer_with(*problem);
        auto job = [this, id = *id,
                    file = std::get<std::shared_ptr<SentAttachment>>(std::move(form))] {
            return added(id, *file);
        };
        auto answer =
            co_await parts_.workers.run(std::move(job), steady_clock::now() + written_within);
        if (!answer) co_return answer_with(Problem::unavailable);
        co_return std::move(*answer);
    }

private:
    static std::optional<std::int64_t> number_of(const Request& request) {
        const auto n = parse_id(request.captures.at(1));
        return n && *n <= INT32_MAX ? n : std::nullopt;
    }

    /// An operator finds those that are not in force, too, to change them.
    AnnouncementSight sight_of(const Request& request) const {
        return {.with_members = !request.caller.roles.empty(),
                .at_all_times = request.caller.has(Role::operator_),
                .now = parts_.now()};
    }

    /// `found` has one more than the page if there is a next one.
    Response list_answer(std::vector<Announcement> found, int size,
                         const AnnouncementSight& sight) const {
        const bool has_next = found.size() > static_cast<std::size_t>(size);
        if (has_next) found.pop_back();
        wire::JsonWriter json;
        json.begin_object().key("announcements").begin_array();
        for (const auto& announcement : found) write_announcement(json, announcement, false);
        json.end_array().member(
            "next_page_token",
            has_next ? announcement_token(parts_.keys, sight,
                                          {found.back().text.published_at, found.back().id})
                     : "");
        Response response;
        response.body = json.end_object().take();
        return response;
    }

    Response written(std::optional<std::int64_t> id, const domain::AnnouncementText& text) const {
        const auto announcement =
            id ? parts_.store.change(*id, text) : std::optional(parts_.store.add(text));
        if (!announcement) return nothing();
        auto response = one_answer(*announcement, id ? 200 : 201);
        response.audit = note(id ? "change announcement" : "add announcement", announcement->id);
        return response;
    }

    Response added(std::int64_t id, const SentAttachment& file) const {
        const auto type = attachment_type(file.file_name, file.bytes);
        if (!type) return answer_with(Problem::attachment_type);
        domain::Attachment attachment{.n = 0,
                                      .file_name = file.file_name,
                                      .media_type = std::string(*type),
                                      .size_bytes = static_cast<std::int64_t>(file.bytes.size())};
        switch (parts_.store.add_attachment(id, attachment, file.bytes)) {
            case AttachmentAdding::no_announcement:
                return nothing();
            case AttachmentAdding::full:
                return answer_with(Problem::attachments_full);
            case AttachmentAdding::added:
                break;
        }
        wire::JsonWriter json;
        write_attachment(json, attachment);
        Response response;
        response.status = 201;
        response.body = json.take();
        response.audit = note("add attachment", id, attachment.n);
        return response;
    }

    AnnouncementParts parts_;
};

bool may_write(const identity::Caller& caller) {
    return identity::may(caller, identity::Right::write_announcements);
}

}  // namespace

std::vector<Route> announcement_routes(const AnnouncementParts& parts) {
    const auto all = std::make_shared<const Announcements>(parts);
    const auto route = [&](const char* method, std::string_view pattern, Allowed allowed,
                           Response (Announcements::*endpoint)(const Request&) const) {
        const bool is_open = !allowed;
        return Route{
            .method = method,
            .pattern = std::string(pattern),
            .allowed = std::move(allowed),
            .endpoint = [all, endpoint](const Request& asked) { return (*all.*endpoint)(asked); },
            .knows_caller = is_open,
            .within = read_within,
            .audit_first = !is_open};
    };
    return {route("GET", list_path, {}, &Announcements::list),
            route("GET", one_path, {}, &Announcements::one),
            route("DELETE", one_path, may_write, &Announcements::remove),
            route("GET", attachment_path, {}, &Announcements::attachment),
            route("DELETE", attachment_path, may_write, &Announcements::remove_attachment)};
}

std::vector<UploadRoute> announcement_upload_routes(const AnnouncementParts& parts) {
    const auto all = std::make_shared<const Announcements>(parts);
    const auto route = [&](const char* method, std::string_view pattern, std::uint64_t most_bytes,
                           awaitable<Response> (Announcements::*endpoint)(const Request&, Body&)
                               const) {
        return UploadRoute{
            .method = method,
            .pattern = std::string(pattern),
            .allowed = may_write,
            .limits = {.most_bytes = most_bytes,
                       .whole = std::chrono::seconds(120),
                       .least_bytes_per_s = 8 * 1024},
            .endpoint = [all, endpoint](const Request& asked,
                                        Body& body) { return (*all.*endpoint)(asked, body); },
            .audit_first = true};
    };
    return {route("POST", list_path, most_text_bytes, &Announcements::write),
            route("PUT", one_path, most_text_bytes, &Announcements::write),
            route("POST", attachments_path, most_form_bytes, &Announcements::add_attachment)};
}

}  // namespace chaiqin::gateway
