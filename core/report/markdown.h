// A document as Markdown (GitHub's), its pictures as SVG files beside it.
#pragma once

#include "core/report/document.h"

namespace synoscope::report {

struct MarkdownPage
{
    std::string text;
    std::vector<std::pair<std::string, std::string>> pictures{}; // file name and content, to lie in the folder
};

// `folder` is the pictures' as the page is to name it ("report-pictures"); empty: a page without pictures, whose figures
// are told by their captions alone.
MarkdownPage writeMarkdown(const Document& document, const std::string& folder);

} // namespace synoscope::report
