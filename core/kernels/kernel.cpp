#include "core/kernels/kernel.h"

#include "core/codegen/cpp_writer.h"

#include <algorithm>
#include <cmath>
#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace synoscope {

namespace {

constexpr const char* ownPrefix = "operator_kernel";

using Floats = std::vector<float>;

Expected<Floats> floats(const Array& array, const std::vector<std::int64_t>& shape, std::string_view what)
{
    if (array.shape != shape)
        return Error{fmt::format("{} has the shape [{}], expected [{}].", what, fmt::join(array.shape, ", "),
                                 fmt::join(shape, ", "))};
    return Floats(array.values.begin(), array.values.end());
}

struct Arguments
{
    Floats input;
    std::vector<Floats> weights;
    std::vector<const float*> weightPointers;
};

Expected<Arguments> convert(const PGraph& graph, const Binding& binding, const Array& input,
                            std::span<const Array> weights)
{
    if (weights.size() != graph.weights().size())
        return Error{fmt::format("The operator '{}' has {} weights, but {} were given.", graph.name(),
                                 graph.weights().size(), weights.size())};
    Arguments arguments;
    auto data = floats(input, graph.shape(graph.input(), binding), "The input");
    if (!data)
        return data.error();
    arguments.input = std::move(*data);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        auto weight = floats(weights[i], graph.shape(graph.weights()[i].axes, binding),
                             fmt::format("The weight '{}'", graph.weights()[i].name));
        if (!weight)
            return weight.error();
        arguments.weights.push_back(std::move(*weight));
    }
    for (const Floats& weight : arguments.weights)
        arguments.weightPointers.push_back(weight.data());
    return arguments;
}

Array arrayOf(const Floats& values, std::vector<std::int64_t> shape)
{
    return {std::move(shape), std::vector<double>(values.begin(), values.end())};
}

bool finite(const Floats& values)
{
    return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

Error notFinite(const PGraph& graph)
{
    return Error{fmt::format("The kernel of '{}' returned values that are not finite.", graph.name())};
}

Floats room(const std::vector<std::int64_t>& shape)
{
    std::size_t elements = 1;
    for (const std::int64_t extent : shape)
        elements *= static_cast<std::size_t>(extent);
    return Floats(elements);
}

} // namespace

Expected<std::shared_ptr<const KernelLibrary>> KernelLibrary::load(const std::filesystem::path& path)
{
    void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return Error{.message = "The compiled kernel cannot be loaded.", .file = path.string(), .details = ::dlerror()};
    // OpenMP's threads outlive the kernels that they ran: its library must never be unloaded.
    for (const char* openmp : {"libgomp.so.1", "libomp.so.5"})
        ::dlopen(openmp, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
    return std::shared_ptr<const KernelLibrary>(new KernelLibrary(handle));
}

KernelLibrary::~KernelLibrary()
{
    ::dlclose(handle_);
}

void* KernelLibrary::find(const std::string& symbol) const
{
    return ::dlsym(handle_, symbol.c_str());
}

Expected<Kernel> Kernel::compile(const PGraph& graph, const Binding& binding, const CompilerLimits& limits)
{
    const codegen::CppOperator op{graph, std::span(&binding, 1), ownPrefix};
    const auto source = codegen::writeCpp(std::span(&op, 1));
    if (!source)
        return source.error();
    const auto path = compileToLibrary(*source, limits);
    if (!path)
        return path.error();
    auto library = KernelLibrary::load(*path);
    if (!library)
        return library.error();
    return find(std::move(*library), ownPrefix, graph, binding);
}

Expected<Kernel> Kernel::find(std::shared_ptr<const KernelLibrary> library, const std::string& prefix,
                              const PGraph& graph, const Binding& binding)
{
    using Create = void* (*)(const std::int64_t*, int);
    KernelFunctions functions;
    bool complete = true;
    const auto resolve = [&](auto& function, const char* name) {
        function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(library->find(prefix + name));
        complete = complete && function;
    };
    Create create = nullptr;
    void (*destroy)(void*) = nullptr;
    resolve(create, "_create");
    resolve(destroy, "_destroy");
    resolve(functions.setWeights, "_set_weights");
    resolve(functions.forward, "_forward");
    resolve(functions.backward, "_backward");
    if (!complete)
        return Error{fmt::format("The library has no kernel named {}.", prefix)};
    std::vector<std::int64_t> shapes;
    const auto append = [&](std::span<const DimensionId> axes) {
        for (const std::int64_t extent : graph.shape(axes, binding))
            shapes.push_back(extent);
    };
    append(graph.input());
    for (const Weight& weight : graph.weights())
        append(weight.axes);
    append(graph.output());
    void* layer = create(shapes.data(), static_cast<int>(shapes.size()));
    if (!layer)
        return Error{fmt::format("There is not enough memory for a kernel of '{}' from [{}] to [{}].", graph.name(),
                                 fmt::join(graph.shape(graph.input(), binding), ", "),
                                 fmt::join(graph.shape(graph.output(), binding), ", "))};
    functions.layer = {layer, destroy};
    Kernel kernel(std::move(functions));
    kernel.library_ = std::move(library);
    return kernel;
}

Expected<Array> evaluateWithKernel(Kernel& kernel, const PGraph& graph, const Binding& binding, const Array& input,
                                   std::span<const Array> weights)
{
    const auto arguments = convert(graph, binding, input, weights);
    if (!arguments)
        return arguments.error();
    const auto shape = graph.shape(graph.output(), binding);
    Floats output = room(shape);
    kernel.setWeights(arguments->weightPointers);
    kernel.forward(arguments->input.data(), output.data());
    if (!finite(output))
        return notFinite(graph);
    return arrayOf(output, shape);
}

Expected<Gradients> gradientsWithKernel(Kernel& kernel, const PGraph& graph, const Binding& binding, const Array& input,
                                        std::span<const Array> weights, const Array& gradOutput)
{
    const auto arguments = convert(graph, binding, input, weights);
    if (!arguments)
        return arguments.error();
    const auto gradient = floats(gradOutput, graph.shape(graph.output(), binding), "The gradient of the output");
    if (!gradient)
        return gradient.error();
    Floats gradInput = room(input.shape);
    std::vector<Floats> gradWeights;
    for (const Array& weight : weights)
        gradWeights.push_back(room(weight.shape));
    std::vector<float*> pointers;
    for (Floats& weight : gradWeights)
        pointers.push_back(weight.data());
    kernel.backward(arguments->input.data(), arguments->weightPointers, gradient->data(), gradInput.data(), pointers);
    if (!finite(gradInput) || !std::ranges::all_of(gradWeights, finite))
        return notFinite(graph);
    Gradients result{arrayOf(gradInput, input.shape), {}};
    for (std::size_t i = 0; i < gradWeights.size(); ++i)
        result.weights.push_back(arrayOf(gradWeights[i], weights[i].shape));
    return result;
}

Expected<Array> compileAndEvaluate(const PGraph& graph, const Binding& binding, const Array& input,
                                   std::span<const Array> weights)
{
    auto kernel = Kernel::compile(graph, binding);
    if (!kernel)
        return kernel.error();
    return evaluateWithKernel(*kernel, graph, binding, input, weights);
}

Expected<Gradients> compileAndDifferentiate(const PGraph& graph, const Binding& binding, const Array& input,
                                            std::span<const Array> weights, const Array& gradOutput)
{
    auto kernel = Kernel::compile(graph, binding);
    if (!kernel)
        return kernel.error();
    return gradientsWithKernel(*kernel, graph, binding, input, weights, gradOutput);
}

} // namespace synoscope
