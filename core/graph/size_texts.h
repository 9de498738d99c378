// The distinct sizes of an operator as text, each made once: an operator of forty axes has a handful of sizes, and the
// writer asks for each of them many times. Ranks follow the texts, so that they do not depend on the order in which
// variables were declared.
#pragma once

#include "core/graph/pgraph.h"

namespace synoscope {

class SizeTexts
{
public:
    explicit SizeTexts(const PGraph& graph);

    std::size_t count() const { return texts_.size(); }
    // Below count(), in the order of the texts: of an axis, and of what a primitive is parametrised by.
    std::uint32_t rank(DimensionId id) const { return ofDimension_[id.index]; }
    std::uint32_t rank(PrimitiveId id) const { return ofPrimitive_[id.index]; }
    const std::string& text(std::uint32_t rank) const { return texts_[rank]; }

private:
    std::vector<std::string> texts_;
    std::vector<std::uint32_t> ofDimension_;
    std::vector<std::uint32_t> ofPrimitive_;
};

} // namespace synoscope
