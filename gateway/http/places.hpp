#pragma once
// The places that a server has for connections. When all are taken, the connection that has been
// idle for longest gives its place to a new one: first among those that never showed a good token,
// then among the others. Idle is who has no request under way: the header of the next one is not
// complete, or the answer has been sent. A few places more are for operations: a connection that
// gets one is let ask for nothing else. Used on the io thread only.
#include <functional>
#include <list>
#include <optional>

namespace chaiqin::gateway {

class Places {
public:
    Places(std::size_t most, std::size_t reserved) : most_(most), most_reserved_(reserved) {}

    enum class Kind { ordinary, reserved };

    /// One connection's, as long as that lasts.
    class Place {
    public:
        /// `close` makes the connection end soon; called at most once, and only while it is idle.
        Place(Places& places, Kind kind, std::function<void()> close);
        ~Place();
        Place(const Place&) = delete;

        /// No request is under way. Who is idle already stays where it is in the line.
        void become_idle();
        void become_busy();
        /// It has shown a good token.
        void become_known() { is_known_ = true; }
        Kind kind() const { return kind_; }

    private:
        friend class Places;
        std::list<Place*>& line();
        void give_way();

        Places& places_;
        Kind kind_;
        std::function<void()> close_;
        bool is_known_ = false, has_given_way_ = false;
        /// The line that it stands in; null while it is busy.
        std::list<Place*>* stands_in_ = nullptr;
        std::list<Place*>::iterator at_;
    };

    /// Which place a new connection gets; closes an idle one if there is none left. Empty: none.
    std::optional<Kind> make_room();
    /// Closes the connection that would give way next; for a process without file descriptors.
    bool close_one();
    std::size_t taken() const { return taken_ + taken_reserved_; }

private:
    static bool first_gives_way(std::list<Place*>& line);
    std::size_t& count(Kind kind) { return kind == Kind::ordinary ? taken_ : taken_reserved_; }

    std::size_t most_, most_reserved_, taken_ = 0, taken_reserved_ = 0;
    std::list<Place*> idle_strangers_, idle_known_, idle_reserved_;
};

}  // namespace chaiqin::gateway
