// Pictures of a data set, to look at.
#pragma once

#include "core/data/data_set.h"
#include "core/data/picture.h"

namespace synoscope {

struct PreviewSettings
{
    DataPart part = DataPart::train;
    int columns = 16;
    int rows = 20; // at most: one for each class
    bool augmented = false; // as training sees them
    std::uint64_t seed = 1; // of the augmentation
};

// A contact sheet: a row for each class, the first images of it, small ones enlarged. Fails for text, and where a file is
// missing or damaged.
Expected<Picture> previewOf(const DataSet& data, const PreviewSettings& settings);

} // namespace synoscope
