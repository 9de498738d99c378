// Successive halving (DESIGN 5.3): many candidates train a little, few train long. Who goes on is decided whenever one has come to a
// rung's end, without waiting for the others (asynchronous, as Li et al., MLSys 2020): those in the best 1/factor of all that have come so
// far. One that is not among them now may be later, when worse ones have come.
//
//     rung 0: train to epoch 1 ---best third---> rung 1: to epoch 3 ---best third---> rung 2: to the last
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace synoscope {

class Halving
{
public:
    // From `first` epochs to all of them, `factor` times as many from rung to rung. A factor below 2: one rung, no halving.
    Halving(int epochs, int first, int factor);

    int rungs() const { return static_cast<int>(ends_.size()); }
    int endOf(int rung) const { return ends_[static_cast<std::size_t>(rung)]; } // in epochs
    // The rung that ends there; the last for what lies beyond all.
    int rungAt(int epoch) const;

    // Also after it was dropped: it was tried again. `hopeless`: it counts among those that have come, and does not go on (a milestone stopped it).
    void finished(std::int64_t candidate, int rung, double accuracy, bool hopeless = false);
    void drop(std::int64_t candidate); // it failed: it never goes on

    struct Promotion
    {
        std::int64_t candidate = 0;
        int rung = 0; // to train on now
    };
    // Who is to go on, the highest rungs and there the best first. Each is given out once.
    std::optional<Promotion> next();
    // Whether it may still go on soon: it is within the best 2/factor of its rung.
    bool near(std::int64_t candidate, int rung) const;

private:
    struct Rung
    {
        std::multimap<double, std::int64_t, std::greater<>> arrived; // by accuracy, the best first
        std::set<std::int64_t> gone;                                 // promoted, dropped or hopeless
    };

    int factor_;
    std::vector<int> ends_;
    std::vector<Rung> rungs_;
};

// Lets through what is within the best share of all scores so far. The first few pass: there is nothing to compare them with.
class ProxyFilter
{
public:
    explicit ProxyFilter(double share) : share_(share) {}

    // A score that is no number is worse than all others. The same candidate again replaces its score.
    bool passes(std::int64_t candidate, double score);

private:
    double share_;
    std::map<std::int64_t, double> scores_;
};

} // namespace synoscope
