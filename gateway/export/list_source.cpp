#include "gateway/export/list_source.hpp"

#include "domain/failure.hpp"
#include "gateway/reading/open_reads.hpp"
#include "gateway/reading/reads.hpp"

namespace chaiqin::gateway {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// The repeated messages of one name, gone through from the first on.
struct Level {
    const Message* holder = nullptr;
    const FieldDescriptor* field = nullptr;
    int at = 0;

    const Message* next() {
        if (!field || at >= holder->GetReflection()->FieldSize(*holder, field)) return nullptr;
        return &holder->GetReflection()->GetRepeatedMessage(*holder, field, at++);
    }
};

Level level(const Message& message, std::string_view name) {
    const auto found = find_field(message, name);
    return {found.message, found.field, 0};
}

class PagesSource final : public ListSource {
public:
    PagesSource(std::unique_ptr<rpc::Pages> pages, std::string_view rows)
        : pages_(std::move(pages)),
          outer_(rows.substr(0, rows.find('/'))),
          inner_(rows.find('/') == std::string_view::npos ? std::string_view()
                                                          : rows.substr(rows.find('/') + 1)) {
        turn();
    }

    const RowMembers* next() override {
        while (page_) {
            if (!inner_.empty() && (row_ = inner_level_.next())) return &members_;
            if ((parent_ = outer_level_.next())) {
                if (inner_.empty()) {
                    row_ = parent_;
                    return &members_;
                }
                inner_level_ = level(*parent_, inner_);
                continue;
            }
            turn();
        }
        return nullptr;
    }

    std::optional<std::int64_t> total() const override {
        for (const char* name : {"total_agencies", "total"})
            if (const auto value = value_of(*first_, name);
                const auto* number = std::get_if<std::int64_t>(&value))
                return *number;
        return std::nullopt;
    }
    Value beside(std::string_view member) const override { return value_of(*first_, member); }
    std::string others() const override { return others_; }

private:
    /// To the next page.
    void turn() {
        auto page = pages_->next();
        if (!page && !first_) throw domain::PermanentFailure("query service: a list has no page");
        if (page && others_.empty()) others_ = others_of(*page);
        if (page && !first_) {
            first_.reset(page->New());
            first_->CopyFrom(*page);
            const auto rows = find_field(*first_, outer_);
            if (rows.message == first_.get())
                first_->GetReflection()->ClearField(first_.get(), rows.field);
        }
        page_ = std::move(page);
        inner_level_ = {};
        outer_level_ = page_ ? level(*page_, outer_) : Level{};
    }

    std::unique_ptr<rpc::Pages> pages_;
    std::string outer_, inner_;
    /// The first page without its rows.
    std::unique_ptr<Message> first_, page_;
    Level outer_level_, inner_level_;
    const Message *parent_ = nullptr, *row_ = nullptr;
    std::string others_;
    RowMembers members_ = [this](std::string_view member) {
        auto value = value_of(*row_, member);
        if (row_ != parent_ && std::holds_alternative<std::monostate>(value))
            return value_of(*parent_, member);
        return value;
    };
};

Value day_value(std::optional<domain::Day> day) {
    return day ? Value(std::int64_t{*day}) : Value();
}

class RulesSource final : public ListSource {
public:
    RulesSource(domain::RegistryPtr registry, domain::Day today)
        : registry_(std::move(registry)), rules_(rules_in_force(registry_->rules, today)) {}

    const RowMembers* next() override {
        if (at_ == rules_.size()) return nullptr;
        rule_ = rules_[at_++];
        return &members_;
    }

private:
    Value member(std::string_view name) const {
        if (name == "code") return rule_->code;
        if (name == "scope") return rule_->scope;
        if (name == "severity") return std::string(domain::severity_name(rule_->severity));
        if (name == "field") return rule_->field;
        if (name == "message_zh") return rule_->message_zh;
        if (name == "valid_from") return day_value(rule_->valid_from);
        if (name == "valid_to") return day_value(rule_->valid_to);
        return {};
    }

    domain::RegistryPtr registry_;
    std::vector<const domain::Rule*> rules_;
    std::size_t at_ = 0;
    const domain::Rule* rule_ = nullptr;
    RowMembers members_ = [this](std::string_view name) { return member(name); };
};

class EmptySource final : public ListSource {
public:
    const RowMembers* next() override { return nullptr; }
};

}  // namespace

std::unique_ptr<ListSource> pages_source(std::unique_ptr<rpc::Pages> pages, std::string_view rows) {
    return std::make_unique<PagesSource>(std::move(pages), rows);
}

std::unique_ptr<ListSource> rules_source(domain::RegistryPtr registry, domain::Day today) {
    return std::make_unique<RulesSource>(std::move(registry), today);
}

std::unique_ptr<ListSource> empty_source() { return std::make_unique<EmptySource>(); }

}  // namespace chaiqin::gateway
