#include "gateway/http_api/notices.hpp"

#include <memory>

#include "crypto/keyed_hash.hpp"
#include "gateway/http/path_id.hpp"
#include "gateway/http/problems.hpp"
#include "identity/access.hpp"

namespace chaiqin::gateway {

namespace {

using identity::Right;

class Notices {
public:
    explicit Notices(const NoticeParts& parts) : parts_(parts) {}

    Response read(const Request& request) const {
        const auto id = parse_id(request.captures.at(0));
        const auto agency = id ? parts_.marks.agency_of(*id) : std::nullopt;
        if (!agency || !may_read(request, *agency))
            return answer_with(Problem::nothing_found, {{"查無通知", "There is no such notice"}});
        parts_.marks.mark(reader(request), *id, parts_.now());
        return done();
    }

    Response read_all(const Request& request) const {
        parts_.marks.mark_all(reader(request), parts_.now());
        return done();
    }

private:
    static Response done() {
        Response response;
        response.status = 204;
        return response;
    }

    /// The person as in the sessions of the portal.
    domain::NoticeReader reader(const Request& request) const {
        return {crypto::header_hash(parts_.keys, "sub", request.caller.sub), request.acting_agency};
    }

    /// As the query service decides for the list.
    bool may_read(const Request& request, const std::string& agency) const {
        const auto scope =
            identity::scope_of(request.caller, request.acting_agency, Right::read_submissions);
        return identity::covers(scope, agency, parts_.registry.current()->agencies,
                                domain::taipei_day(parts_.now()));
    }

    NoticeParts parts_;
};

}  // namespace

std::vector<Route> notice_routes(const NoticeParts& parts) {
    const auto notices = std::make_shared<const Notices>(parts);
    const auto may = [](const identity::Caller& caller) {
        return identity::may(caller, Right::read_submissions);
    };
    return {{.method = "POST",
             .pattern = "/api/v1/notices/{id}/read",
             .allowed = may,
             .endpoint = [notices](const Request& request) { return notices->read(request); }},
            {.method = "POST",
             .pattern = "/api/v1/notices/read-all",
             .allowed = may,
             .endpoint = [notices](const Request& request) { return notices->read_all(request); }}};
}

}  // namespace chaiqin::gateway
