// How the shape distance is found (distance.h has the argument): a search over the ways in which frontier dimensions
// form groups that become axes of the input. For the sources of the distance alone.
#pragma once

#include "core/synthesis/distance.h"

namespace synoscope {

inline constexpr std::uint64_t highBits = 0x8080808080808080ull; // of each byte of exponents (SizeFacts)

// Assigns the frontier dimensions, one after the other, to the groups of one partition of the desired sizes or to the
// drops.
struct ShapeDistance::Search
{
    ShapeDistance& distance;
    SizeTable& sizes;
    std::span<const DistanceItem> items;
    const DistanceBudget& budget;
    std::uint64_t demand;
    std::uint64_t scarce;
    std::uint64_t supply; // exponents of the primary variables in what is not dropped

    bool anySmallBlock = false;
    bool sumsStay = false;                            // DistanceItem::whole and stays hold
    bool oneMerge = false;                            // at most one merge is left, and it stands where rules let it
    bool outerPossible = false;                       // some dimension may be an outer axis, or part of it
    std::uint16_t mergeableFlags = 0;                 // which flags make a dimension mergeable here
    std::uint16_t axisFlags = 0;                      // and which an axis of an unfold
    int axes = 0;                                     // dimensions that could be one and are not outer axes
    std::array<SizeId, maxFrontier> sums{};           // product of the whole sums in a group
    std::array<std::uint32_t, maxFrontier> members{}; // of a group, as a mask of items

    int groups = 0;
    int baseMerges = 0;                             // that part the groups' products into desired sizes
    std::array<std::uint8_t, maxFrontier> wanted{}; // product of the desired sizes of a group: index into wanted_
    std::array<int, maxFrontier> wantedCount{};
    std::array<SizeId, maxFrontier> given{};
    std::array<int, maxFrontier> givenCount{};
    std::array<bool, maxFrontier> closed{}; // holds a frozen dimension
    int splits = 0;
    std::array<bool, maxFrontier> mergeable{}; // some member could be merged
    std::array<bool, maxFrontier> smallBlock{};
    std::array<int, 3> windows{}; // dropped, by the number of contractions still to come: swallowed by an unfold each
    int weightedWindows = 0;      // of windows[0], those that have met a weight
    std::array<int, 3> others{};  // dropped in no other way than after a merge
    std::array<int, 3> unmergeable{}; // of the others, those above which none can stand
    int best = infiniteDistance;

    void assign(std::size_t i);
    bool emptyTwinBefore(int g) const;
    void drop(std::uint16_t flags, int count);
    void finish();
    bool windowsFit() const;
    bool windowFits(SizeId window, std::uint32_t kept) const;
    bool hopeless() const;
    bool sumsDivide(int g);
    bool canMerge(int g) const;
    bool canPart(int g, SizeId part) const;
    int dropCost(int remainders, int merges) const;
};

} // namespace synoscope
