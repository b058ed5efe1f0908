#pragma once
// An open database transaction as the services see it: they pass it to their store, which knows
// what it is. Made and committed by the stage loop's ledger (postgres), never by a service.
namespace chaiqin::domain {

class UnitOfWork {
public:
    UnitOfWork() = default;
    UnitOfWork(const UnitOfWork&) = delete;
    UnitOfWork& operator=(const UnitOfWork&) = delete;
    virtual ~UnitOfWork() = default;
};

}  // namespace chaiqin::domain
