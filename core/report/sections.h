// What a report says, section by section.
#pragma once

#include "core/report/document.h"
#include "core/report/gather.h"
#include "core/report/report.h"

namespace synoscope::report {

Section summarySection(const ReportData& data);
Section problemSection(const ReportData& data);
Section frontSection(const ReportData& data);
Section rewardSection(const ReportData& data);
Section failureSection(const ReportData& data);
Section steeringSection(const ReportData& data);
Section environmentSection(const ReportData& data);
Section reproductionSection(const ReportData& data, const ReportOptions& options);
Section operatorsSection(const ReportData& data, const ReportOptions& options);

Table measurementTable(std::span<const Measured> measured);

std::string environmentAnchor(EnvironmentId id);
// Words of a command line that a shell reads as they are.
std::string quotedForShell(const std::string& word);

} // namespace synoscope::report
