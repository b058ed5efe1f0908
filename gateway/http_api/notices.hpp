#pragma once
// POST /api/v1/notices/{id}/read and /read-all: this person has read it, for the agency acted for.
#include <functional>
#include <vector>

#include "crypto/keyring.hpp"
#include "domain/notice_marks.hpp"
#include "domain/registry.hpp"
#include "gateway/http/route.hpp"

namespace chaiqin::gateway {

struct NoticeParts {
    domain::NoticeMarks& marks;
    const domain::RegistrySource& registry;
    const crypto::Keyring& keys;
    std::function<domain::Instant()> now;
};

/// What is passed must outlive the routes.
std::vector<Route> notice_routes(const NoticeParts& parts);

}  // namespace chaiqin::gateway
