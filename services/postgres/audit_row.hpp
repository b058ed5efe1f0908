#pragma once
// A row of intake.audit_day. Read by the gateway's store and by `chaiqin audit`.
#include "domain/audit.hpp"
#include "postgres/binary.hpp"

namespace chaiqin::postgres {

inline domain::AuditDay audit_day_in(const Row& row) {
    return {.day = row.day("day"),
            .ordinal = row.int4("ordinal"),
            .lines = row.int4("lines"),
            .head = row.string("head"),
            .anchor = row.string("anchor")};
}

}  // namespace chaiqin::postgres
