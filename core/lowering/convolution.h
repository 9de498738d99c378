// Recognising convolutions. A multiplication by a weight is one when windows of Unfolds are summed directly against
// axes of the weight: then the windows need never be written out. A 1x1 convolution has no windows; it is a matrix
// product whose contracted axis stands before spatial ones, which libraries do better as a convolution.
#pragma once

#include "core/symbolic/size.h"

#include <optional>
#include <vector>

namespace synoscope::lowering {

// An Unfold not yet written out: `window` is no axis of the data tensor yet, `axis` is.
struct PendingUnfold
{
    int axis = 0;
    int window = 0;
    Size size;         // of the Unfold's window
    int offset = 0;    // of Shifts along the window, before any Stride
    Size dilation{};   // of Strides that picked from the window; one: none
    bool plain = true; // element j of the window is dilation*j + offset: the Shift wraps nothing around
};

// What plays which part; items are labels, data axes in the order of the data tensor, weight axes in that of the
// weight.
struct ConvolutionRoles
{
    std::vector<int> batch, groups, channels, spatial; // axes of the data
    std::vector<int> outputs;                          // of the weight only
    std::vector<int> windows;                          // per spatial axis: the pending Unfold's number, or -1
};

// Windows that the weight has and that are summed, over an axis that the weight has not.
bool contractsWindow(const PendingUnfold& unfold, const std::vector<int>& weight, const std::vector<int>& summed);

std::optional<ConvolutionRoles> recogniseConvolution(const std::vector<int>& data, const std::vector<int>& weight,
                                                     const std::vector<int>& summed,
                                                     const std::vector<PendingUnfold>& unfolds);

} // namespace synoscope::lowering
