// The tile of a contraction that is computed in registers: chosen from a model of what an element costs.
#pragma once

#include "core/codegen/halide_schedule.h"

#include <optional>

namespace synoscope::codegen {

// A contraction of data with weights, as its schedule sees it. Axes are numbers of the stage's axes.
struct ContractionShape
{
    int data = 0;             // factor
    int weight = -1;          // factor; none: a sum
    int column = -1;          // an axis of the weight only: broadcast over the rows
    std::int64_t columns = 1; // of one group
    std::int64_t group = 0;   // how many columns share a group's data; 0: all of them
    int row = -1;             // the innermost axis of the data only
    std::int64_t rows = 1;
    int line = -1; // the axis of the data only outside of the rows
    std::int64_t lines = 1;
    std::int64_t terms = 1;
    bool rowsAreContiguous = false; // in the data
    bool rowsMayBeStrided = false;  // vectors along the rows may be so all the same
    bool mayOverread = false;       // the data may be asked for more than there is
};

ContractionShape shapeOf(const HalidePipeline& pipeline, const HalideStage& stage, const Binding& binding);

struct Tile
{
    enum class Kind : std::uint8_t
    {
        panel, // vectors along the columns; the weight is packed for it
        line   // vectors along the rows
    };
    Kind kind = Kind::line;
    std::int64_t lanes = 1;
    std::int64_t vectors = 1; // next to each other
    std::int64_t rows = 1;    // panel: how many rows; line: the length, at most vectors * lanes
    std::int64_t lines = 1;
    std::int64_t columns = 1; // panel: vectors * lanes
};

Tile chooseTile(const ContractionShape& shape, const HalideMachine& machine);

} // namespace synoscope::codegen
