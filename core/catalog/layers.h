// Shorthand for layers, for the built-in networks. A layer with parameters needs a name; a group may have one.
#pragma once

#include "core/catalog/network.h"

namespace synoscope {

using Layers = std::vector<NetworkLayer>;

struct ConvolutionOptions
{
    int stride = 1;
    int groups = 1;
    bool bias = false;
    bool slot = false;
    Initial initial{};
};
NetworkLayer convolution(std::string name, std::int64_t channels, int kernel, ConvolutionOptions options);

struct LinearOptions
{
    bool slot = false;
    Initial initial{};
};
constexpr std::int64_t perClass = 0; // as many channels, or entries, as there are classes
NetworkLayer linear(std::string name, std::int64_t channels, LinearOptions options); // with a bias

NetworkLayer norm(LayerKind kind, std::string name, double epsilon = 1e-5);
NetworkLayer simple(LayerKind kind); // what has no parameters and no options
NetworkLayer maxPool(int kernel, int stride);
NetworkLayer group(LayerKind kind, std::string name, Layers layers);

// Adds all of the second at the end of the first.
void append(Layers& layers, Layers more);

} // namespace synoscope
