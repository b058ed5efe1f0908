#include "domain/attribution.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace chaiqin::domain {

namespace {

using Candidates = std::vector<const Post*>;

struct Decision {
    const Post* post = nullptr;
    DecidingStep step = DecidingStep::only_row;
    bool several = false;
};

template <typename Wanted>
void keep_if_any(Candidates& candidates, Wanted wanted) {
    if (std::none_of(candidates.begin(), candidates.end(), wanted)) return;
    std::erase_if(candidates, [&](const Post* post) { return !wanted(post); });
}

int order_of_kind(PostKind kind) {
    switch (kind) {
        case PostKind::primary:
            return 0;
        case PostKind::secondment:
            return 1;
        case PostKind::concurrent:
            return 2;
        case PostKind::acting:
            return 3;
        case PostKind::support:
            return 4;
        case PostKind::unpaid_leave:
            return 5;
    }
    return 6;
}

void keep_best_of_org(Candidates& candidates, std::uint32_t org) {
    int best = 7;
    for (const auto* post : candidates)
        if (post->org == org) best = std::min(best, order_of_kind(post->kind()));
    keep_if_any(candidates, [&](const Post* post) {
        return post->org == org && order_of_kind(post->kind()) == best;
    });
}

const Post* highest_seq(const Candidates& candidates, const CodeTable& codes) {
    return *std::min_element(candidates.begin(), candidates.end(),
                             [&](const Post* a, const Post* b) {
                                 if (a->seq != b->seq) return a->seq > b->seq;
                                 return codes.code(a->authority) < codes.code(b->authority);
                             });
}

/// Step 4 of the rule: the first step that leaves exactly one row decides.
Decision among_several(Candidates candidates, std::uint32_t claimed_org, const CodeTable& codes) {
    const auto decided = [&](DecidingStep step) {
        return Decision{candidates.front(), step, true};
    };
    keep_if_any(candidates, [&](const Post* post) {
        return post->kind() == PostKind::secondment && post->org == claimed_org;
    });
    if (candidates.size() == 1) return decided(DecidingStep::secondment);
    keep_best_of_org(candidates, claimed_org);
    if (candidates.size() == 1) return decided(DecidingStep::org);
    keep_if_any(candidates,
                [](const Post* post) { return post->kind() != PostKind::unpaid_leave; });
    keep_if_any(candidates, [](const Post* post) { return post->kind() == PostKind::primary; });
    if (candidates.size() == 1) return decided(DecidingStep::primary);
    const auto* latest =
        *std::max_element(candidates.begin(), candidates.end(),
                          [](const Post* a, const Post* b) { return a->start < b->start; });
    keep_if_any(candidates, [&](const Post* post) { return post->start == latest->start; });
    if (candidates.size() == 1) return decided(DecidingStep::latest_start);
    return {highest_seq(candidates, codes), DecidingStep::highest_seq, true};
}

DecidingStep why_none(std::span<const Post> posts, Day day) {
    if (posts.empty()) return DecidingStep::no_person;
    Day earliest = open_end, latest = std::numeric_limits<Day>::min();
    for (const auto& post : posts) {
        earliest = std::min(earliest, post.start);
        latest = std::max(latest, post.end);
    }
    if (day < earliest) return DecidingStep::before_first;
    return day > latest ? DecidingStep::after_last : DecidingStep::gap;
}

Decision decide(std::span<const Post> posts, Day day, std::uint32_t claimed_org,
                const CodeTable& codes) {
    // Hand-over: a 本職 row that ends on the day gives way to one that starts on it and goes on.
    const bool handed_over = std::any_of(posts.begin(), posts.end(), [&](const Post& post) {
        return post.kind() == PostKind::primary && post.start == day && post.end > day;
    });
    const auto candidate = [&](const Post& post) {
        return post.covers(day) &&
               !(handed_over && post.kind() == PostKind::primary && post.end == day);
    };
    const Post* found = nullptr;
    int count = 0;
    for (const auto& post : posts) {
        if (!candidate(post)) continue;
        found = &post;
        ++count;
    }
    if (count == 0) return {nullptr, why_none(posts, day), false};
    if (count == 1) return {found, DecidingStep::only_row, false};
    Candidates candidates;
    candidates.reserve(static_cast<std::size_t>(count));
    for (const auto& post : posts)
        if (candidate(post)) candidates.push_back(&post);
    return among_several(std::move(candidates), claimed_org, codes);
}

}  // namespace

std::string_view step_name(DecidingStep step) {
    switch (step) {
        case DecidingStep::only_row:
            return "";
        case DecidingStep::secondment:
            return "SECONDMENT";
        case DecidingStep::org:
            return "ORG";
        case DecidingStep::primary:
            return "PRIMARY";
        case DecidingStep::latest_start:
            return "LATEST_START";
        case DecidingStep::highest_seq:
            return "HIGHEST_SEQ";
        case DecidingStep::no_person:
            return "NO_PERSON";
        case DecidingStep::before_first:
            return "BEFORE_FIRST";
        case DecidingStep::gap:
            return "GAP";
        case DecidingStep::after_last:
            return "AFTER_LAST";
    }
    return "";
}

int outcome::finding_count(LineOutcome value) {
    if ((value & deletion) != 0) return 0;
    return (is_unmatched(value) ? 1 : 0) + std::popcount(static_cast<unsigned>(value & t_bits));
}

Attribution attribute(std::span<const Post> posts, const RecordToMatch& record,
                      const CodeTable& codes) {
    const auto decision = decide(posts, record.day, record.claimed_org, codes);
    Attribution result;
    result.value = static_cast<LineOutcome>(decision.step);
    const bool unpaid = std::any_of(posts.begin(), posts.end(), [&](const Post& post) {
        return post.kind() == PostKind::unpaid_leave && post.covers(record.day);
    });
    if (unpaid) result.value |= outcome::on_unpaid_leave;
    if (decision.several) result.value |= outcome::several;
    if (decision.post == nullptr) return result;
    result.org = decision.post->org;
    if (result.org != record.claimed_org) result.value |= outcome::other_org;
    if (record.last_day != record.day) {
        const auto last = decide(posts, record.last_day, record.claimed_org, codes);
        if (last.post != nullptr && last.post != decision.post) result.value |= outcome::spans;
    }
    return result;
}

}  // namespace chaiqin::domain
