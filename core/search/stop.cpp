#include "core/search/stop.h"

#include <fmt/format.h>

#include <algorithm>

namespace synoscope {
namespace {

std::optional<double> timeLeft(double fraction, double seconds)
{
    if (fraction <= 0 || seconds <= 0)
        return std::nullopt;
    return fraction >= 1 ? 0 : seconds * (1 - fraction) / fraction;
}

// A limit on one figure that grows.
class Limit final : public StopCondition
{
public:
    using Read = double (*)(const SearchFigures&);
    using Say = std::string (*)(double done, double limit);
    Limit(double limit, Read read, Say say, bool awaitsAnswers = false)
        : limit_(std::max(limit, 0.0)), read_(read), say_(say), awaitsAnswers_(awaitsAnswers)
    {}

    StopProgress progress(const SearchFigures& figures) const override
    {
        const double done = read_(figures);
        StopProgress p;
        p.reached = done >= limit_;
        p.fraction = limit_ > 0 ? std::clamp(done / limit_, 0.0, 1.0) : 1;
        p.secondsLeft = timeLeft(p.fraction, figures.seconds);
        p.text = say_(done, limit_);
        return p;
    }

    bool sufficed(const SearchFigures& figures) const override
    {
        return read_(figures) + (awaitsAnswers_ ? static_cast<double>(figures.inFlight) : 0) >= limit_;
    }

private:
    double limit_;
    Read read_;
    Say say_;
    bool awaitsAnswers_; // the figure grows by one when an operator under evaluation has its reward
};

class Exhaustion final : public StopCondition
{
public:
    StopProgress progress(const SearchFigures& f) const override
    {
        StopProgress p;
        p.reached = f.exhausted;
        if (f.exhausted) {
            p.fraction = 1;
            p.secondsLeft = 0;
            p.text = fmt::format("all {} operators found", f.candidates);
            return p;
        }
        const double once = static_cast<double>(f.foundOnce);
        const double twice = static_cast<double>(f.foundTwice);
        const double found = static_cast<double>(f.candidates);
        const double unseen = once * std::max(0.0, once - 1) / (2 * (twice + 1)); // the bias-corrected form
        p.fraction = found > 0 ? std::min(0.999, found / (found + unseen)) : 0;
        p.text = fmt::format("{} operators of at least {:.0f}", f.candidates, found + unseen);
        return p;
    }
};

} // namespace

std::unique_ptr<StopCondition> stopAfterIterations(std::uint64_t limit)
{
    return std::make_unique<Limit>(
        static_cast<double>(limit), [](const SearchFigures& f) { return static_cast<double>(f.iterations); },
        [](double done, double most) { return fmt::format("{:.0f} of {:.0f} iterations", done, most); }, true);
}

std::unique_ptr<StopCondition> stopAfterSeconds(double limit)
{
    return std::make_unique<Limit>(
        limit, [](const SearchFigures& f) { return f.seconds; },
        [](double done, double most) { return fmt::format("{:.0f} of {:.0f} seconds", done, most); });
}

std::unique_ptr<StopCondition> stopAfterCandidates(std::uint64_t limit)
{
    return std::make_unique<Limit>(
        static_cast<double>(limit), [](const SearchFigures& f) { return static_cast<double>(f.candidates); },
        [](double done, double most) { return fmt::format("{:.0f} of {:.0f} candidates", done, most); });
}

std::unique_ptr<StopCondition> stopAtMemory(std::uint64_t bytes)
{
    return std::make_unique<Limit>(
        static_cast<double>(bytes), [](const SearchFigures& f) { return static_cast<double>(f.memoryBytes); },
        [](double done, double most) {
            return fmt::format("{:.0f} of {:.0f} MiB of memory", done * 0x1.0p-20, most * 0x1.0p-20);
        });
}

std::unique_ptr<StopCondition> stopWhenExhausted()
{
    return std::make_unique<Exhaustion>();
}

} // namespace synoscope
