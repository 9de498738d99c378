// The readers behind openDataSet, each for kinds of its own, and what they share.
#pragma once

#include "core/data/data_set.h"

#include <filesystem>

namespace synoscope {

Expected<DataSetPtr> openBuiltin(const DataRequest& request);
Expected<DataSetPtr> openCifar(const DataRequest& request);
Expected<DataSetPtr> openIdx(const DataRequest& request);
Expected<DataSetPtr> openImageFolder(const DataRequest& request);
Expected<DataSetPtr> openText(const DataRequest& request);

// The whole file, unpacked where it is gzipped; at most one byte more than `most`, so that a longer one is noticed.
Expected<std::string> readDataFile(const std::filesystem::path& file, std::size_t most = std::string::npos - 1);

// The first of `names` that is a file in one of `folders`; otherwise an error that names the first of each.
Expected<std::filesystem::path> findDataFile(const std::vector<std::filesystem::path>& folders,
                                             const std::vector<std::string>& names);

} // namespace synoscope
