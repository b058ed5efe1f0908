// From body to files: limits while the bytes arrive, one JSON body or a form.
#include "gateway/ingest/upload_reader.hpp"

#include <gtest/gtest.h>

#include "support/run_coroutine.hpp"

namespace chaiqin::gateway {
namespace {

/// A body over a string, in pieces.
class TextBody final : public Body {
public:
    TextBody(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
    boost::asio::awaitable<std::string_view> next() override {
        const auto piece = std::string_view(text_).substr(at_, piece_);
        at_ += piece.size();
        co_return piece;
    }
    std::optional<std::uint64_t> declared_bytes() const override { return text_.size(); }

private:
    std::string text_;
    std::size_t piece_, at_ = 0;
};

class UploadReaderTest : public ::testing::Test {
protected:
    std::variant<std::vector<UploadedFile>, UploadRefusal> read(
        const std::string& body, UploadUse use = UploadUse::submission,
        std::size_t piece = 64 * 1024) {
        TextBody text(body, piece);
        return testing::run(context_, read_upload(head_, text, budget_, use));
    }
    /// Empty if the upload is taken.
    std::optional<UploadRefusal> refusal(const std::string& body) {
        const auto files_or_refusal = read(body);
        const auto* refused = std::get_if<UploadRefusal>(&files_or_refusal);
        return refused ? std::optional(*refused) : std::nullopt;
    }
    static std::string form(const std::vector<std::pair<std::string, std::string>>& files) {
        std::string body;
        for (const auto& [name, content] : files)
            body += "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
                    "\"\r\n\r\n" + content + "\r\n";
        return body + "--b--";
    }
    void as_form() { head_.content_type = "multipart/form-data; boundary=b"; }

    boost::asio::io_context context_;
    MemoryBudget budget_{32u << 20};
    UploadHead head_{.content_type = "application/json", .content_encoding = "", .file_name = {}};
};

TEST_F(UploadReaderTest, one_json_body_is_one_file) {
    auto files = std::get<0>(read("{}"));
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].name, "upload.json");
    EXPECT_EQ(files[0].bytes, "{}");
    head_.file_name = "A123456789%2Ejson";
    EXPECT_EQ(std::get<0>(read("{}"))[0].masked_name, "A12*****89.json");
}

TEST_F(UploadReaderTest, five_megabytes_are_taken_and_not_one_byte_more) {
    EXPECT_EQ(std::get<0>(read(std::string(most_file_bytes, ' ')))[0].bytes.size(),
              most_file_bytes);
    const auto over = std::get<0>(read(std::string(most_file_bytes + 1, ' ')));
    EXPECT_EQ(over[0].refusal, FileRefusal::too_large);
    EXPECT_TRUE(over[0].bytes.empty()) << "nothing of it is kept";
    const auto checked = std::get<0>(read(std::string(2 * most_file_bytes, ' '), UploadUse::check));
    EXPECT_EQ(checked[0].bytes.size(), most_file_bytes + 1) << "a check finds F02 itself";
}

TEST_F(UploadReaderTest, other_types_and_codings_are_refused) {
    for (const auto* type : {"", "text/plain", "application/jsonx", "application/xml"}) {
        head_.content_type = type;
        EXPECT_EQ(refusal("{}"), UploadRefusal(UploadFault::other_media_type)) << type;
    }
    head_.content_type = "Application/JSON ; charset=big5";
    EXPECT_FALSE(refusal("{}"));
    head_.content_encoding = "gzip";
    EXPECT_EQ(refusal("{}"), UploadRefusal(UploadFault::compressed));
    head_.content_encoding = "Identity";
    EXPECT_FALSE(refusal("{}"));
    head_.file_name = "a%0A.json";
    EXPECT_EQ(refusal("{}"), UploadRefusal(UploadFault::bad_file_name));
}

TEST_F(UploadReaderTest, a_form_keeps_the_order_and_refuses_single_files) {
    as_form();
    const auto body = form({{"a.json", "{}"},
                            {"b.txt", "{}"},
                            {"dir/c.json", std::string(most_file_bytes + 1, 'x')},
                            {"d.json", "1"}});
    for (std::size_t piece : {std::size_t{1000}, std::size_t{64 * 1024}, body.size()}) {
        const auto files = std::get<0>(read(body, UploadUse::submission, piece));
        ASSERT_EQ(files.size(), 4U);
        EXPECT_FALSE(files[0].refusal);
        EXPECT_EQ(files[1].refusal, FileRefusal::not_json);
        EXPECT_EQ(files[2].refusal, FileRefusal::too_large);
        EXPECT_FALSE(files[3].refusal);
        EXPECT_EQ(files[2].name, "c.json");
        EXPECT_EQ(files[3].bytes, "1");
    }
}

TEST_F(UploadReaderTest, a_part_in_another_encoding_is_refused_alone) {
    as_form();
    const auto part = [](const std::string& name, const std::string& line) {
        return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
               "\"\r\n" + line + "\r\n\r\n{}\r\n";
    };
    const auto body = part("a.json", "Content-Transfer-Encoding: base64") +
                      part("b.json", "Content-Transfer-Encoding: binary") +
                      part("c.json", "Content-Encoding: gzip") + "--b--";
    const auto files = std::get<0>(read(body));
    ASSERT_EQ(files.size(), 3U);
    EXPECT_EQ(files[0].refusal, FileRefusal::encoded_part);
    EXPECT_FALSE(files[1].refusal);
    EXPECT_EQ(files[2].refusal, FileRefusal::encoded_part);
    EXPECT_TRUE(files[0].bytes.empty()) << "nothing of it is kept";
    EXPECT_EQ(std::get<1>(read(body, UploadUse::check)), UploadRefusal(UploadFault::encoded_part));
}

TEST_F(UploadReaderTest, a_name_in_big5_is_taken) {
    as_form();
    const auto files = std::get<0>(read(form({{"\xa6\xa8\xa5\x5c.json", "{}"}})));
    EXPECT_EQ(files.at(0).name, "成功.json");
    EXPECT_FALSE(files.at(0).refusal);
}

TEST_F(UploadReaderTest, the_eleventh_file_refuses_the_request) {
    as_form();
    std::vector<std::pair<std::string, std::string>> files(10, {"a.json", "{}"});
    EXPECT_EQ(std::get<0>(read(form(files))).size(), 10U);
    files.emplace_back("a.json", "{}");
    EXPECT_EQ(refusal(form(files)), UploadRefusal(UploadFault::too_many_files));
}

TEST_F(UploadReaderTest, a_broken_form_is_refused_with_its_fault) {
    as_form();
    const auto part = [](const std::string& head) {
        return "--b\r\nContent-Disposition: form-data; " + head + "\r\n\r\n{}";
    };
    const std::vector<std::pair<std::string, UploadRefusal>> broken{
        {"", UploadFault::unfinished},
        {"{}", UploadFault::unfinished},
        {"--b--", UploadFault::no_files},
        {part("name=\"other\"; filename=\"a.json\"") + "\r\n--b--", UploadFault::other_field},
        {part("name=\"file\""), UploadFault::unfinished},
        {part("filename=\"a.json\""), FormFault::part_without_disposition},
        {"--bxy", FormFault::text_after_boundary},
        {"--b\r\nX: " + std::string(9'000, 'x'), FormFault::long_part_header},
        {std::string(70'000, 'x'), FormFault::begins_without_boundary}};
    for (const auto& [body, wanted] : broken)
        EXPECT_EQ(refusal(body), wanted) << body.substr(0, 100);
    head_.content_type = "multipart/form-data";
    EXPECT_EQ(refusal("--b--"), UploadRefusal(UploadFault::bad_boundary));
}

TEST_F(UploadReaderTest, what_finds_no_room_is_said_so) {
    as_form();
    MemoryBudget::Share taken(budget_);
    ASSERT_TRUE(taken.try_grow((32u << 20) - 100));
    const auto files = std::get<0>(read(form(
        {{"a.json", std::string(90, ' ')}, {"b.json", std::string(90, ' ')}, {"c.txt", "x"}})));
    EXPECT_FALSE(files[0].has_no_room);
    EXPECT_TRUE(files[1].has_no_room);
    EXPECT_EQ(files[2].refusal, FileRefusal::not_json);
}

}  // namespace
}  // namespace chaiqin::gateway
