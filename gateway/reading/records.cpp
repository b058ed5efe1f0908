#include "gateway/reading/records.hpp"

#include "chaiqin/query/v1/query.pb.h"
#include "gateway/http/problems.hpp"
#include "gateway/http/refusal.hpp"
#include "gateway/reading/answer_json.hpp"
#include "gateway/reading/enum_names.hpp"
#include "gateway/reading/parameters.hpp"
#include "identity/access.hpp"
#include "rpc/read_methods.hpp"

namespace chaiqin::gateway {

namespace {

using domain::RecordKind;
using rpc::read_with;
using rpc::Refused;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
namespace pb = query::v1;

constexpr milliseconds answer_within{1'900};
/// A page of an agency's findings may lie in 100 files.
constexpr milliseconds page_within{20'000};
constexpr milliseconds pause{40}, longest_wait{5'000};

RecordKind kind_of(const pb::Record& record) {
    return record.kind() == pb::FINDING_KIND_OVERTIME ? RecordKind::overtime : RecordKind::leave;
}

void write_reason(wire::JsonWriter& json, const std::string& why_not) {
    json.key("reason");
    if (why_not.empty())
        json.null();
    else
        json.value(why_not);
}

void write_record(wire::JsonWriter& json, const pb::Record& record, OpenedFile& file) {
    json.member("kind", enum_name(*pb::FindingKind_descriptor()->FindValueByNumber(record.kind())));
    json.member("index", record.index()).key("values");
    if (file.shown)
        file.shown->write_values(json, kind_of(record), record.index());
    else
        json.null();
    json.key("findings").begin_array();
    for (const auto& finding : record.findings()) json.raw(to_json(finding));
    json.end_array();
}

class Records {
public:
    explicit Records(const RecordParts& parts) : parts_(parts), files_(parts) {}

    Response of_submission(const Request& request) {
        return in_turn(request, [&] { return submission_answer(request); });
    }
    Response of_findings(const Request& request) {
        return in_turn(request, [&] { return findings_answer(request); });
    }

private:
    /// Waits without a thread while the agency, or too many of them, have a file open.
    template <class Answer>
    Response in_turn(const Request& request, Answer answer) {
        const auto turn = parts_.shares.hold(Limit::opened_files, holder_of(request));
        if (const auto* reached = std::get_if<Limited>(&turn)) {
            if (steady_clock::now() - request.arrived_at >= longest_wait)
                return answer_with(*reached);
            auto later = answer_with(Problem::unavailable);
            later.ask_again_after = pause;
            return later;
        }
        try {
            return answer();
        } catch (const Refused& why) {
            return answer_with(why);
        }
    }

    Response submission_answer(const Request& request) const {
        auto question = question_of(read_with<pb::ListRecordsResponse>(), request);
        auto& wanted = dynamic_cast<pb::ListRecordsRequest&>(*question);
        const auto file = files_.open(wanted.submission_id(), request);
        pb::ListRecordsResponse found;
        if (file->shown) {
            wanted.set_leave_count(file->shown->count(RecordKind::leave));
            wanted.set_overtime_count(file->shown->count(RecordKind::overtime));
            found = ask<pb::ListRecordsResponse>(request, wanted);
        }
        wire::JsonWriter json;
        json.begin_object().key("records").begin_array();
        for (const auto& record : found.records()) {
            json.begin_object();
            write_record(json, record, *file);
            json.end_object();
        }
        json.end_array().member("next_page_token", found.next_page_token());
        write_reason(json, file->why_not);
        json.end_object();
        return audited(request, json.take(), "submission " + wanted.submission_id());
    }

    Response findings_answer(const Request& request) const {
        const auto question = question_of(read_with<pb::ListFindingRecordsResponse>(), request);
        const auto found = ask<pb::ListFindingRecordsResponse>(request, *question);
        wire::JsonWriter json;
        json.begin_object().key("records").begin_array();
        std::unique_ptr<OpenedFile> file;
        const std::string* of = nullptr;
        for (const auto& record : found.records()) {
            if (of == nullptr || *of != record.submission_id()) {
                file.reset();
                file = files_.open(record.submission_id(), request);
                of = &record.submission_id();
            }
            json.begin_object();
            json.member("submission_id", record.submission_id());
            json.member("file_name", record.file_name());
            write_record(json, record, *file);
            write_reason(json, file->why_not);
            json.end_object();
        }
        json.end_array().member("next_page_token", found.next_page_token());
        write_reason(json, "");
        json.end_object();
        return audited(request, json.take(), "findings");
    }

    template <class Answer>
    Answer ask(const Request& request, const google::protobuf::Message& question) const {
        const auto answer = parts_.questions.ask(
            {request.bearer, request.acting_agency, steady_clock::now() + answer_within},
            *read_with<Answer>().method, question);
        return std::move(dynamic_cast<Answer&>(*answer));
    }

    static Response audited(const Request& request, std::string body, const std::string& object) {
        Response response;
        response.body = std::move(body);
        response.audit = AuditNote{.action = read_with<pb::ListRecordsResponse>().audit,
                                   .object = object + " of " + request.acting_agency};
        return response;
    }

    RecordParts parts_;
    RecordFiles files_;
};

}  // namespace

std::vector<Route> record_routes(const RecordParts& parts) {
    const auto records = std::make_shared<Records>(parts);
    const auto route = [](const rpc::ReadMethod& read, BlockingEndpoint endpoint) {
        return Route{
            .method = "GET",
            .pattern = "/api/v1" + read.path,
            .allowed = [right = read.right](
                           const identity::Caller& caller) { return identity::may(caller, right); },
            .endpoint = std::move(endpoint),
            .within = page_within};
    };
    return {route(read_with<pb::ListRecordsResponse>(),
                  [records](const Request& request) { return records->of_submission(request); }),
            route(read_with<pb::ListFindingRecordsResponse>(),
                  [records](const Request& request) { return records->of_findings(request); })};
}

}  // namespace chaiqin::gateway
