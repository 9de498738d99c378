#include "core/synthesis/equivalence.h"

namespace synoscope {

Equivalence equivalenceOf(const Problem& problem)
{
    Equivalence equivalence;
    for (const ShapeAxis& axis : problem.input)
        equivalence.unorderedInput.push_back(axis.unordered);
    for (const ShapeAxis& axis : problem.output)
        equivalence.unorderedOutput.push_back(axis.unordered);
    equivalence.interchangeable = problem.interchangeable;
    return equivalence;
}

} // namespace synoscope
