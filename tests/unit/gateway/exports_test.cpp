#include "gateway/export/exports.hpp"

#include <gtest/gtest.h>
#include <zip.h>

#include "chaiqin/query/v1/query.pb.h"
#include "domain/failure.hpp"
#include "gateway/export/lists.hpp"
#include "gateway/export/members.hpp"
#include "gateway/export/record_columns.hpp"
#include "gateway/export/rows.hpp"
#include "gateway/export/sheet.hpp"
#include "gateway/export/spool_file.hpp"
#include "rpc/read_methods.hpp"
#include "support/run_coroutine.hpp"

namespace chaiqin::gateway {
namespace {

namespace pb = query::v1;
using google::protobuf::Message;

const std::string directory = ::testing::TempDir();

/// Gives the pages that a test has put in, and fails behind them if it says so.
class SetPages final : public rpc::Questions {
public:
    std::unique_ptr<Message> ask(const rpc::Asker&, const google::protobuf::MethodDescriptor&,
                                 const Message&) override {
        throw std::logic_error("a whole list is asked for page by page");
    }
    std::unique_ptr<rpc::Pages> ask_all(const rpc::Asker&,
                                        const google::protobuf::MethodDescriptor&,
                                        const Message&) override {
        struct Given final : rpc::Pages {
            explicit Given(SetPages& of) : all(of) {}
            std::unique_ptr<Message> next() override {
                if (at < all.pages.size())
                    return std::make_unique<pb::ListAgenciesResponse>(all.pages[at++]);
                if (all.fails) throw domain::TransientFailure("away");
                return nullptr;
            }
            SetPages& all;
            std::size_t at = 0;
        };
        if (refuse) throw rpc::Refused(*refuse, "原因", "why");
        return std::make_unique<Given>(*this);
    }

    std::vector<pb::ListAgenciesResponse> pages{1};
    std::optional<rpc::Refused::Why> refuse;
    bool fails = false;
};

class SetRegistry final : public domain::RegistrySource {
public:
    domain::RegistryPtr current() const override { return std::make_shared<domain::Registry>(); }
};

/// For lists that are no records of files.
class NoFiles {
public:
    RecordParts parts(rpc::Questions& questions) { return {questions, sealer_, pending_, shares_}; }

private:
    struct Nothing final : PendingReceipts {
        std::optional<domain::Receipt> find(std::string_view) const override { return {}; }
        bool is_caught_up() const override { return true; }
    };
    crypto::Sealer sealer_{crypto::Keyring()};
    Nothing pending_;
    AgencyShares shares_;
};

class ExportsTest : public ::testing::Test {
protected:
    ExportsTest() {
        routes.push_back(
            {"GET", "/api/v1/agencies", {}, [](const Request&) { return Response(); }});
        routes.push_back({"GET", "/api/v1/format", {}, [](const Request&) { return Response(); }});
        exports.join(routes);
        request->method = "GET";
        request->acting_agency = "Z00000011A";
        request->caller = {"sub", "王小明", "Z00000011A", {}, {identity::Role::agency_clerk}, ""};
    }
    ~ExportsTest() override { exports.stop(); }

    void add_agency(std::size_t page, const std::string& code, const std::string& name) {
        auto& agency = *questions.pages.at(page).add_agencies();
        agency.set_agency(code);
        agency.set_name(name);
    }
    Response get(const std::string& format) {
        request->query = {{"format", format}};
        return testing::run(context, routes.front().whole_list(request));
    }
    std::string content(const Response& response) {
        std::string all;
        while (response.file && all.size() < response.file->bytes())
            all += std::string(testing::run(context, response.file->next()));
        return all;
    }

    SetPages questions;
    SetRegistry registry;
    std::shared_ptr<Request> request = std::make_shared<Request>();
    std::vector<Route> routes;
    NoFiles files;
    Exports exports{{.questions = questions,
                     .records = files.parts(questions),
                     .registry = registry,
                     .now = [] { return domain::parse_rfc3339("2026-11-05T09:31:02Z").value(); },
                     .spool_dir = directory,
                     .most_rows = 2}};
    boost::asio::io_context context;
};

TEST_F(ExportsTest, a_list_is_all_pages_in_one_file_with_two_names) {
    questions.pages.resize(2);
    add_agency(0, "Z00000011A", "甲一局");
    add_agency(1, "Z00000012A", "=甲二局,\"分\"");
    const auto response = get("csv");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "text/csv; charset=utf-8");
    EXPECT_EQ(response.headers.at(0).second,
              "attachment; filename=\"agencies-20261105.csv\"; "
              "filename*=UTF-8''%E6%A9%9F%E9%97%9C-20261105.csv");
    EXPECT_EQ(content(response),
              "\xEF\xBB\xBF機關代碼,機關名稱,主管機關代碼,設立日,裁撤日,承接機關代碼\r\n"
              "Z00000011A,甲一局,,,,\r\n"
              "Z00000012A,\"'=甲二局,\"\"分\"\"\",,,,\r\n");
    ASSERT_TRUE(response.audit) << "every file that leaves is a line";
    EXPECT_EQ(response.audit->object, "Z00000011A, whole as csv");
}

TEST_F(ExportsTest, an_empty_list_is_a_header) {
    EXPECT_EQ(content(get("csv")),
              "\xEF\xBB\xBF機關代碼,機關名稱,主管機關代碼,設立日,裁撤日,承接機關代碼\r\n");
    EXPECT_EQ(content(get("xlsx")).substr(0, 2), "PK");
    EXPECT_EQ(content(get("ods")).substr(30, 54),
              "mimetypeapplication/vnd.oasis.opendocument.spreadsheet");
}

TEST_F(ExportsTest, a_sheet_takes_so_many_rows_and_csv_any_number) {
    for (int i = 0; i < 2; ++i) add_agency(0, "Z", "名");
    EXPECT_EQ(get("xlsx").status, 200);
    EXPECT_EQ(get("ods").status, 200);
    add_agency(0, "Z", "名");
    EXPECT_EQ(get("xlsx").status, 422);
    EXPECT_EQ(get("ods").status, 422);
    EXPECT_EQ(get("csv").status, 200);
}

TEST_F(ExportsTest, a_failure_in_the_middle_is_no_short_file) {
    add_agency(0, "Z", "名");
    questions.fails = true;
    for (const char* format : {"xlsx", "ods", "csv"})
        EXPECT_THROW(get(format), domain::TransientFailure) << format;
    questions.fails = false;
    EXPECT_EQ(get("csv").status, 200) << "a failed export holds no slot";
}

TEST_F(ExportsTest, an_agency_has_one_export_until_its_last_byte_is_sent) {
    {
        const auto under_way = get("csv");
        const auto refused = get("csv");
        EXPECT_EQ(refused.status, 429);
        EXPECT_EQ(refused.headers.at(0).first, "Retry-After");
        request->acting_agency = "Z00000012A";
        EXPECT_EQ(get("csv").status, 200);
    }
    request->acting_agency = "Z00000011A";
    EXPECT_EQ(get("csv").status, 200);
}

TEST_F(ExportsTest, a_gateway_has_eight_exports_at_once) {
    std::vector<Response> under_way;
    for (int i = 0; i < 8; ++i) {
        request->acting_agency = "Z" + std::to_string(i);
        under_way.push_back(get("csv"));
        EXPECT_EQ(under_way.back().status, 200);
    }
    request->acting_agency = "Z8";
    EXPECT_EQ(get("csv").status, 429);
}

TEST_F(ExportsTest, what_cannot_be_had_is_a_problem) {
    EXPECT_EQ(get("xls").status, 400);
    EXPECT_EQ(get("XLSX").status, 400);
    questions.refuse = rpc::Refused::Why::forbidden;
    EXPECT_EQ(get("csv").status, 403);
    questions.refuse = rpc::Refused::Why::bad_request;
    EXPECT_EQ(get("csv").status, 400);
    EXPECT_FALSE(routes.at(1).whole_list) << "a document is no list";
}

TEST_F(ExportsTest, other_agencies_data_are_audited) {
    questions.pages.front().set_others("all agencies");
    const auto response = get("ods");
    ASSERT_TRUE(response.audit);
    EXPECT_EQ(response.audit->action, "read agencies");
    EXPECT_EQ(response.audit->object, "all agencies, whole as ods");
}

TEST(ExportedLists, every_column_is_a_member_of_a_row) {
    std::set<std::string_view> bound;
    for (const auto& list : exported_lists())
        for (const auto& read : rpc::read_methods()) {
            if (read.path != list.path) continue;
            bound.insert(list.path);
            const auto* type = read.method->output_type();
            const auto slash = list.rows.find('/');
            const auto* rows = type->FindFieldByName(std::string(list.rows.substr(0, slash)));
            ASSERT_TRUE(rows && rows->is_repeated()) << list.path;
            const auto* parent = rows->message_type();
            const auto* row = parent;
            if (slash != std::string_view::npos)
                row = parent->FindFieldByName(std::string(list.rows.substr(slash + 1)))
                          ->message_type();
            for (const auto& column : list.columns) {
                // What only a file has, or is made of several members.
                if (column.member.starts_with(record_value) || column.member == "messages")
                    continue;
                EXPECT_TRUE(has_member(*row, column.member) || has_member(*parent, column.member))
                    << list.path << " " << column.member;
            }
            for (const auto& sum : list.sums)
                EXPECT_TRUE(has_member(*type, sum.member)) << list.path << " " << sum.member;
        }
    for (const char* path : {"/statistics/monthly",
                             "/statistics/by-type",
                             "/summary",
                             "/submissions",
                             "/findings",
                             "/submissions/{submission_id}/findings",
                             "/submissions/{submission_id}/groups",
                             "/unmatched",
                             "/reporting-rates/agencies",
                             "/agencies",
                             "/notices",
                             "/table19/loads",
                             "/workbench",
                             "/findings/groups",
                             "/statistics/report",
                             "/statistics/findings",
                             "/reporting-rates/units",
                             "/audit",
                             "/reminders",
                             "/findings/records",
                             "/submissions/{submission_id}/records",
                             "/webhooks/{id}/deliveries",
                             "/table19/loads/{load_id}/rejected"})
        EXPECT_TRUE(bound.contains(path)) << path;
}

TEST(ExportedLists, a_list_stands_once_and_its_caption_can_name_a_sheet) {
    std::set<std::string_view> paths, file_names;
    for (const auto& list : exported_lists()) {
        EXPECT_TRUE(paths.insert(list.path).second) << list.path;
        EXPECT_TRUE(file_names.insert(list.file_name).second) << list.file_name;
        EXPECT_EQ(list.caption.find_first_of("[]:*?/\\"), std::string_view::npos);
        EXPECT_LE(list.caption.size(), 31u * 3);
        for (const auto& column : list.columns)
            EXPECT_EQ(column.form == CellForm::word, column.words != Words::none)
                << list.path << " " << column.heading;
    }
}

Cell cell(const Message& row, ListColumn column) {
    return cell_of(
        column, [&](std::string_view member) { return value_of(row, member); }, domain::Registry(),
        0);
}

TEST(ExportedCells, the_last_of_a_repeated_member) {
    pb::WebhookDelivery row;
    EXPECT_EQ(cell(row, {"", "attempts.last.at", CellForm::number}), Cell());
    for (const std::int64_t at : {3, 5}) row.add_attempts()->set_at(at);
    EXPECT_EQ(cell(row, {"", "attempts.last.at", CellForm::number}), Cell(std::int64_t{5}));
}

TEST(ExportedCells, months_that_an_answer_leaves_out_are_0_and_add_up) {
    pb::AgencyMonths row;
    auto& march = *row.add_months();
    march.set_month(3);
    march.set_leave(5);
    auto& may = *row.add_months();
    may.set_month(5);
    may.set_leave(2);
    EXPECT_EQ(cell(row, {"", "months.3.leave", CellForm::number}), Cell(std::int64_t{5}));
    EXPECT_EQ(cell(row, {"", "months.4.leave", CellForm::number}), Cell(std::int64_t{0}));
    EXPECT_EQ(cell(row, {"", "months.*.leave", CellForm::number}), Cell(std::int64_t{7}));
    EXPECT_EQ(cell(row, {"", "months.*.overtime", CellForm::number}), Cell(std::int64_t{0}));
}

TEST(ExportedCells, what_is_not_known_is_empty_and_codes_have_words) {
    pb::Submission row;
    row.set_state(pb::SUBMISSION_STATE_COUNTED_PARTIAL);
    row.set_received_at(
        domain::parse_rfc3339("2026-11-05T01:31:02.9Z")->time_since_epoch().count());
    EXPECT_EQ(cell(row, {"", "state", CellForm::word, Words::states}), Cell("部分計入"));
    EXPECT_EQ(cell(row, {"", "received_at", CellForm::time}), Cell("2026-11-05 09:31:02"));
    EXPECT_EQ(cell(row, {"", "total", CellForm::number}), Cell());
    EXPECT_EQ(cell(row, {"", "total-dispositions.invalid", CellForm::number}), Cell());
    row.set_total(0);
    EXPECT_EQ(cell(row, {"", "total-dispositions.invalid", CellForm::number}), Cell());
    row.set_total(500);
    row.mutable_dispositions()->set_invalid(2);
    EXPECT_EQ(cell(row, {"", "total-dispositions.invalid", CellForm::number}),
              Cell(std::int64_t{498}));
}

TEST(ExportedCells, members_stand_in_their_parents_place_and_indices_count_from_1) {
    pb::FindingInHistory row;
    row.mutable_finding()->set_code("L18");
    row.mutable_finding()->set_index(0);
    row.set_status(pb::FINDING_STATUS_FIXED);
    EXPECT_EQ(cell(row, {"", "code"}), Cell("L18"));
    EXPECT_EQ(cell(row, {"", "index", CellForm::place}), Cell(std::int64_t{1}));
    EXPECT_EQ(cell(row, {"", "status", CellForm::word, Words::finding_status}), Cell("已更正"));
    EXPECT_EQ(cell(row, {"", "fixed_by"}), Cell());
    pb::RateAgency agency;
    EXPECT_EQ(cell(agency, {"", "on_time", CellForm::yes_no}), Cell("否"));
}

TEST(ExportedCells, columns_that_depend_on_by_are_there_when_it_names_them) {
    const auto headings = [](std::string_view by) {
        std::string all;
        for (const auto& column : shown_columns(*exported_list("/statistics/report"), by))
            all += std::string(column.heading) + " ";
        return all;
    };
    EXPECT_EQ(headings("month,type"), "資料年月 類別 代碼 名稱 筆數 分鐘數 ");
    EXPECT_EQ(headings("kind"), "類別 筆數 分鐘數 ");
    EXPECT_EQ(headings("agency"), "機關代碼 機關名稱 筆數 分鐘數 ");
}

TEST(CsvWriter, only_texts_get_a_quote_in_front) {
    std::vector<std::vector<Cell>> rows{{Cell("-1"), Cell(std::int64_t{-1})},
                                        {Cell("+a"), Cell("@b")},
                                        {Cell("\tc"), Cell("\rd")},
                                        {Cell("a-b"), Cell("兩\r\n行")},
                                        {Cell(), Cell("")}};
    std::size_t at = 0;
    Sheet sheet{.name = "表", .columns = {{"甲"}, {"乙"}}};
    sheet.next_row = [&](std::vector<Cell>& cells) {
        if (at == rows.size()) return false;
        cells = rows[at++];
        return true;
    };
    const SpoolFile file(directory);
    write_csv(sheet, file);
    EXPECT_EQ(
        file.read(0, 1000),
        "\xEF\xBB\xBF甲,乙\r\n'-1,-1\r\n'+a,'@b\r\n'\tc,\"'\rd\"\r\na-b,\"兩\r\n行\"\r\n,\r\n");
}

TEST(SpoolFileTest, it_has_no_name_and_a_bad_directory_is_a_matter_of_configuration) {
    SetPages questions;
    SetRegistry registry;
    NoFiles files;
    EXPECT_THROW(Exports({.questions = questions,
                          .records = files.parts(questions),
                          .registry = registry,
                          .now = [] { return domain::Instant(); },
                          .spool_dir = directory + "/none"}),
                 domain::ConfigError);
}

/// A part of a package that is a ZIP.
std::string part_of(const SpoolFile& file, const char* name) {
    int failure = 0;
    zip_t* package = zip_open(file.path().c_str(), ZIP_RDONLY, &failure);
    zip_file_t* part = package ? zip_fopen(package, name, 0) : nullptr;
    if (!part) return "no " + std::string(name);
    std::string all;
    char piece[4096];
    for (zip_int64_t n; (n = zip_fread(part, piece, sizeof piece)) > 0;)
        all.append(piece, static_cast<std::size_t>(n));
    zip_fclose(part);
    zip_close(package);
    return all;
}

TEST(Xlsx, escapes_what_would_be_read_as_an_escape) {
    const std::vector<std::pair<std::string, std::string>> shown{
        {"a_x0041_b", "a_x005F_x0041_b"},
        {"_x0041_x00ff_", "_x005F_x0041_x005F_x00ff_"},
        {"_X0041_ _x004_ _x0041 _xzzzz_", "_X0041_ _x004_ _x0041 _xzzzz_"},
        {std::string(32'766, 'y') + "_x0041_", std::string(32'766, 'y')},
        {std::string(32'760, 'y') + "_x0041_", std::string(32'760, 'y') + "_x005F_"}};
    std::size_t row = 0;
    const Sheet sheet{.name = "表",
                      .columns = {{"_x0042_", 12}},
                      .next_row =
                          [&](std::vector<Cell>& cells) {
                              if (row == shown.size()) return false;
                              cells = {shown[row++].first};
                              return true;
                          },
                      .about = [] { return std::vector<AboutLine>{}; }};
    const SpoolFile file(directory);
    write_xlsx(sheet, file);
    const auto cells = part_of(file, "xl/worksheets/sheet1.xml");
    EXPECT_NE(cells.find(">_x005F_x0042_<"), std::string::npos) << cells;
    for (const auto& [text, written] : shown)
        EXPECT_NE(cells.find(">" + written + "<"), std::string::npos) << text.substr(0, 40);
}

}  // namespace
}  // namespace chaiqin::gateway
