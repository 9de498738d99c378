// Numbers for a set of terms that do not depend on how the members of its classes are numbered (factors.h): colour
// refinement in a prime field, one factor at a time.
//
// Everything that is ever noted is a sum of products of powers, and so the product of what the factors have each:
//
//     term(t)   = number of the places * product over classes of colour(member in t)
//     sum(m)    = sum of term(t) over the terms in which the member m stands
//     colour(m) = sum(m) ^ e                                                  e by class
//     noted     : the sum of all terms; by class, the sum of all colours
//
// The powers are what a hash is in ordinary colour refinement: they keep a sum of colours from forgetting which ones.
// The prime to the field's order, they permute the field.
#pragma once

#include "core/graph/factors.h"

#include <map>
#include <memory>
#include <unordered_map>

namespace synoscope {

// How classes count when the noted numbers are put together.
struct ClassPlan
{
    // By class of an axis: its place, so that exchanged axes change places. The first places are those of the weights,
    // which have no order.
    std::vector<std::size_t> axes;
    std::vector<std::int64_t> members; // by class, those of weights last
    bool thorough = false;             // with joint_sums.h and pair_colours.h
};

// All that is ever asked of a factor, as far as it has been asked: no more than numbers, which equal factors of many
// operators share (fingerprint_memory.h).
struct FactorSums
{
    struct Round
    {
        std::uint64_t total = 1;
        std::vector<std::uint64_t> byClass;
        std::map<std::uint64_t, std::uint64_t> joints; // by set
        std::map<std::pair<std::size_t, std::size_t>, std::vector<std::uint64_t>> pairs;
    };
    std::unordered_map<std::uint64_t, Round> rounds; // by the exponents of this round and all before it, hashed
};

// Enumerates the factor only when something is asked that `known` does not hold yet.
class FactorColours
{
public:
    // The factor must fit (Factoriser::fits), and the factoriser outlive this.
    FactorColours(const Factoriser& factoriser, std::size_t number, AxisLabels labels,
                  std::shared_ptr<FactorSums> known);

    // Rounds count from 0 and are asked for in turn, with exponents by class.
    const FactorSums::Round& round(std::size_t number, std::span<const unsigned> exponents);
    // Of the terms of the last round: see joint_sums.h and pair_colours.h.
    std::uint64_t joint(std::uint64_t set);
    const std::vector<std::uint64_t>& pairs(std::size_t classOfRows, std::size_t other);

private:
    using Colours = std::vector<std::uint64_t>; // by member
    using Exponents = std::vector<unsigned>;    // by class

    void catchUp();
    void restart();
    void computeTerms();
    void step(const Exponents& exponents);

    const Factoriser& factoriser_;
    std::size_t number_;
    AxisLabels labels_;
    std::shared_ptr<FactorSums> known_;
    std::vector<Exponents> asked_;         // by round
    std::vector<std::uint64_t> histories_; // by round: the hash of what was asked up to there
    // Below: once the factor is enumerated.
    std::optional<Factor> factor_;
    std::vector<Colours> colours_; // by class
    std::vector<std::uint64_t> terms_;
    std::vector<Exponents> done_; // by round
    std::uint64_t total_ = 1;     // of the last round done
    std::vector<std::uint64_t> byClass_;
};

std::uint64_t colourHash(std::span<const std::shared_ptr<FactorColours>> factors, const ClassPlan& plan);

} // namespace synoscope
