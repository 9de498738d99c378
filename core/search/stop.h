// When a search ends, and how far it is: small objects, one per limit.
//
// Operators under evaluation have not arrived yet, but they will: a limit that they suffice to reach is met exactly only
// when nothing more is begun.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace synoscope {

// What the conditions look at.
struct SearchFigures
{
    std::uint64_t iterations = 0;
    std::uint64_t inFlight = 0;   // operators under evaluation: each will complete an iteration
    std::uint64_t candidates = 0; // distinct operators, those under evaluation included
    std::uint64_t foundOnce = 0;  // operators found exactly once, exactly twice
    std::uint64_t foundTwice = 0;
    std::uint64_t memoryBytes = 0;
    double seconds = 0;           // since the limits were set
    bool exhausted = false;       // every operator within the steering was found
};

struct StopProgress
{
    bool reached = false;
    double fraction = 0;                 // done, 0 to 1
    std::optional<double> secondsLeft{}; // at the present rate; nothing when it cannot be said
    std::string text;                    // "120 of 1000 iterations"
};

class StopCondition
{
public:
    virtual ~StopCondition() = default;
    virtual StopProgress progress(const SearchFigures& figures) const = 0;
    // Whether what is under way suffices: until it has come back, nothing more may begin.
    virtual bool sufficed(const SearchFigures& figures) const { return progress(figures).reached; }
};

std::unique_ptr<StopCondition> stopAfterIterations(std::uint64_t limit);
std::unique_ptr<StopCondition> stopAfterSeconds(double limit);
std::unique_ptr<StopCondition> stopAfterCandidates(std::uint64_t limit);
std::unique_ptr<StopCondition> stopAtMemory(std::uint64_t bytes);
// Ends when every operator was found. Until then it estimates how many there are from how many were found once and
// twice (Chao 1984): a lower bound that grows nearer as duplicates appear.
std::unique_ptr<StopCondition> stopWhenExhausted();

} // namespace synoscope
