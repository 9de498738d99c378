// What a report looks like: the colours are those of the workbench (widgets/common/colors.cpp).
#include "core/report/plot.h"
#include "core/report/style.h"

namespace synoscope::report {

std::string colourVariables()
{
    return R"css(:root { color-scheme: light dark;
  --paper: #fcfcfd; --surface: #ffffff; --ink: #1b1f24; --muted: #59626e; --outline: #c3c9d2; --grid: #e6e9ee;
  --accent: #1f66d1; --good: #1a7f4b; --warning: #a86400; --other: #7a4fb5; --dot: #7d8794; --code: #f3f5f8; }
@media screen and (prefers-color-scheme: dark) { :root {
  --paper: #17191d; --surface: #1f2329; --ink: #e6e8eb; --muted: #a0a9b6; --outline: #4a525e; --grid: #2f353e;
  --accent: #6aa5ff; --good: #5fce91; --warning: #e9b44c; --other: #bf9bf2; --dot: #8a94a2; --code: #242930; } }
)css";
}

std::string plotRules()
{
    return R"css(.plot { font: 12px system-ui, "Helvetica Neue", Arial, sans-serif; }
.plot text { fill: var(--ink); }
.plot .tick, .plot .note { fill: var(--muted); }
.plot path { fill: none; }
.plot .grid { stroke: var(--grid); }
.plot .note { paint-order: stroke; stroke: var(--surface); stroke-width: 3px; stroke-linejoin: round; }
.plot .axis { stroke: var(--muted); }
.plot .reference { stroke: var(--muted); stroke-dasharray: 2 4; }
.plot .c0 { --c: var(--dot); }
.plot .c1 { --c: var(--accent); }
.plot .c2 { --c: var(--good); }
.plot .c3 { --c: var(--warning); }
.plot .c4 { --c: var(--other); }
.plot .dot { fill: var(--c); }
.plot .cloud { stroke: var(--c); stroke-width: 5; stroke-linecap: round; opacity: 0.75; }
.plot .line { stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
.plot .band { fill: var(--c); opacity: 0.14; }
.plot .dashed { stroke-dasharray: 6 4; }
.plot .bar { stroke: var(--c); stroke-width: 1; opacity: 0.7; }
.plot .mark { fill: var(--c); stroke: var(--surface); stroke-width: 1.2; }
)css";
}

std::string standalone(const std::string& svg)
{
    const std::size_t begin = svg.find('>') + 1; // behind <svg ...>
    return svg.substr(0, begin) + "<style>\n" + colourVariables() + plotRules() + "</style>\n" +
           R"svg(<rect width="100%" height="100%" style="fill: var(--surface)"/>)svg" + svg.substr(begin) + "\n";
}

std::string pageRules()
{
    return R"css(* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
main, header { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
main { padding-bottom: 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.3rem; margin: 2.75rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--outline); }
h3 { font-size: 1.08rem; margin: 0 0 .75rem; }
p { margin: .5rem 0 .9rem; max-width: 48rem; }
.subtitle { color: var(--muted); margin: 0; max-width: none; }
a { color: var(--accent); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: 1rem 0 0; }
code, pre { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--code); border-radius: 6px; padding: .7rem .9rem; margin: .4rem 0 1rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.card { background: var(--surface); border: 1px solid var(--outline); border-radius: 8px; padding: 1.1rem 1.25rem .5rem;
  margin: 1.25rem 0; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: .5rem 0 1rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; min-width: 0; }
.wide { overflow-x: auto; margin: .5rem 0 1.1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .2rem 0 .35rem; }
th { text-align: left; font-weight: 600; color: var(--muted); font-size: .87rem; vertical-align: bottom; }
th, td { padding: .22rem 1.1rem .22rem 0; border-bottom: 1px solid var(--grid); vertical-align: top; }
td { min-width: 5.5rem; }
th.n, td.n { text-align: right; white-space: nowrap; min-width: 0; }
figure { margin: .75rem 0 1.25rem; overflow-x: auto; }
figure svg { display: block; max-width: 100%; height: auto; }
.graph svg { background: #ffffff; border: 1px solid var(--outline); border-radius: 6px; max-height: 46rem; }
figcaption { color: var(--muted); font-size: .9rem; margin-top: .4rem; max-width: 48rem; }
details { margin: .2rem 0 .7rem; }
summary { cursor: pointer; font-weight: 600; }
@media screen and (prefers-color-scheme: dark) {
  .graph svg { background: var(--surface); }
  .graph polygon[fill="white"] { fill: var(--surface); }
  .graph text[fill="#1b1f24"] { fill: var(--ink); }
  .graph text[fill="#59626e"] { fill: var(--muted); }
  .graph [stroke="#59626e"] { stroke: #8993a1; }
  .graph polygon[fill="#59626e"] { fill: #8993a1; } }
@media print { body { font-size: 10.5pt; background: #ffffff; }
  main, header { max-width: none; padding-left: 0; padding-right: 0; }
  nav { display: none; }
  .card { border: 0; border-top: 1px solid var(--outline); border-radius: 0; padding: .8rem 0 0; }
  .wide, figure { overflow: visible; }
  h2, h3, caption { break-after: avoid; }
  tr, figure, pre { break-inside: avoid; }
  .graph svg { max-height: 17cm; } }
)css";
}

} // namespace synoscope::report
