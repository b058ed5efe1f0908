#include "gateway/reading/reads.hpp"

#include <algorithm>
#include <memory>

#include "domain/failure.hpp"
#include "gateway/http/refusal.hpp"
#include "gateway/reading/answer_json.hpp"
#include "gateway/reading/enum_names.hpp"
#include "gateway/reading/parameters.hpp"
#include "identity/access.hpp"
#include "rpc/read_methods.hpp"
#include "rpc/submission_message.hpp"
#include "wire/receipt_json.hpp"

namespace chaiqin::gateway {

namespace {

using google::protobuf::Message;
using identity::Right;
using rpc::ReadMethod;
using rpc::Refused;
using std::chrono::milliseconds;
namespace pb = query::v1;

/// A little less than the server gives an endpoint, so that the reason for a late answer is known
/// here.
constexpr milliseconds answer_within{1400};
constexpr milliseconds shortest_pause{15}, longest_pause{250};

class Reads {
public:
    explicit Reads(const ReadParts& parts) : parts_(parts) {}

    Response answer(const ReadMethod& read, const Request& request) const {
        try {
            const auto wait = read.can_wait ? wait_of(request) : std::nullopt;
            const auto found = ask(read, request);
            Response response;
            response.body = to_json(*found);
            if (const auto others = others_of(*found); !others.empty())
                response.audit = AuditNote{read.audit, others};
            response.ask_again_after = pause_before_next(*found, request, wait);
            return response;
        } catch (const Refused& why) {
            return answer_with(why);
        }
    }

    /// Whoever may read the submission may have its receipt again.
    Response receipt(const ReadMethod& read, const Request& request) const {
        try {
            const auto found = ask(read, request);
            const auto& answer = dynamic_cast<const pb::GetSubmissionResponse&>(*found);
            const auto receipt = wire::receipt_json(rpc::read_receipt(answer.submission()));
            wire::JsonWriter json;
            json.begin_object()
                .key("receipt")
                .raw(receipt)
                .member("receipt_jws", parts_.signer.sign(receipt))
                .end_object();
            Response response;
            response.body = json.take();
            if (!answer.others().empty())
                response.audit = AuditNote{"read receipt", answer.others()};
            return response;
        } catch (const Refused& why) {
            return answer_with(why);
        }
    }

private:
    std::unique_ptr<Message> ask(const ReadMethod& read, const Request& request) const {
        const auto question = question_of(read, request);
        const bool all_receipts_are_known = parts_.pending.is_caught_up();
        const auto pending = pending_receipt(*question, request);
        try {
            return parts_.questions.ask({request.bearer, request.acting_agency,
                                         std::chrono::steady_clock::now() + answer_within},
                                        *read.method, *question);
        } catch (const Refused& why) {
            if (why.why != Refused::Why::not_found) throw;
            if (pending) return answer_of_pending(read, *pending, request);
            if (submission_in(*question) && !all_receipts_are_known)
                throw domain::TransientFailure(receipts_are_read_back);
            throw;
        }
    }

    /// Null if the question is not about one.
    static const google::protobuf::FieldDescriptor* submission_in(const Message& question) {
        return question.GetDescriptor()->FindFieldByName("submission_id");
    }

    /// The receipt of the asked submission if it is on its way to the database and the caller may
    /// read it. To be looked for before the database is asked: one that is stored in between is
    /// neither in the answer nor here any more.
    std::optional<domain::Receipt> pending_receipt(const Message& question,
                                                   const Request& request) const {
        const auto* field = submission_in(question);
        if (!field) return std::nullopt;
        auto receipt = parts_.pending.find(question.GetReflection()->GetString(question, field));
        if (!receipt || !may_read(*receipt, request)) return std::nullopt;
        return receipt;
    }

    bool may_read(const domain::Receipt& receipt, const Request& request) const {
        const auto scope =
            identity::scope_of(request.caller, request.acting_agency, Right::read_submissions);
        const bool directly = std::find(scope.agencies.begin(), scope.agencies.end(),
                                        receipt.agency) != scope.agencies.end();
        return directly || scope.everything ||
               identity::covers(scope, receipt.agency, parts_.registry.current()->agencies,
                                domain::taipei_day(parts_.now()));
    }

    /// RECEIVED; its lists are empty.
    static std::unique_ptr<Message> answer_of_pending(const ReadMethod& read,
                                                      const domain::Receipt& receipt,
                                                      const Request& request) {
        auto answer = rpc::new_message(*read.method->output_type());
        auto* submission = dynamic_cast<pb::GetSubmissionResponse*>(answer.get());
        if (!submission) return answer;
        rpc::write_receipt(receipt, *submission->mutable_submission());
        rpc::write_state(domain::SubmissionState::received, *submission->mutable_submission());
        if (receipt.agency != request.caller.agency)
            submission->set_others("submission " + receipt.submission_id + " of " + receipt.agency);
        return answer;
    }

    /// When to ask again for what is waited for; nothing: this is the answer.
    static std::optional<milliseconds> pause_before_next(
        const Message& answer, const Request& request,
        const std::optional<std::chrono::seconds>& wait) {
        const auto waited = std::chrono::steady_clock::now() - request.arrived_at;
        if (!wait || waited >= *wait || is_waited_for(answer)) return std::nullopt;
        const auto left =
            std::chrono::duration_cast<milliseconds>(*wait - waited) + milliseconds(1);
        const auto pause = std::chrono::duration_cast<milliseconds>(waited / 8);
        return std::min(left, std::clamp(pause, shortest_pause, longest_pause));
    }

    static bool is_waited_for(const Message& answer) {
        if (const auto* one = dynamic_cast<const pb::GetSubmissionResponse*>(&answer))
            return has_ended(one->submission());
        const auto& changes = dynamic_cast<const pb::ListFindingChangesResponse&>(answer);
        return changes.changes_size() > 0;
    }

    static bool has_ended(const pb::Submission& submission) {
        const auto* value = pb::SubmissionState_descriptor()->FindValueByNumber(submission.state());
        const auto state = domain::parse_state(enum_name(*value));
        return state && domain::ends_wait(*state);
    }

    ReadParts parts_;
};

}  // namespace

std::string others_of(const Message& answer) {
    const auto* field = answer.GetDescriptor()->FindFieldByName("others");
    return field ? answer.GetReflection()->GetString(answer, field) : "";
}

std::vector<Route> read_routes(const ReadParts& parts) {
    const auto reads = std::make_shared<const Reads>(parts);
    std::vector<Route> routes;
    for (const auto& read : rpc::read_methods()) {
        if (read.path.empty() || read.composed) continue;
        const auto may = [right = read.right](const identity::Caller& caller) {
            return identity::may(caller, right);
        };
        routes.push_back(
            {"GET", "/api/v1" + read.path, may,
             [reads, &read](const Request& request) { return reads->answer(read, request); }});
        if (read.method->output_type() == pb::GetSubmissionResponse::descriptor())
            routes.push_back(
                {"GET", "/api/v1" + read.path + "/receipt", may,
                 [reads, &read](const Request& request) { return reads->receipt(read, request); }});
    }
    return routes;
}

}  // namespace chaiqin::gateway
