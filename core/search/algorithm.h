// How a search chooses: one interface, implementations registered by name.
//
//   mcts        upper confidence bounds on the tree                       mcts.cpp
//   random      rollouts from the root                                    random_search.cpp
//   beam        the best few states of each depth, then those of the next beam.cpp
//   evolution   regularised evolution of paths                            evolution.cpp
//   prospector  a forest learned on the way screens mutated paths         prospector.cpp
//
// The engine walks down the tree and asks at each node what to do; it keeps the books (statistics, steering, in-flight
// counts, closed nodes) for all algorithms alike. Calls come under the engine's lock: an algorithm may keep state, and
// must be quick. What takes longer is done by a Guide, without the lock.
//
// What an algorithm keeps must follow from the lessons alone: a resumed search is taught them again, in the same order.
#pragma once

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/search/iterations.h"
#include "core/search/rave.h"
#include "core/search/walk.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace synoscope {

// What an algorithm sees of the place where it has to choose.
struct Situation
{
    const Tree& tree;
    const StepTable& steps;
    const Rave& rave;
    TreeNodeId node{};
    std::span<const std::uint32_t> open; // edges that may be followed
    std::uint16_t unseenKinds = 0;       // bit per MoveKind that may still have legal moves without an edge
    bool confined = false;               // on the way to a pinned node: only edges may be followed
};

struct Choice
{
    enum class What : std::uint8_t {
        follow,  // an edge
        reveal,  // make an edge: some move of the kinds
        rollOut, // stop here
        none,    // nothing is open
    };

    What what = What::none;
    std::uint32_t edge = 0;
    std::uint16_t kinds = 0;
};

// A completed iteration. A view: valid during the call only.
struct Lesson
{
    const Tree& tree;
    const StepTable& steps;
    WayView way;
    double reward = 0;
    bool failed = false;
    bool isNew = false; // no earlier iteration has led to this operator

    std::vector<Move> moves() const;
    std::vector<std::uint32_t> keys() const; // of the states behind the moves, the lower halves
};

// Builds the rest of one iteration's way, in the place of a random rollout. Made under the engine's lock, used by one
// worker without it.
class Guide
{
public:
    virtual ~Guide() = default;
    // From where the walk begins to an operator. Nothing: a random rollout is to find one. What the walk says is known
    // costs an iteration, but no evaluation.
    virtual std::optional<Rollout> compose(Walk& walk, Random& random) = 0;
};

class Algorithm
{
public:
    virtual ~Algorithm() = default;
    virtual Choice choose(const Situation& situation, Random& random) = 0;
    // Which of the moves (at least one) gets the next edge.
    virtual std::size_t reveal(const Situation& situation, std::span<const Move> moves, Random& random) = 0;
    // Whether a rollout's first step beyond the tree becomes a node.
    virtual bool growsAlongRollouts() const = 0;
    // Where the choice was to roll out. Nothing: a random rollout.
    virtual std::unique_ptr<Guide> guide(Random&) { return nullptr; }
    virtual void learn(const Lesson&) {}
    virtual std::size_t memoryBytes() const { return 0; }
};

struct SearchOptions
{
    std::string algorithm = "mcts";
    std::uint64_t seed = 0;
    bool deferred = false; // nothing is rewarded while it runs: what is found is done with
    // MCTS
    // c of the upper confidence bound. The paper has 4*sqrt(2); on a synthetic space with rewards spread over [0, 1] that
    // took 15 times as many evaluations to find the best of 15504 operators as 0.5, which took a 46th of random search's.
    double exploration = 0.5;
    double bestShare = 0.2;    // of the best reward below an alternative, against the mean: one operator is looked for
    double widening = 0.8;     // with T visits floor(T^widening) children are shown
    double raveBlend = 3;      // c/(c+n): weight of the global RAVE value against n local ones
    double randomShare = 0.3;  // of the score by which the next child is chosen
    double virtualLoss = 0.3;  // for each iteration under way below a child
};

using AlgorithmFactory = std::function<std::unique_ptr<Algorithm>(const SearchOptions&)>;

// Thread-safe. A name can be registered once; registering it again replaces it.
void registerAlgorithm(const std::string& name, AlgorithmFactory factory);
std::vector<std::string> algorithmNames();
// The error names the algorithms there are.
Expected<std::unique_ptr<Algorithm>> makeAlgorithm(const SearchOptions& options);

std::unique_ptr<Algorithm> makeMcts(const SearchOptions& options);
std::unique_ptr<Algorithm> makeRandomSearch(const SearchOptions& options);
std::unique_ptr<Algorithm> makeBeam(const SearchOptions& options);
std::unique_ptr<Algorithm> makeEvolution(const SearchOptions& options);
std::unique_ptr<Algorithm> makeProspector(const SearchOptions& options);

} // namespace synoscope
