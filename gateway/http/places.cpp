#include "gateway/http/places.hpp"

namespace chaiqin::gateway {

Places::Place::Place(Places& places, Kind kind, std::function<void()> close)
    : places_(places), kind_(kind), close_(std::move(close)) {
    ++places_.count(kind_);
}

Places::Place::~Place() {
    become_busy();
    if (!has_given_way_) --places_.count(kind_);
}

std::list<Places::Place*>& Places::Place::line() {
    if (kind_ == Kind::reserved) return places_.idle_reserved_;
    return is_known_ ? places_.idle_known_ : places_.idle_strangers_;
}

void Places::Place::become_idle() {
    if (stands_in_ || has_given_way_) return;
    stands_in_ = &line();
    at_ = stands_in_->insert(stands_in_->end(), this);
}

void Places::Place::become_busy() {
    if (stands_in_) stands_in_->erase(at_);
    stands_in_ = nullptr;
}

void Places::Place::give_way() {
    become_busy();
    has_given_way_ = true;
    --places_.count(kind_);
    close_();
}

bool Places::first_gives_way(std::list<Place*>& line) {
    if (line.empty()) return false;
    line.front()->give_way();
    return true;
}

bool Places::close_one() {
    return first_gives_way(idle_strangers_) || first_gives_way(idle_known_);
}

std::optional<Places::Kind> Places::make_room() {
    if (taken_ < most_ || close_one()) return Kind::ordinary;
    if (taken_reserved_ < most_reserved_ || first_gives_way(idle_reserved_)) return Kind::reserved;
    return std::nullopt;
}

}  // namespace chaiqin::gateway
