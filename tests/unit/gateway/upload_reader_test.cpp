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
    std::variant<std::vector<UploadedFile>, Response> read(const std::string& body,
                                                           UploadUse use = UploadUse::submission,
                                                           std::size_t piece = 64 * 1024) {
        TextBody text(body, piece);
        return testing::run(context_, read_upload(request_, text, budget_, use));
    }
    int status(const std::string& body) {
        const auto read_ = read(body);
        const auto* response = std::get_if<Response>(&read_);
        return response ? response->status : 0;
    }
    static std::string code(const UploadedFile& file) {
        return file.refusal ? std::string(file.refusal->code) : "";
    }
    static std::string form(const std::vector<std::pair<std::string, std::string>>& files) {
        std::string body;
        for (const auto& [name, content] : files)
            body += "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
                    "\"\r\n\r\n" + content + "\r\n";
        return body + "--b--";
    }
    void as_form() { request_.headers["content-type"] = "multipart/form-data; boundary=b"; }

    boost::asio::io_context context_;
    MemoryBudget budget_{32u << 20};
    Request request_{.headers = {{"content-type", "application/json"}}};
};

TEST_F(UploadReaderTest, OneJsonBodyIsOneFile) {
    auto files = std::get<0>(read("{}"));
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].name, "upload.json");
    EXPECT_EQ(files[0].bytes, "{}");
    request_.headers["x-file-name"] = "A123456789%2Ejson";
    EXPECT_EQ(std::get<0>(read("{}"))[0].masked_name, "A12*****89.json");
}

TEST_F(UploadReaderTest, FiveMegabytesAreTakenAndNotOneByteMore) {
    EXPECT_EQ(std::get<0>(read(std::string(most_file_bytes, ' ')))[0].bytes.size(),
              most_file_bytes);
    const auto over = std::get<0>(read(std::string(most_file_bytes + 1, ' ')));
    EXPECT_EQ(code(over[0]), "F02");
    EXPECT_TRUE(over[0].bytes.empty()) << "nothing of it is kept";
    const auto checked = std::get<0>(read(std::string(2 * most_file_bytes, ' '), UploadUse::check));
    EXPECT_EQ(checked[0].bytes.size(), most_file_bytes + 1) << "a check finds F02 itself";
}

TEST_F(UploadReaderTest, OtherTypesAndCodingsAreRefused) {
    for (const auto* type : {"", "text/plain", "application/jsonx", "application/xml"}) {
        request_.headers["content-type"] = type;
        EXPECT_EQ(status("{}"), 415) << type;
    }
    request_.headers["content-type"] = "Application/JSON ; charset=big5";
    EXPECT_EQ(status("{}"), 0);
    request_.headers["content-encoding"] = "gzip";
    EXPECT_EQ(status("{}"), 415);
    request_.headers["content-encoding"] = "Identity";
    EXPECT_EQ(status("{}"), 0);
    request_.headers["x-file-name"] = "a%0A.json";
    EXPECT_EQ(status("{}"), 400);
}

TEST_F(UploadReaderTest, AFormKeepsTheOrderAndRefusesSingleFiles) {
    as_form();
    const auto body = form({{"a.json", "{}"},
                            {"b.txt", "{}"},
                            {"dir/c.json", std::string(most_file_bytes + 1, 'x')},
                            {"d.json", "1"}});
    for (std::size_t piece : {std::size_t{1000}, std::size_t{64 * 1024}, body.size()}) {
        const auto files = std::get<0>(read(body, UploadUse::submission, piece));
        ASSERT_EQ(files.size(), 4U);
        EXPECT_EQ(code(files[0]) + code(files[1]) + code(files[2]) + code(files[3]), "F01F02");
        EXPECT_EQ(files[2].name, "c.json");
        EXPECT_EQ(files[3].bytes, "1");
    }
}

TEST_F(UploadReaderTest, TheEleventhFileRefusesTheRequest) {
    as_form();
    std::vector<std::pair<std::string, std::string>> files(10, {"a.json", "{}"});
    EXPECT_EQ(std::get<0>(read(form(files))).size(), 10U);
    files.emplace_back("a.json", "{}");
    const auto refused = read(form(files));
    EXPECT_EQ(std::get<Response>(refused).status, 413);
    EXPECT_NE(std::get<Response>(refused).body.find("\"F03\""), std::string::npos);
}

TEST_F(UploadReaderTest, ABrokenFormIs400) {
    as_form();
    for (const std::string body :
         {"", "--b--", "{}",
          "--b\r\nContent-Disposition: form-data; name=\"other\"; "
          "filename=\"a.json\"\r\n\r\n{}\r\n--b--",
          "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n{}"})
        EXPECT_EQ(status(body), 400) << body;
    request_.headers["content-type"] = "multipart/form-data";
    EXPECT_EQ(status("--b--"), 400);
}

TEST_F(UploadReaderTest, WhatFindsNoRoomIsSaidSo) {
    as_form();
    MemoryBudget::Share taken(budget_);
    ASSERT_TRUE(taken.try_grow((32u << 20) - 100));
    const auto files = std::get<0>(read(form(
        {{"a.json", std::string(90, ' ')}, {"b.json", std::string(90, ' ')}, {"c.txt", "x"}})));
    EXPECT_FALSE(files[0].has_no_room);
    EXPECT_TRUE(files[1].has_no_room);
    EXPECT_EQ(code(files[2]), "F01");
}

}  // namespace
}  // namespace chaiqin::gateway
