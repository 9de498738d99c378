// How long a frame of the search tree takes: still, panning, zooming, growing. Apart from bench_workbench's other file, as the
// tree of the view and that of the search use the same names.
#pragma once

namespace synoscope {

void printTreeFrames(int nodes); // as tidy tree and as icicle

} // namespace synoscope
