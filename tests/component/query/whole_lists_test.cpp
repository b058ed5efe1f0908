// Whole lists over gRPC: all pages, of one moment, as right and scope say.
#include "query_under_test.hpp"

namespace chaiqin::testing {
namespace {

class WholeLists : public ::testing::Test {
protected:
    template <class Answer>
    std::unique_ptr<rpc::Pages> ask_all(const std::string& who, const std::string& fields = "") {
        const auto& method = method_with<Answer>();
        const auto request = rpc::new_message(*method.input_type());
        fill(*request, fields);
        return q.client->ask_all(q.as(who), method, *request);
    }
    static pb::ListNoticesResponse next(rpc::Pages& pages) {
        const auto page = pages.next();
        return page ? dynamic_cast<const pb::ListNoticesResponse&>(*page)
                    : pb::ListNoticesResponse();
    }
    void add_notices(int from, int to) {
        q.database.run(
            "INSERT INTO notification.notice (kind, agency, intent_key, text, created_at)"
            " SELECT 'deadline_before', 'Z00000011A', 'k' || n, 'text', '2026-11-05'"
            " FROM generate_series($1::int, $2::int) n",
            from, to);
    }

    QueryUnderTest q;
};

TEST_F(WholeLists, all_pages_are_of_the_moment_of_the_first) {
    add_notices(1, 12'000);
    const auto pages = ask_all<pb::ListNoticesResponse>("clerk of 11", "page_size: 3");
    const auto first = next(*pages);
    EXPECT_EQ(first.notices_size(), 5000);
    q.database.run("DELETE FROM notification.notice WHERE id < 1000");
    add_notices(12'001, 12'010);
    const auto second = next(*pages), third = next(*pages);
    EXPECT_EQ(second.notices_size(), 5000);
    EXPECT_EQ(third.notices_size(), 2000);
    EXPECT_EQ(first.notices(0).id(), third.notices(1999).id() + 11'999);
    EXPECT_FALSE(pages->next());
    EXPECT_FALSE(pages->next());
}

TEST_F(WholeLists, a_list_that_is_given_up_gives_its_session_back) {
    add_notices(1, 12'000);
    for (int i = 0; i < 10; ++i) {
        const auto pages = ask_all<pb::ListNoticesResponse>("clerk of 11");
        EXPECT_EQ(next(*pages).notices_size(), 5000);
    }
    EXPECT_EQ(q.ask<pb::ListNoticesResponse>(q.as("clerk of 11")).notices_size(), 20);
}

TEST_F(WholeLists, refusals_come_instead_of_the_first_page) {
    const auto why = [](rpc::Pages& pages) -> std::optional<Why> {
        try {
            (void)pages.next();
        } catch (const rpc::Refused& refused) {
            return refused.why;
        }
        return std::nullopt;
    };
    EXPECT_EQ(why(*ask_all<pb::ListNoticesResponse>("nobody")), Why::forbidden);
    EXPECT_EQ(why(*ask_all<pb::ListNoticesResponse>("stranger")), Why::bad_token);
    EXPECT_EQ(why(*ask_all<pb::ListSubmissionsResponse>("clerk of 11", "agency: 'Z00000021A'")),
              Why::not_found);
    EXPECT_EQ(why(*ask_all<pb::ListSubmissionsResponse>("clerk of 11", "from: 9 to: 8")),
              Why::bad_request);
}

TEST_F(WholeLists, lists_in_memory_and_lists_without_pages_come_whole_too) {
    const auto agencies = ask_all<pb::ListAgenciesResponse>("clerk of 11");
    const auto page = agencies->next();
    EXPECT_EQ(dynamic_cast<const pb::ListAgenciesResponse&>(*page).agencies_size(), 6);
    EXPECT_FALSE(agencies->next());
    const auto types = ask_all<pb::GetStatisticsByTypeResponse>("clerk of 11");
    EXPECT_TRUE(types->next());
    EXPECT_FALSE(types->next());
}

/// A reader's statement has one form a page size (sql.with()); without the one for whole lists the
/// service would abort.
TEST_F(WholeLists, every_list_that_goes_on_can_be_read_whole_by_somebody) {
    const auto submission = q.file(1, "Z00000011A", "2026-11-05 01:00:00Z");
    for (const auto& read : rpc::read_methods()) {
        if (!read.method->output_type()->FindFieldByName("next_page_token")) continue;
        const auto request = rpc::new_message(*read.method->input_type());
        const auto& fields = *request->GetDescriptor();
        const auto* reflection = request->GetReflection();
        if (const auto* id = fields.FindFieldByName("submission_id"))
            reflection->SetString(request.get(), id, submission);
        if (const auto* month = fields.FindFieldByName("month"))
            reflection->SetInt32(request.get(), month, 24321);
        if (const auto* by = fields.FindFieldByName("by"))
            reflection->AddEnumValue(request.get(), by, 1);
        bool answered = false;
        const bool has_object = fields.FindFieldByName("load_id") || fields.FindFieldByName("id");
        for (const char* who : {"clerk of 11", "supervisor of 10", "personnel of 10", "operator"})
            try {
                answered |= q.client->ask_all(q.as(who), *read.method, *request)->next() != nullptr;
            } catch (const rpc::Refused&) {
            }
        EXPECT_TRUE(answered || has_object) << read.method->name();
    }
}

}  // namespace
}  // namespace chaiqin::testing
