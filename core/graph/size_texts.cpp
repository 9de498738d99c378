#include "core/graph/size_texts.h"

#include <algorithm>

namespace synoscope {

SizeTexts::SizeTexts(const PGraph& graph)
{
    std::vector<Size> sizes; // distinct, and few: a scan is faster than a table
    const auto indexOf = [&](const Size& size) {
        const auto found = std::ranges::find(sizes, size);
        const auto index = static_cast<std::uint32_t>(found - sizes.begin());
        if (found == sizes.end())
            sizes.push_back(size);
        return index;
    };
    ofDimension_.reserve(graph.dimensions().size());
    for (const Dimension& dimension : graph.dimensions())
        ofDimension_.push_back(indexOf(dimension.size));
    ofPrimitive_.reserve(graph.primitives().size());
    for (const Primitive& primitive : graph.primitives())
        ofPrimitive_.push_back(indexOf(primitive.parameter));

    std::vector<std::pair<std::string, std::uint32_t>> byText;
    byText.reserve(sizes.size());
    for (const Size& size : sizes)
        byText.emplace_back(toString(size, graph.variables()), static_cast<std::uint32_t>(byText.size()));
    std::ranges::sort(byText);
    std::vector<std::uint32_t> rankOf(sizes.size());
    for (auto& [text, index] : byText) {
        rankOf[index] = static_cast<std::uint32_t>(texts_.size());
        texts_.push_back(std::move(text));
    }
    for (auto* ranks : {&ofDimension_, &ofPrimitive_})
        for (std::uint32_t& rank : *ranks)
            rank = rankOf[rank];
}

} // namespace synoscope
