// The form parser: the same parts whatever the pieces, and a clear no to everything malformed.
#include "gateway/ingest/multipart.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace chaiqin::gateway {
namespace {

struct Part {
    std::string name;
    std::optional<std::string> file_name;
    std::string content;
    bool operator==(const Part&) const = default;
};

class Collector final : public PartSink {
public:
    bool begin_part(PartHead head) override {
        parts.push_back({head.name, head.file_name, ""});
        return parts.size() <= most;
    }
    bool part_bytes(std::string_view bytes) override {
        parts.back().content += bytes;
        return true;
    }
    bool end_part() override {
        ++ended;
        return true;
    }
    std::vector<Part> parts;
    std::size_t most = 100, ended = 0;
};

struct Parsed {
    MultipartState state;
    std::vector<Part> parts;
    std::size_t ended;
};

Parsed parse(std::string_view boundary, std::string_view body,
             std::size_t piece = std::string_view::npos) {
    Collector sink;
    MultipartParser parser(boundary, sink);
    for (std::size_t at = 0; at < body.size(); at += std::min(piece, body.size() - at))
        parser.feed(body.substr(at, piece));
    return {parser.state(), sink.parts, sink.ended};
}

std::string part(const std::string& disposition, const std::string& content) {
    return "--b\r\nContent-Disposition: " + disposition +
           "\r\nContent-Type: application/json\r\n\r\n" + content + "\r\n";
}

TEST(Multipart, parts_come_out_the_same_whatever_the_pieces) {
    const std::string tricky = "\r\n--\r\n--a\r\n-\r\r\n--", empty;
    const auto body = "preamble\r\n" +
                      part(R"(form-data; name="file"; filename="a.json")", tricky) +
                      part(R"(form-data; name="file"; filename="b.json")", empty) +
                      part("form-data; name=file", "{}") + "--b--\r\nepilogue --b\r\n";
    const std::vector<Part> expected{
        {"file", "a.json", tricky}, {"file", "b.json", empty}, {"file", std::nullopt, "{}"}};
    for (std::size_t piece = 1; piece <= body.size(); ++piece) {
        const auto parsed = parse("b", body, piece);
        ASSERT_EQ(parsed.state, MultipartState::closed) << piece;
        ASSERT_EQ(parsed.parts, expected) << piece;
        ASSERT_EQ(parsed.ended, 3U);
    }
}

TEST(Multipart, a_part_may_have_no_content_at_all) {
    for (std::size_t piece : {1, 2, 3, 1000}) {
        const auto parsed =
            parse("b", "--b\r\nContent-Disposition: form-data; name=file\r\n\r\n--b--", piece);
        ASSERT_EQ(parsed.state, MultipartState::closed) << piece;
        ASSERT_EQ(parsed.parts.at(0).content, "");
    }
}

TEST(Multipart, content_that_begins_like_a_boundary_is_content) {
    for (std::size_t piece : {1, 2, 5, 1000}) {
        const auto parsed = parse(
            "bbb",
            "--bbb\r\nContent-Disposition: form-data; name=file\r\n\r\n--bb\r\n--bb\r\n--bbb--",
            piece);
        ASSERT_EQ(parsed.state, MultipartState::closed);
        ASSERT_EQ(parsed.parts.at(0).content, "--bb\r\n--bb");
    }
}

TEST(Multipart, what_is_malformed_is_broken) {
    const std::string good = "--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--b";
    EXPECT_EQ(parse("b", good + "x\r\n").state, MultipartState::broken)
        << "something behind a boundary";
    EXPECT_EQ(parse("b", "--b\r\nX: y\r\n\r\nx\r\n--b--").state, MultipartState::broken)
        << "no Content-Disposition";
    EXPECT_EQ(parse("b", "--b\r\n\r\nx\r\n--b--").state, MultipartState::broken) << "no headers";
    EXPECT_EQ(
        parse("b", "--b\r\nContent-Disposition: attachment; name=file\r\n\r\nx\r\n--b--").state,
        MultipartState::broken);
    EXPECT_EQ(parse("b", "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--").state,
              MultipartState::broken)
        << "no name";
    EXPECT_EQ(
        parse("b",
              "--b\r\nContent-Disposition: form-data; name=file\r\nContent-Disposition: form-data; "
              "name=file\r\n\r\n")
            .state,
        MultipartState::broken);
    EXPECT_EQ(parse("b", "--b\r\n" + std::string(20'000, 'a')).state, MultipartState::broken)
        << "headers without end";
    EXPECT_EQ(parse("b", "--b" + std::string(1'000, ' ')).state, MultipartState::broken)
        << "padding without end";
    EXPECT_EQ(parse("b", std::string(100'000, 'a')).state, MultipartState::broken) << "no boundary";
}

TEST(Multipart, what_is_cut_off_stays_open) {
    const std::string whole = "--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--b--";
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(parse("b", whole.substr(0, size)).state, MultipartState::reading) << size;
}

TEST(Multipart, the_sink_can_stop_it) {
    Collector sink;
    sink.most = 2;
    MultipartParser parser("b", sink);
    std::string body;
    for (int i = 0; i < 5; ++i) body += part("form-data; name=file", "x");
    EXPECT_EQ(parser.feed(body), MultipartState::stopped);
    EXPECT_EQ(sink.parts.size(), 3U);
    EXPECT_EQ(parser.feed(body), MultipartState::stopped);
}

TEST(Boundary, is_taken_from_the_content_type) {
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=abc"), "abc");
    EXPECT_EQ(boundary_of("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), "a b");
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=" + std::string(70, 'x')),
              std::string(70, 'x'));
    for (const std::string bad :
         {"multipart/form-data", "multipart/form-data; boundary=",
          "multipart/form-data; boundary=a; boundary=b", "multipart/mixed; boundary=a",
          "multipart/form-data; boundary=\"a ", "multipart/form-data; boundary=\"a \""})
        EXPECT_FALSE(boundary_of(bad)) << bad;
    EXPECT_FALSE(boundary_of("multipart/form-data; boundary=" + std::string(71, 'x')));
}

TEST(Disposition, file_name_star_comes_first) {
    EXPECT_EQ(parse_disposition(
                  R"(form-data; name="file"; filename="a.txt"; filename*=UTF-8''%E5%B7%AE.json)")
                  ->file_name,
              "差.json");
    EXPECT_EQ(parse_disposition(
                  R"(form-data; name="file"; filename*=utf-8'zh-TW'b.json; filename="a.txt")")
                  ->file_name,
              "b.json");
    EXPECT_EQ(
        parse_disposition(R"(form-data; name="file"; filename="a.json"; filename*=big5''%A4.json)")
            ->file_name,
        "a.json");
    EXPECT_EQ(
        parse_disposition(R"(form-data; name="file"; filename="a.json"; filename*=UTF-8''%FF)")
            ->file_name,
        "a.json");
    EXPECT_EQ(parse_disposition(R"(form-data; name="file"; filename="say \"hi\".json")")->file_name,
              R"(say "hi".json)");
    EXPECT_EQ(parse_disposition(R"(form-data; name="file"; filename="C:\dir\a.json")")->file_name,
              R"(C:\dir\a.json)");
    EXPECT_EQ(parse_disposition("form-data; name=file")->file_name, std::nullopt);
    EXPECT_FALSE(parse_disposition(R"(form-data; name="file"; name="other")"));
    EXPECT_FALSE(parse_disposition(R"(form-data; name="file)"));
}

TEST(Disposition, has_names_in_big5_whose_second_byte_is_a_backslash) {
    const auto name = [](const std::string& quoted) {
        const auto head =
            parse_disposition("form-data; name=\"file\"; filename=\"" + quoted + "\"");
        return head ? head->file_name.value_or("") : "no head";
    };
    EXPECT_EQ(name("\xa6\xa8\xa5\x5c"), "\xa6\xa8\xa5\x5c") << "at the end";
    EXPECT_EQ(name("\xa6\xa8\xa5\x5c\x5c.json"), "\xa6\xa8\xa5\x5c\x5c.json");
    EXPECT_EQ(name("\xa6\xa8\\\".json"), "\xa6\xa8\".json") << "an escape is one all the same";
    EXPECT_EQ(name("差\\\".json"), "差\".json");
}

TEST(PartHead, says_whether_its_bytes_stand_for_others) {
    const auto encoded = [](const std::string& line) {
        const auto head = parse_part_head("\r\n" + line +
                                          "\r\nContent-Disposition: form-data; name=\"file\"\r\n");
        return head.value().is_encoded;
    };
    for (const auto* kept :
         {"X: y", "Content-Transfer-Encoding: 8BIT", "content-transfer-encoding:7bit",
          "Content-Transfer-Encoding:  binary ", "Content-Type: application/json; charset=big5"})
        EXPECT_FALSE(encoded(kept)) << kept;
    for (const auto* other :
         {"Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable",
          "Content-Transfer-Encoding: ", "Content-Encoding: gzip", "content-encoding: identity"})
        EXPECT_TRUE(encoded(other)) << other;
    EXPECT_FALSE(parse_part_head("\r\nContent-Transfer-Encoding: 7bit"));
}

}  // namespace
}  // namespace chaiqin::gateway
