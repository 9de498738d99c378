// A report of an experiment: one HTML page that stands alone, or Markdown with its pictures. A tour:
//
//     store --gather--> ReportData --sections--> Document --html, markdown--> page
//              gather.h              sections.h   document.h
//                                    figures.h: plots (plot.h, axis.h) and dimension graphs (core/codegen)
//
// No call waits for a writer, so a report may be made of a search that is running. Any thread, with a Reader of its own.
#pragma once

#include "core/report/document.h"
#include "core/store/reader.h"

namespace synoscope::report {

struct ReportOptions
{
    int best = 10;         // so many operators have a section of their own
    std::string file;      // the store, as commands are to name it
    std::string program;   // "synoscope-cli 0.1.0"
    Timestamp now = currentTime();
};

// Fails where the store cannot be read, or holds an operator or a problem that this program cannot.
Expected<Document> describe(Reader& reader, const ExperimentRecord& experiment, const ReportOptions& options);

} // namespace synoscope::report
