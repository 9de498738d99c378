#include "core/codegen/halide_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope::codegen {

namespace {

using IndexKind = HalideIndex::Kind;

int rank(IndexKind kind)
{
    return kind == IndexKind::add || kind == IndexKind::subtract ? 1 : 2;
}

// In brackets where it stands beside an operator that binds as tightly or tighter.
std::string indexText(const HalideIndex& i, const HalideStage& stage, const SizeText& sizes, int outer)
{
    const auto grouped = [&](std::string text, int own) { return own < outer ? '(' + text + ')' : text; };
    switch (i.kind) {
    case IndexKind::iterator:
        return stage.iterator(i.iterator).name;
    case IndexKind::number:
        return std::to_string(i.number);
    case IndexKind::size: {
        const std::string text = sizes(i.size);
        return grouped(text, text.find(' ') == std::string::npos ? 9 : 2);
    }
    default:
        break;
    }
    constexpr std::string_view symbols[] = {"+", "-", "*", "/", "%"};
    const int own = rank(i.kind);
    const int right = i.kind == IndexKind::add ? own : own + 1;
    const auto symbol = static_cast<std::size_t>(i.kind) - static_cast<std::size_t>(IndexKind::add);
    return grouped(fmt::format("{} {} {}", indexText(i.operands[0], stage, sizes, own), symbols[symbol],
                               indexText(i.operands[1], stage, sizes, right)),
                   own);
}

std::string_view tailText(const HalideDirective& directive)
{
    using Tail = HalideDirective::Tail;
    switch (directive.tail) {
    case Tail::guard:
        return ", TailStrategy::GuardWithIf";
    case Tail::shift:
        return ", TailStrategy::ShiftInwards";
    case Tail::roundUp:
        return ", TailStrategy::RoundUp";
    case Tail::none:
        break;
    }
    return "";
}

std::string callText(const HalideDirective& d, const HalidePipeline& pipeline, const SizeText& sizes)
{
    using Method = HalideDirective::Method;
    const std::string names = fmt::format("{}", fmt::join(d.names, ", "));
    const auto stage = [&](int number) -> const HalideStage& {
        return pipeline.stages[static_cast<std::size_t>(number)];
    };
    switch (d.method) {
    case Method::computeRoot:
        return ".compute_root()";
    case Method::computeAt:
        return fmt::format(".compute_at({}, {})", stage(d.at).name, names);
    case Method::bound:
        return fmt::format(".bound({}, 0, {})", names, halideIndexText(d.extent, stage(d.stage), sizes));
    case Method::split:
        return fmt::format(".split({}, {}{})", names, d.number, tailText(d));
    case Method::reorder:
        return fmt::format(".reorder({})", names);
    case Method::reorderStorage:
        return fmt::format(".reorder_storage({})", names);
    case Method::fuse:
        return fmt::format(".fuse({})", names);
    case Method::vectorize:
        return fmt::format(".vectorize({}, {}{})", names, d.number, tailText(d));
    case Method::unroll:
        return fmt::format(".unroll({})", names);
    case Method::parallel:
        return fmt::format(".parallel({})", names);
    }
    return {};
}

} // namespace

std::string halideIndexText(const HalideIndex& index, const HalideStage& stage, const SizeText& sizes)
{
    return indexText(index, stage, sizes, 0);
}

std::string halideScheduleText(const HalidePipeline& pipeline, const SizeText& sizes)
{
    std::string text;
    const std::vector<HalideDirective>& all = pipeline.schedule;
    for (std::size_t begin = 0; begin < all.size();) {
        std::size_t end = begin;
        while (end < all.size() && all[end].stage == all[begin].stage && all[end].update == all[begin].update)
            ++end;
        text += "    " + pipeline.stages[static_cast<std::size_t>(all[begin].stage)].name +
                (all[begin].update ? ".update()" : "");
        for (std::size_t i = begin; i < end; ++i)
            text += (i == begin && !all[i].update ? "" : "\n        ") + callText(all[i], pipeline, sizes);
        text += ";\n";
        begin = end;
    }
    return text;
}

} // namespace synoscope::codegen
