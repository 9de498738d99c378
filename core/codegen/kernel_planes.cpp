#include "core/codegen/kernel_planes.h"

#include <algorithm>

namespace synoscope::codegen {

namespace {

constexpr std::int64_t largestPlane = 8192; // floats, 32 KiB; cpp_slides.cpp has room for as many

int count(const KernelProgram& program, const auto& uses)
{
    return static_cast<int>(std::ranges::count_if(program.forward, [&](const KernelOperation& operation) {
        return std::visit([&](const auto& one) { return uses(one); }, operation);
    }));
}

bool reads(const KernelCopy& copy, int buffer)
{
    return copy.from == buffer;
}
bool reads(const KernelContraction& contraction, int buffer)
{
    return contraction.a == buffer || contraction.b == buffer;
}

// One writes it, another reads it, and nothing else has to do with it.
bool isBetweenTwo(const KernelProgram& program, int buffer)
{
    const KernelBuffer& b = program.buffers[static_cast<std::size_t>(buffer)];
    const auto writes = [](const auto& one) {
        if constexpr (requires { one.to; })
            return one.to;
        else
            return one.r;
    };
    return b.kind == KernelBuffer::Kind::scratch && !b.prepared &&
           count(program, [&](const auto& one) { return writes(one) == buffer; }) == 1 &&
           count(program, [&](const auto& one) { return reads(one, buffer); }) == 1;
}

// The last element of a plane that a tile reads, but for the rest of its last vector.
std::int64_t lastRead(const KernelArrangement& arrangement)
{
    std::int64_t last = (arrangement.slide.extent + 1) * arrangement.slide.a + arrangement.line - 1;
    for (const ContractionDim& term : arrangement.terms)
        last += (term.extent - 1) * term.a;
    return last;
}

std::vector<CopyDim> ordered(const KernelCopy& copy)
{
    std::vector<CopyDim> dims;
    for (const CopyDim& dim : copy.dims)
        if (dim.extent > 1)
            dims.push_back(dim);
    std::ranges::stable_sort(dims, std::greater(), &CopyDim::to);
    return dims;
}

// Takes the dimensions that go from plane to plane out of the box, and gives the arrangement their strides. False: planes are
// read several times, or not one by one.
bool takePlanes(KernelArrangement& arrangement, std::vector<CopyDim>& box)
{
    for (KernelArrangement::Dims* dims : {&arrangement.batch, &arrangement.rows})
        for (ContractionDim& dim : *dims) {
            const auto same = std::ranges::find_if(
                box, [&](const CopyDim& one) { return one.extent == dim.extent && one.to == dim.a; });
            if (same == box.end())
                return false;
            dim.a = same->from;
            box.erase(same);
        }
    return true;
}

// The least distance between two planes.
std::int64_t distance(const KernelArrangement& arrangement)
{
    std::int64_t least = largestPlane;
    for (const KernelArrangement::Dims* dims : {&arrangement.batch, &arrangement.rows})
        for (const ContractionDim& dim : *dims)
            least = std::min(least, dim.a);
    return least;
}

} // namespace

std::vector<CopyDim> boxOf(const KernelCopy& copy)
{
    std::vector<CopyDim> box;
    for (const CopyDim& dim : ordered(copy)) {
        if (!box.empty() && box.back().from == dim.from * dim.extent && box.back().to == dim.to * dim.extent)
            box.back() = {box.back().extent * dim.extent, dim.from, dim.to};
        else
            box.push_back(dim);
    }
    return box;
}

std::optional<PlaneCopy> planeCopy(const KernelProgram& program, std::size_t copy, const KernelContraction& contraction,
                                   KernelArrangement& arrangement)
{
    const KernelCopy& c = std::get<KernelCopy>(program.forward[copy]);
    if (arrangement.kind != KernelArrangement::Kind::slides || contraction.a != c.to || !isBetweenTwo(program, c.to))
        return std::nullopt;
    PlaneCopy plane{.to = c.toOffset, .a = contraction.aOffset, .box = ordered(c)};
    KernelArrangement fromSource = arrangement;
    if (!takePlanes(fromSource, plane.box)) { // the arrangement has joined some
        plane.box = boxOf(c);
        fromSource = arrangement;
        if (!takePlanes(fromSource, plane.box))
            return std::nullopt;
    }
    std::int64_t lastWritten = plane.to;
    for (const CopyDim& dim : plane.box)
        lastWritten += (dim.extent - 1) * dim.to;
    plane.size = std::max(lastWritten, plane.a + lastRead(arrangement)) + 1;
    if (plane.a < 0 || plane.size > distance(arrangement))
        return std::nullopt;
    arrangement = std::move(fromSource);
    return plane;
}

} // namespace synoscope::codegen
