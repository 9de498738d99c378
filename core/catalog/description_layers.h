// The layers of a description. Part of the reader: description.h is what others include.
#pragma once

#include "core/base/json_demands.h"
#include "core/catalog/network.h"

namespace synoscope {

// The value at `path`, a list of layers. Layers without a name are named by their number. Throws jsonDemands::Refused.
std::vector<NetworkLayer> readLayers(const jsonDemands::Json& json, const std::string& path);

} // namespace synoscope
