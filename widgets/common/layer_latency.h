// How long an operator takes in one layer of the backbone, or in one pass through all of it: a value.
#pragma once

#include <QtCore/QString>

namespace synoscope {

struct LayerLatency
{
    QString layer;  // "C_in=16 C_out=16 H=16 W=16"; empty: the whole network
    int count = 1;  // slots of the backbone with this layer
    double medianUs = 0, baselineUs = 0; // microseconds of one forward pass
    double speedup = 0;                  // above 1 is faster than the baseline
    double speedupLow = 0, speedupHigh = 0; // a confidence interval of 95 %; equal: not known

    bool ofNetwork() const { return layer.isEmpty(); }
    friend bool operator==(const LayerLatency&, const LayerLatency&) = default;
};

} // namespace synoscope
