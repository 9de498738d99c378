#include "tests/bench/tree_frames.h"

#include "tests/widgets/tree_samples.h"
#include "widgets/tree/tree_canvas.h"
#include "widgets/tree/tree_view.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>

#include <algorithm>
#include <cstdio>

namespace synoscope {
namespace {

double milliseconds(const QElapsedTimer& timer)
{
    return static_cast<double>(timer.nsecsElapsed()) * 1e-6;
}

class Times
{
public:
    void add(double time) { times_.push_back(time); }
    void print(const char* what)
    {
        std::ranges::sort(times_);
        const auto at = [&](double share) { return times_[static_cast<std::size_t>(share * static_cast<double>(times_.size() - 1))]; };
        std::printf("  %-34s %6.2f ms (95 %%: %6.2f, longest %6.2f)\n", what, at(0.5), at(0.95), times_.back());
    }

private:
    std::vector<double> times_;
};

// Frames: from the change to the painted pixels, as a screen of 1280x800 shows them.

template <typename Change>
void frames(const char* what, TreeCanvas& canvas, int count, Change change)
{
    Times times;
    QImage image(canvas.size(), QImage::Format_ARGB32_Premultiplied);
    for (int i = 0; i < count; ++i) {
        QElapsedTimer timer;
        timer.start();
        change(i);
        canvas.render(&image);
        times.add(milliseconds(timer));
    }
    times.print(what);
}

void printFrames(int nodes, TreeLayout layout)
{
    TreeView view;
    view.resize(1280, 800);
    view.setTreeLayout(layout);
    view.show();
    TreeCanvas& canvas = *view.canvas();
    canvas.setAnimated(false);
    constexpr int batches = 60;
    constexpr int perBatch = 250; // 5000 nodes a second in twenty batches
    const auto all = samples::large(nodes + batches * perBatch);
    QElapsedTimer timer;
    timer.start();
    view.apply(std::span(all).first(static_cast<std::size_t>(nodes)));
    std::printf("%d nodes, %s (taken in within %.0f ms)\n", nodes, layout == TreeLayout::tidy ? "tidy tree" : "icicle",
                milliseconds(timer));
    QCoreApplication::processEvents();
    frames("the whole tree, still", canvas, 60, [](int) {});
    frames("the whole tree, panning", canvas, 60, [&](int i) { canvas.pan({i % 20 < 10 ? 9.0 : -9.0, 5.0}); });
    canvas.zoomToFit();
    frames("zooming in and out", canvas, 60,
           [&](int i) { canvas.zoomAt({640, 300}, i < 30 ? 1.25 : 0.8); });
    canvas.zoomToFit();
    for (int i = 0; i < 30; ++i)
        canvas.zoomAt({640, 300}, 1.25);
    frames("close up, panning", canvas, 60, [&](int i) { canvas.pan({i % 20 < 10 ? 9.0 : -9.0, 5.0}); });
    canvas.zoomToFit();
    frames("growing by 250 nodes a frame", canvas, batches, [&](int i) {
        view.apply(std::span(all).subspan(static_cast<std::size_t>(nodes + i * perBatch), perBatch));
    });
}

} // namespace

void printTreeFrames(int nodes)
{
    for (const TreeLayout layout : {TreeLayout::tidy, TreeLayout::icicle})
        printFrames(nodes, layout);
}

} // namespace synoscope
