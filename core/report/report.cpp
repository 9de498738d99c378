#include "core/report/report.h"

#include "core/report/sections.h"
#include "core/report/wording.h"

namespace synoscope::report {

Expected<Document> describe(Reader& reader, const ExperimentRecord& experiment, const ReportOptions& options)
{
    const auto data = gather(reader, experiment, options.best);
    if (!data)
        return data.error();
    Document document;
    document.title = "Synoscope: " + experiment.name;
    document.subtitle =
        Text("Operators for " + (experiment.backbone.empty() ? std::string("given shapes") : experiment.backbone) +
             ". Written " + moment(options.now) + " by " + options.program + " from ") +
        code(options.file) + ".";
    document.sections = {summarySection(*data),
                         frontSection(*data),
                         rewardSection(*data),
                         operatorsSection(*data, options),
                         problemSection(*data),
                         steeringSection(*data),
                         failureSection(*data),
                         environmentSection(*data),
                         reproductionSection(*data, options)};
    return document;
}

} // namespace synoscope::report
