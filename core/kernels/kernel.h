// Operators as compiled kernels: the back end `cpp`, and what core/halide makes.
//
// Compiled code is loaded into the calling process: call this only in a process that may crash.
#pragma once

#include "core/graph/interpreter.h"
#include "core/kernels/compiler.h"

#include <memory>

namespace synoscope {

// A library of kernels that core/codegen wrote.
class KernelLibrary
{
public:
    static Expected<std::shared_ptr<const KernelLibrary>> load(const std::filesystem::path& path);
    ~KernelLibrary();
    KernelLibrary(const KernelLibrary&) = delete;
    KernelLibrary& operator=(const KernelLibrary&) = delete;

    void* find(const std::string& symbol) const; // nullptr: not there

private:
    explicit KernelLibrary(void* handle) : handle_(handle) {}
    void* handle_;
};

// What a kernel is made of: an object, and functions that take it first. They may throw what their makers say.
struct KernelFunctions
{
    std::unique_ptr<void, void (*)(void*)> layer{nullptr, nullptr};
    void (*setWeights)(void*, const float* const*) = nullptr;
    void (*forward)(void*, const float*, float*) = nullptr;
    void (*backward)(void*, const float*, const float* const*, const float*, float*, float* const*) = nullptr;
};

// One operator at the sizes of one binding. Used by one thread at a time.
class Kernel
{
public:
    explicit Kernel(KernelFunctions functions) : f_(std::move(functions)) {}
    // Writes, compiles (or takes from the cache), loads.
    static Expected<Kernel> compile(const PGraph& graph, const Binding& binding, const CompilerLimits& limits = {});
    // Of a library that has it under this prefix.
    static Expected<Kernel> find(std::shared_ptr<const KernelLibrary> library, const std::string& prefix,
                                 const PGraph& graph, const Binding& binding);

    void setWeights(std::span<const float* const> weights) { f_.setWeights(f_.layer.get(), weights.data()); }
    void forward(const float* input, float* output) { f_.forward(f_.layer.get(), input, output); }
    void backward(const float* input, std::span<const float* const> weights, const float* gradOutput, float* gradInput,
                  std::span<float* const> gradWeights)
    {
        f_.backward(f_.layer.get(), input, weights.data(), gradOutput, gradInput, gradWeights.data());
    }

private:
    std::shared_ptr<const KernelLibrary> library_{}; // before the layer: it ends after it
    KernelFunctions f_;
};

// As evaluate() and gradients() of the reference interpreter, in float32. A result that is not finite is an Error.
Expected<Array> evaluateWithKernel(Kernel& kernel, const PGraph& graph, const Binding& binding, const Array& input,
                                   std::span<const Array> weights);
Expected<Gradients> gradientsWithKernel(Kernel& kernel, const PGraph& graph, const Binding& binding, const Array& input,
                                        std::span<const Array> weights, const Array& gradOutput);

// The same, from the operator to the answer.
Expected<Array> compileAndEvaluate(const PGraph& graph, const Binding& binding, const Array& input,
                                   std::span<const Array> weights);
Expected<Gradients> compileAndDifferentiate(const PGraph& graph, const Binding& binding, const Array& input,
                                            std::span<const Array> weights, const Array& gradOutput);

} // namespace synoscope
