#include "core/graph/layer_print.h"

#include "core/graph/fingerprint_memory.h"

namespace synoscope {

LayerPrint::LayerPrint(const PGraph& graph, const Binding& layer, const UnorderedAxes& unordered,
                       FingerprintMemory* memory)
    : unordered_(unordered), memory_(memory), form_(DigitForm::of(graph, layer))
{
    if (!form_)
        return;
    factoriser_.emplace(*form_, unordered);
    plain_.resize(factoriser_->factors());
}

std::shared_ptr<FactorColours> LayerPrint::colours(std::size_t number, const AxisLabels& labels)
{
    const bool plain = !factoriser_->dependsOn(number, labels);
    if (plain && plain_[number])
        return plain_[number];
    if (!factoriser_->fits(number))
        return nullptr;
    auto known = memory_ ? memory_->factor(factoriser_->description(number, labels)) : std::make_shared<FactorSums>();
    auto result = std::make_shared<FactorColours>(*factoriser_, number, labels, std::move(known));
    if (plain)
        plain_[number] = result;
    return result;
}

ClassPlan LayerPrint::planOf(const AxisLabels& labels, bool thorough) const
{
    ClassPlan plan;
    const auto add = [&](std::span<const Digits> axes, const std::vector<bool>& unordered, std::size_t first) {
        for (std::size_t i = 0; i < axes.size(); ++i)
            if (unordered[i]) {
                plan.axes.push_back(first + static_cast<std::size_t>(labels[i]));
                plan.members.push_back(extentOf(axes[i]));
            }
    };
    const std::size_t weights = form_->weights().size(); // first, as they have the most members and the cheapest powers
    add(form_->input(), unordered_.input, weights);
    add(form_->output(), unordered_.output, weights + form_->input().size());
    for (const Digits& weight : form_->weights())
        plan.members.push_back(extentOf(weight));
    plan.thorough = thorough;
    return plan;
}

std::optional<std::uint64_t> LayerPrint::hash(const AxisLabels& labels, bool thorough)
{
    if (!factoriser_)
        return std::nullopt;
    std::vector<std::shared_ptr<FactorColours>> factors;
    for (std::size_t i = 0; i < factoriser_->factors(); ++i) {
        factors.push_back(colours(i, labels));
        if (!factors.back())
            return std::nullopt;
    }
    return colourHash(factors, planOf(labels, thorough));
}

} // namespace synoscope
