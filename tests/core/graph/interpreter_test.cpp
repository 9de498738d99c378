#include "core/graph/interpreter.h"
#include "support.h"

#include <cmath>
#include <functional>

namespace synoscope::test {
namespace {

using Index = std::vector<std::int64_t>;

// An element of a dense array; zero outside, so that loops written by hand need no bounds.
double at(const Array& array, const Index& index)
{
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < index.size(); ++i) {
        if (index[i] < 0 || index[i] >= array.shape[i])
            return 0;
        offset = offset * array.shape[i] + index[i];
    }
    return array.values[static_cast<std::size_t>(offset)];
}

// Calls f for every index of the shape, in row-major order.
void forEach(const std::vector<std::int64_t>& shape, const std::function<void(const Index&)>& f)
{
    Index index(shape.size());
    for (;;) {
        f(index);
        std::size_t axis = shape.size();
        while (axis > 0 && ++index[axis - 1] == shape[axis - 1])
            index[--axis] = 0;
        if (axis == 0)
            return;
    }
}

Array filled(const std::vector<std::int64_t>& shape, const std::function<double(const Index&)>& f)
{
    Array array{shape, {}};
    forEach(shape, [&](const Index& index) { array.values.push_back(f(index)); });
    return array;
}

double total(const std::vector<std::int64_t>& shape, const std::function<double(const Index&)>& f)
{
    double sum = 0;
    forEach(shape, [&](const Index& index) { sum += f(index); });
    return sum;
}

// An operator on random arrays under its first binding.
struct Case
{
    explicit Case(const std::string& file, std::uint64_t seed = 7)
        : graph(zooOperator(file)), binding(graph.bindings()[0]), random(seed),
          input(randomInput(graph, binding, random)), weights(randomWeights(graph, binding, random)),
          output(*evaluate(graph, binding, input, weights))
    {}
    void expectOutput(const std::function<double(const Index&)>& f)
    {
        EXPECT_LT(largestDifference(output, filled(output.shape, f)), 1e-12) << graph.name();
    }

    PGraph graph;
    Binding binding;
    Random random;
    Array input;
    std::vector<Array> weights;
    Array output;
};

TEST(Interpreter, AgreesWithLoopsForAConvolution)
{
    Case c("conv2d");
    c.expectOutput([&](const Index& o) {
        return total({4, 3, 3}, [&](const Index& r) {
            return at(c.input, {o[0], r[0], o[2] + r[1] - 1, o[3] + r[2] - 1}) *
                   at(c.weights[0], {o[1], r[0], r[1], r[2]});
        });
    });
}

TEST(Interpreter, AgreesWithLoopsForAGroupedConvolution)
{
    Case c("grouped");
    c.expectOutput([&](const Index& o) {
        const std::int64_t group = o[1] / 3;
        return total({2, 3, 3}, [&](const Index& r) {
            return at(c.input, {o[0], group * 2 + r[0], o[2] + r[1] - 1, o[3] + r[2] - 1}) *
                   at(c.weights[0], {group, o[1] % 3, r[0], r[1], r[2]});
        });
    });
}

TEST(Interpreter, AgreesWithLoopsForADepthwiseConvolution)
{
    Case c("depthwise");
    c.expectOutput([&](const Index& o) {
        return total({3, 3}, [&](const Index& r) {
            return at(c.input, {o[0], o[1], o[2] + r[0] - 1, o[3] + r[1] - 1}) * at(c.weights[0], {o[1], r[0], r[1]});
        });
    });
}

TEST(Interpreter, AgreesWithLoopsForADepthwiseSeparableConvolution)
{
    Case c("depthwise_separable");
    c.expectOutput([&](const Index& o) {
        return total({4, 3, 3}, [&](const Index& r) {
            return at(c.input, {o[0], r[0], o[2] + r[1] - 1, o[3] + r[2] - 1}) * at(c.weights[0], r) *
                   at(c.weights[1], {o[1], r[0]});
        });
    });
}

TEST(Interpreter, AgreesWithLoopsForADilatedConvolution)
{
    Case c("dilated");
    // The window of six starts three in front; the shift makes it 2 in front, places two apart. The guard is the
    // window's own: nothing wraps.
    c.expectOutput([&](const Index& o) {
        return total({4, 3, 3}, [&](const Index& r) {
            return at(c.input, {o[0], r[0], o[2] + 2 * r[1] - 2, o[3] + 2 * r[2] - 2}) *
                   at(c.weights[0], {o[1], r[0], r[1], r[2]});
        });
    });
}

TEST(Interpreter, AgreesWithLoopsForAOneDimensionalConvolution)
{
    Case c("conv1d");
    c.expectOutput([&](const Index& o) {
        return total({4, 3}, [&](const Index& r) {
            return at(c.input, {o[0], r[0], o[2], o[3] + r[1] - 1}) * at(c.weights[0], {o[1], r[0], r[1]});
        });
    });
}

TEST(Interpreter, AgreesWithLoopsForALinearLayer)
{
    Case c("linear");
    c.expectOutput([&](const Index& o) {
        return total({6}, [&](const Index& r) {
            return at(c.input, {o[0], o[1], r[0]}) * at(c.weights[0], {o[2], r[0]});
        });
    });
}

TEST(Interpreter, AgreesWithLoopsForAPointwiseConvolution)
{
    Case c("conv1x1");
    c.expectOutput([&](const Index& o) {
        return total({4}, [&](const Index& r) {
            return at(c.input, {o[0], r[0], o[2], o[3]}) * at(c.weights[0], {o[1], r[0]});
        });
    });
}

TEST(Interpreter, AgreesWithLoopsForAShiftConvolution)
{
    Case c("shift");
    c.expectOutput([&](const Index& o) {
        return total({4}, [&](const Index& r) {
            return at(c.input, {o[0], r[0], (o[2] + 1) % 5, (o[3] + 6) % 7}) * at(c.weights[0], {o[1], r[0]});
        });
    });
}

TEST(Interpreter, AgreesWithLoopsForAPooledConvolution)
{
    Case c("pooled");
    c.expectOutput([&](const Index& o) {
        return total({3, 3, 3, 2, 2}, [&](const Index& r) {
            const std::int64_t y = o[2] / 2 + r[1] - 1;
            const std::int64_t x = o[3] / 2 + r[2] - 1;
            if (y < 0 || x < 0)
                return 0.0;
            return at(c.input, {o[0], r[0], 2 * y + r[3], 2 * x + r[4]}) * at(c.weights[0], {o[1], r[0], r[1], r[2]});
        });
    });
}

TEST(Interpreter, AgreesWithLoopsForALowRankConvolution)
{
    Case c("low_rank");
    c.expectOutput([&](const Index& o) {
        return total({2, 4, 3, 3}, [&](const Index& r) {
            return at(c.input, {o[0], r[1], o[2] + r[2] - 1, o[3] + r[3] - 1}) * at(c.weights[0], r) *
                   at(c.weights[1], {o[1], r[0]});
        });
    });
}

// A shift above an unfold (nearer to the input) moves what the window sees; it does not wrap the padding around.
TEST(Interpreter, TestsAGuardBeforeThePrimitivesAboveIt)
{
    const PGraph graph = parsed("pgraph 1\nprimary H\ncoefficient k=3\ninput y:H\nweight w k:k\nz = shift y 1\n"
                                "t, j = unfold z k\nr = share j w.k\nreduce r\noutput t\nbind H=4\n");
    const Array input{{4}, {1, 10, 100, 1000}};
    const std::vector<Array> weights{{{3}, {1, 2, 3}}};
    // The window slides over [10, 100, 1000, 1].
    EXPECT_EQ(evaluate(graph, graph.bindings()[0], input, weights)->values,
              (std::vector<double>{20 + 300, 10 + 200 + 3000, 100 + 2000 + 3, 1000 + 2}));
}

double dot(const Array& a, const Array& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i)
        sum += a.values[i] * b.values[i];
    return sum;
}

// The output is linear in the input and in each weight, so <gradient by x, x> = <gradOutput, output> for each, exactly.
TEST(Interpreter, GradientsKeepTheIdentityOfLinearityForTheWholeZoo)
{
    for (const auto& [file, text] : zooTexts()) {
        Case c(file);
        const Array gradOutput = randomArray(c.output.shape, c.random);
        const auto gradients = synoscope::gradients(c.graph, c.binding, c.input, c.weights, gradOutput);
        ASSERT_TRUE(gradients) << file;
        const double expected = dot(gradOutput, c.output);
        EXPECT_NEAR(dot(gradients->input, c.input), expected, 1e-9 * (1 + std::abs(expected))) << file;
        for (std::size_t w = 0; w < c.weights.size(); ++w)
            EXPECT_NEAR(dot(gradients->weights[w], c.weights[w]), expected, 1e-9 * (1 + std::abs(expected))) << file;
    }
}

TEST(Interpreter, GradientsAgreeWithFiniteDifferencesForTheWholeZoo)
{
    for (const auto& [file, text] : zooTexts()) {
        Case c(file);
        const Array gradOutput = randomArray(c.output.shape, c.random);
        const auto gradients = *synoscope::gradients(c.graph, c.binding, c.input, c.weights, gradOutput);
        const auto slope = [&](double& value) {
            constexpr double step = 0.25; // the output is linear in a single value: any step is exact
            const double before = value;
            value = before + step;
            const double above = dot(gradOutput, *evaluate(c.graph, c.binding, c.input, c.weights));
            value = before - step;
            const double below = dot(gradOutput, *evaluate(c.graph, c.binding, c.input, c.weights));
            value = before;
            return (above - below) / (2 * step);
        };
        for (int probe = 0; probe < 5; ++probe) {
            const std::size_t i = c.random.below(static_cast<std::uint32_t>(c.input.values.size()));
            EXPECT_NEAR(slope(c.input.values[i]), gradients.input.values[i], 1e-10) << file;
            for (std::size_t w = 0; w < c.weights.size(); ++w) {
                const std::size_t j = c.random.below(static_cast<std::uint32_t>(c.weights[w].values.size()));
                EXPECT_NEAR(slope(c.weights[w].values[j]), gradients.weights[w].values[j], 1e-10) << file;
            }
        }
    }
}

ModularArray modular(const Array& array)
{
    ModularArray result{array.shape, {}};
    for (const double value : array.values)
        result.values.push_back(value < 0 ? fieldPrime - static_cast<std::uint64_t>(-value)
                                          : static_cast<std::uint64_t>(value));
    return result;
}

TEST(Interpreter, AgreesWithThePrimeFieldOnIntegers)
{
    for (const auto& [file, text] : zooTexts()) {
        Case c(file);
        const auto toIntegers = [](Array& array) {
            for (double& value : array.values)
                value = std::floor(value * 1000);
        };
        toIntegers(c.input);
        std::vector<ModularArray> weights;
        for (Array& weight : c.weights) {
            toIntegers(weight);
            weights.push_back(modular(weight));
        }
        const auto exact = evaluateModulo(c.graph, c.binding, modular(c.input), weights);
        ASSERT_TRUE(exact) << file;
        EXPECT_EQ(exact->values, modular(*evaluate(c.graph, c.binding, c.input, c.weights)).values) << file;
    }
}

TEST(Interpreter, ReducesLargeNumbersModuloThePrime)
{
    const PGraph graph = parsed(
        "pgraph 1\nprimary H C\ninput c:C h:H\nweight w c:C\nd = share c w.c\nreduce d\noutput h\nbind H=1 C=2\n");
    const ModularArray input{{2, 1}, {fieldPrime - 1, ~std::uint64_t{0}}};
    const std::vector<ModularArray> weights{{{2}, {fieldPrime - 1, 1}}};
    // (-1)(-1) + (2^64 - 1) = 2^64 = 8 modulo 2^61 - 1
    EXPECT_EQ(evaluateModulo(graph, graph.bindings()[0], input, weights)->values, std::vector<std::uint64_t>{8});
}

TEST(Interpreter, RefusesArraysThatDoNotFitAndNamesThem)
{
    Case c("conv2d");
    const auto message = [&](const Array& input, std::span<const Array> weights) {
        return evaluate(c.graph, c.binding, input, weights).error().message;
    };
    EXPECT_EQ(message(Array{{2, 4, 5}, std::vector<double>(40)}, c.weights),
              "the shape of the input is [2, 4, 5]; expected [2, 4, 5, 7]");
    EXPECT_EQ(message(Array{{2, 4, 5, 7}, std::vector<double>(3)}, c.weights),
              "the input holds 3 values; expected 280, as its shape [2, 4, 5, 7] says");
    EXPECT_EQ(message(c.input, {}), "0 weights were given; expected 1");
    EXPECT_EQ(message(c.input, std::vector<Array>{{{1}, {1}}}),
              "the shape of the weight 'w0' is [1]; expected [6, 4, 3, 3]");
    EXPECT_EQ(gradients(c.graph, c.binding, c.input, c.weights, Array{{1}, {1}}).error().message,
              "the shape of the gradient of the output is [1]; expected [2, 6, 5, 7]");
    EXPECT_EQ(evaluate(c.graph, Binding(), c.input, c.weights).error().message,
              "the size N of the axis 'n' is no whole number under this binding");
}

TEST(Interpreter, RefusesAnOutputThatNoMemoryHolds)
{
    const PGraph graph = parsed(
        "pgraph 1\nprimary N\ninput n:N\nweight w n:N\na = share n w.n\ne = expand N^6\noutput a e\nbind N=1000\n");
    const Array ones{{1000}, std::vector<double>(1000, 1)};
    EXPECT_NE(evaluate(graph, graph.bindings()[0], ones, std::vector{ones}).error().message.find("too large"),
              std::string::npos);
}

} // namespace
} // namespace synoscope::test
