// Records of files: what is asked of the query service, what is opened, and what leaves the
// gateway.
#include "gateway/reading/records.hpp"

#include <gtest/gtest.h>

#include "chaiqin/query/v1/query.pb.h"
#include "domain/failure.hpp"
#include "rpc/read_methods.hpp"
#include "support/received_files.hpp"

namespace chaiqin::gateway {
namespace {

using google::protobuf::Message;
using rpc::Refused;
namespace pb = query::v1;

const std::string id = testing::submission(1);

/// Answers by the type that is asked for, and remembers each question.
class SetAnswers final : public rpc::Questions {
public:
    std::unique_ptr<Message> ask(const rpc::Asker& asker,
                                 const google::protobuf::MethodDescriptor& method,
                                 const Message& request) override {
        last_asker = asker;
        asked.push_back(method.name());
        if (refuse) throw Refused(*refuse, "原因", "why");
        if (method.output_type() == pb::ListRecordsResponse::descriptor())
            wanted = dynamic_cast<const pb::ListRecordsRequest&>(request);
        for (const Message* answer :
             {static_cast<const Message*>(&sealed), static_cast<const Message*>(&records),
              static_cast<const Message*>(&found)})
            if (answer->GetDescriptor() == method.output_type()) {
                std::unique_ptr<Message> copy(answer->New());
                copy->CopyFrom(*answer);
                return copy;
            }
        throw std::logic_error("not asked by records");
    }
    std::unique_ptr<rpc::Pages> ask_all(const rpc::Asker&,
                                        const google::protobuf::MethodDescriptor&,
                                        const Message&) override {
        throw std::logic_error("no whole list is read here");
    }
    pb::GetSealedFileResponse sealed;
    pb::ListRecordsResponse records;
    pb::ListFindingRecordsResponse found;
    pb::ListRecordsRequest wanted;
    std::optional<Refused::Why> refuse;
    rpc::Asker last_asker;
    std::vector<std::string> asked;
};

class OneWaiting final : public PendingReceipts {
public:
    std::optional<domain::Receipt> find(std::string_view asked) const override {
        if (asked != receipt.submission_id) return std::nullopt;
        return receipt;
    }
    bool is_caught_up() const override { return all_is_known; }
    bool all_is_known = true;
    domain::Receipt receipt{
        testing::submission(9), testing::sender, "a.json", "WEBITR", 10, "ab", {}};
};

class Records : public ::testing::Test {
protected:
    Records() {
        routes = record_routes({questions, sealer, pending, shares});
        request.captures = {id};
        request.caller = {"sub", "", testing::sender, {}, {identity::Role::agency_clerk}, "portal"};
        request.acting_agency = testing::sender;
        request.bearer = "token";
        request.arrived_at = std::chrono::steady_clock::now();
        put(testing::good_file());
    }
    void put(const std::string& content) {
        questions.sealed.set_submission_id(id);
        questions.sealed.set_agency(testing::sender);
        questions.sealed.set_file_name("upload.json");
        questions.sealed.set_judged(true);
        questions.sealed.set_sealed(
            sealer.seal(crypto::pack_file("upload.json", content), testing::sender, id));
    }
    template <class Response>
    static pb::Record& add(Response& to, pb::FindingKind kind, std::uint32_t index) {
        auto& record = *to.add_records();
        record.set_submission_id(id);
        record.set_file_name("upload.json");
        record.set_kind(kind);
        record.set_index(index);
        return record;
    }
    Response get(const std::string& path) {
        for (const auto& route : routes)
            if (route.pattern == "/api/v1" + path) return route.endpoint(request);
        ADD_FAILURE() << "no route " << path;
        return {};
    }
    Response of_submission() { return get("/submissions/{submission_id}/records"); }
    static bool says(const Response& response, const std::string& text) {
        return response.body.find(text) != std::string::npos;
    }

    crypto::Keyring keys = testing::test_keys();
    crypto::Sealer sealer{keys};
    SetAnswers questions;
    OneWaiting pending;
    AgencyShares shares;
    std::vector<Route> routes;
    Request request;
};

TEST_F(Records, only_a_clerk_may_ask) {
    using identity::Role;
    for (const auto& route : routes) {
        EXPECT_TRUE(route.allowed(request.caller)) << route.pattern;
        for (const auto role :
             {Role::supervisor, Role::personnel_office, Role::operator_, Role::auditor}) {
            auto other = request.caller;
            other.roles = {role};
            EXPECT_FALSE(route.allowed(other)) << route.pattern;
        }
    }
}

TEST_F(Records, a_record_has_its_values_masked_and_its_findings) {
    auto& finding = *add(questions.records, pb::FINDING_KIND_LEAVE, 0).add_findings();
    finding.set_code("L18");
    finding.set_field("location");
    questions.records.set_next_page_token("next");
    const auto response = of_submission();
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_TRUE(says(response, R"("kind":"leave","index":0,"values":{"action":"A")"));
    EXPECT_TRUE(says(response, R"("person_id":"A12*****89","person_name":"王○")")) << response.body;
    EXPECT_TRUE(says(response, R"("reason":"休假")"));
    EXPECT_TRUE(says(response, R"("code":"L18")"));
    EXPECT_TRUE(says(response, R"("next_page_token":"next","reason":null})"));
    EXPECT_FALSE(says(response, "A123456789"));
    EXPECT_FALSE(says(response, "王小明"));
}

TEST_F(Records, the_question_knows_how_many_records_the_opened_file_has) {
    request.query = {{"with", "all"}, {"page_size", "7"}, {"leave_count", "999"}};
    of_submission();
    EXPECT_EQ(questions.wanted.with(), pb::RECORDS_WANTED_ALL);
    EXPECT_EQ(questions.wanted.page_size(), 7);
    EXPECT_EQ(questions.wanted.leave_count(), 1U);
    EXPECT_EQ(questions.wanted.overtime_count(), 1U);
    EXPECT_EQ(questions.last_asker.bearer, "token");
    EXPECT_EQ(questions.last_asker.acting_agency, testing::sender);
}

TEST_F(Records, every_answer_has_its_audit_line_also_of_the_own_agency) {
    const auto response = of_submission();
    ASSERT_TRUE(response.audit);
    EXPECT_EQ(response.audit->action, "read records");
    EXPECT_EQ(response.audit->object, "submission " + id + " of " + testing::sender);
    ASSERT_TRUE(get("/findings/records").audit);
}

TEST_F(Records, why_there_are_no_records) {
    const auto reason = [&] {
        const auto response = of_submission();
        EXPECT_EQ(response.status, 200);
        const std::string start = R"({"records":[],"next_page_token":"","reason":")";
        return says(response, start) ? response.body.substr(start.size()) : response.body;
    };
    put("no JSON");
    EXPECT_EQ(reason(), "unreadable\"}");
    questions.sealed.clear_sealed();
    EXPECT_EQ(reason(), "expired\"}");
    questions.sealed.set_judged(false);
    EXPECT_EQ(reason(), "pending\"}");
    EXPECT_EQ(questions.asked, std::vector<std::string>(3, "GetSealedFile"));
    questions.refuse = Refused::Why::not_found;
    request.captures = {pending.receipt.submission_id};
    EXPECT_EQ(reason(), "pending\"}");
}

TEST_F(Records, nothing_is_not_found_before_all_receipts_are_read_back) {
    questions.refuse = Refused::Why::not_found;
    pending.all_is_known = false;
    EXPECT_THROW(of_submission(), domain::TransientFailure);
    pending.all_is_known = true;
    EXPECT_EQ(of_submission().status, 404);
}

TEST_F(Records, a_file_of_another_agency_is_not_found) {
    questions.refuse = Refused::Why::not_found;
    EXPECT_EQ(of_submission().status, 404);
    request.captures = {pending.receipt.submission_id};
    request.acting_agency = "Z00000003C";
    EXPECT_EQ(of_submission().status, 404) << "a receipt that waits is another agency's, too";
}

TEST_F(Records, a_file_that_does_not_open_is_our_fault_and_says_nothing_of_it) {
    questions.sealed.set_agency("Z00000003C");
    EXPECT_THROW(of_submission(), domain::PermanentFailure);
    questions.sealed.set_agency(testing::sender);
    EXPECT_EQ(of_submission().status, 200) << "its turn was given back";
}

TEST_F(Records, records_of_all_findings_name_their_file_and_open_it_once) {
    add(questions.found, pb::FINDING_KIND_LEAVE, 0);
    add(questions.found, pb::FINDING_KIND_OVERTIME, 0);
    const auto response = get("/findings/records");
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_TRUE(says(response, "{\"submission_id\":\"" + id + R"(","file_name":"upload.json",)"));
    EXPECT_TRUE(says(response, R"("overtime_minutes":120)"));
    EXPECT_FALSE(says(response, "A123456789"));
    EXPECT_EQ(questions.asked, (std::vector<std::string>{"ListFindingRecords", "GetSealedFile"}));
    questions.sealed.clear_sealed();
    EXPECT_TRUE(
        says(get("/findings/records"), R"("values":null,"findings":[],"reason":"expired")"));
}

TEST_F(Records, bad_parameters_are_refused_before_a_file_is_asked_for) {
    request.query = {{"with", "some"}};
    EXPECT_EQ(of_submission().status, 400);
    request.query = {{"page_size", "101"}};
    EXPECT_EQ(of_submission().status, 400);
    EXPECT_TRUE(questions.asked.empty());
}

}  // namespace
}  // namespace chaiqin::gateway
