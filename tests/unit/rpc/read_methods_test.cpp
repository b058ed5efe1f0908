#include "rpc/read_methods.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "chaiqin/query/v1/query.pb.h"
#include "rpc/metadata.hpp"

namespace chaiqin::rpc {
namespace {

namespace pb = chaiqin::query::v1;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

/// The names that stand in braces.
std::vector<std::string> captures(const std::string& path) {
    static const std::regex name("\\{([^}]*)\\}");
    std::vector<std::string> names;
    for (std::sregex_iterator at(path.begin(), path.end(), name), end; at != end; ++at)
        names.push_back((*at)[1]);
    return names;
}

const pb::Shape& shape(const FieldDescriptor& field) {
    return field.options().GetExtension(pb::as);
}

TEST(ReadMethods, are_all_methods_of_the_service) {
    const auto* service = pb::GetSubmissionRequest::descriptor()->file()->service(0);
    ASSERT_EQ(read_methods().size(), static_cast<std::size_t>(service->method_count()));
    for (const auto& read : read_methods()) EXPECT_EQ(&read_method(*read.method), &read);
    EXPECT_EQ(call_path(*read_methods().front().method),
              "/chaiqin.query.v1.QueryService/GetSubmission");
}

TEST(ReadMethods, say_path_right_and_name_in_the_audit) {
    std::set<std::string> paths;
    for (const auto& read : read_methods()) {
        const auto& name = read.method->name();
        if (!read.path.empty()) {
            EXPECT_EQ(read.path.substr(0, 1), "/") << name;
            EXPECT_TRUE(paths.insert(read.path).second) << name << ": " << read.path << " twice";
        }
        EXPECT_EQ(read.audit.substr(0, 5), "read ") << name;
        EXPECT_NE(read.method->options().GetExtension(pb::read).right(), pb::RIGHT_UNSPECIFIED)
            << name;
    }
}

TEST(ReadMethods, names_in_paths_are_fields_of_the_request) {
    for (const auto& read : read_methods())
        for (const auto& name : captures(read.path)) {
            const auto* field = read.method->input_type()->FindFieldByName(name);
            ASSERT_TRUE(field) << read.path << ": " << name;
            EXPECT_EQ(field->type(), FieldDescriptor::TYPE_STRING) << read.path << ": " << name;
        }
    EXPECT_EQ(captures("/submissions/{submission_id}/findings"),
              std::vector<std::string>{"submission_id"});
}

TEST(ReadMethods, every_answer_names_the_others_whose_data_it_opens_and_hides_them) {
    for (const auto& read : read_methods()) {
        const auto* others = read.method->output_type()->FindFieldByName("others");
        ASSERT_TRUE(others) << read.method->name();
        EXPECT_EQ(others->type(), FieldDescriptor::TYPE_STRING) << read.method->name();
        EXPECT_TRUE(shape(*others).hidden()) << read.method->name();
    }
}

TEST(ReadMethods, lists_are_asked_for_by_the_page) {
    for (const auto& read : read_methods()) {
        const Descriptor &request = *read.method->input_type(),
                         &answer = *read.method->output_type();
        if (answer.FindFieldByName("cursor")) continue;  // a feed has no last page
        const bool is_list = answer.FindFieldByName("next_page_token") != nullptr;
        for (const char* field : {"page_size", "page_token"})
            EXPECT_EQ(request.FindFieldByName(field) != nullptr, is_list)
                << read.method->name() << ": " << field;
    }
}

/// Of every message of query.proto.
TEST(ReadMethods, forms_suit_their_fields) {
    const auto& file = *pb::GetSubmissionRequest::descriptor()->file();
    for (int i = 0; i < file.message_type_count(); ++i)
        for (int j = 0; j < file.message_type(i)->field_count(); ++j) {
            const auto& field = *file.message_type(i)->field(j);
            const auto form = shape(field).form();
            if (form == pb::FORM_TIME)
                EXPECT_EQ(field.type(), FieldDescriptor::TYPE_INT64) << field.full_name();
            if (form == pb::FORM_DAY || form == pb::FORM_MONTH)
                EXPECT_EQ(field.type(), FieldDescriptor::TYPE_INT32) << field.full_name();
            if (shape(field).flat())
                EXPECT_EQ(field.type(), FieldDescriptor::TYPE_MESSAGE) << field.full_name();
        }
}

}  // namespace
}  // namespace chaiqin::rpc
