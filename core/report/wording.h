// How values read in a report.
#pragma once

#include "core/graph/pgraph.h"
#include "core/store/records.h"

#include <optional>
#include <string>

namespace synoscope::report {

inline constexpr const char* unknown = "–";

std::string percent(double share);                       // "71.4 %", which does not break
std::string percent(const std::optional<double>& share); // or unknown
std::string ratio(double value);                         // "0.834"
std::string ratio(const std::optional<double>& value);
std::string reward(const std::optional<double>& value); // "0.1024"
std::string microseconds(double us);                    // "44.2 µs", "3.71 ms"
std::string seconds(double s);                          // "12.4 s", "3 min 20 s", "2 h 5 min"
std::string moment(Timestamp when);                     // "2026-11-28 20:45:10 UTC"
std::string number(std::int64_t value);                 // "1 234 567", with thin spaces
std::string counted(std::int64_t value, const char* one, const char* many); // "1 candidate", "2 candidates"

std::string shapeText(const PGraph& graph, std::span<const DimensionId> axes); // "N × C_in × H × W"
std::string bindingText(const VariableTable& variables, const Binding& binding); // "N=1 C_in=64": the primaries

} // namespace synoscope::report
