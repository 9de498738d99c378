// The painted views with realistic values, to look at.
//
//     widget_gallery                 shows them in windows
//     widget_gallery --grab DIR      saves a picture of each, light and dark (works with QT_QPA_PLATFORM=offscreen)
#include "core/base/random.h"
#include "core/graph/reader.h"
#include "widgets/common/empty_state.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/graph/graph_canvas.h"
#include "widgets/graph/graph_view.h"
#include "widgets/steering/primitives_panel.h"
#include "widgets/tree/tree_canvas.h"
#include "widgets/tree/tree_view.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>

#include <functional>
#include <memory>

using namespace synoscope;

namespace {

struct MoveText
{
    int kind;
    const char* text;
};

constexpr std::array<MoveText, 14> moves = {{{7, "reduce C_in"},
                                             {7, "reduce C_in*g^-1"},
                                             {7, "reduce k"},
                                             {contractionKind, "contract C_out, k, C_in with w0"},
                                             {contractionKind, "contract g, C_in*g^-1 with w1"},
                                             {2, "shift H by 1"},
                                             {4, "stride k by s"},
                                             {0, "split C_in*g^-1, g"},
                                             {3, "unfold H by k"},
                                             {3, "unfold W by k"},
                                             {1, "merge C_out by g"},
                                             {1, "merge H by s"},
                                             {5, "expand C_out"},
                                             {3, "unfold H by k^2"}}};

// A tree as a search leaves it: some ways are visited often, some are closed.
std::vector<TreeNodeChange> searchTree(int n)
{
    Random random(42);
    std::vector<TreeNodeChange> tree{{.id = 1, .move = {}, .kind = finalizeKind, .visits = static_cast<quint32>(n)}};
    std::vector<int> depth{0};
    while (static_cast<int>(tree.size()) < n) {
        const auto span = static_cast<std::uint32_t>(tree.size());
        const auto above = random.below(3) == 0 ? random.below(span) : span - 1 - random.below(std::min(span, 30u));
        if (depth[above] > 10 || tree[above].state == TreeNodeState::complete)
            continue;
        TreeNodeChange node;
        node.id = tree.size() + 1;
        node.parent = above + 1;
        const MoveText& move = moves[random.below(moves.size())];
        node.move = QString::fromLatin1(move.text);
        node.kind = move.kind;
        node.visits = 1 + static_cast<quint32>(n / (4.0 * (depth[above] + 1)) * random.unit() * random.unit());
        node.mean = std::clamp(tree[above].mean + 0.35 * (random.unit() - 0.45), 0.0, 0.95);
        node.best = std::min(1.0, node.mean + 0.2 * random.unit());
        if (depth[above] >= 6 && random.below(3) == 0) {
            node.state = TreeNodeState::complete;
            node.kind = finalizeKind;
            node.move = QStringLiteral("finalize");
            node.candidate = QStringLiteral("3f9a0c%1").arg(node.id);
        } else if (random.below(14) == 0) {
            node.state = TreeNodeState::closed;
            node.reason = QStringLiteral("no completion stays within the FLOPs limit");
        }
        tree.push_back(node);
        depth.push_back(depth[above] + 1);
    }
    return tree;
}

void steer(std::vector<TreeNodeChange>& tree, int pinned, int pruned)
{
    tree[static_cast<std::size_t>(pinned)].state = TreeNodeState::pinned;
    tree[static_cast<std::size_t>(pruned)].state = TreeNodeState::pruned;
    tree[static_cast<std::size_t>(pruned)].reason = QStringLiteral("pruned at 12:04:31");
}

struct Exhibit
{
    QString name;
    QSize size;
    std::function<QWidget*()> make;
    bool (*ready)(QWidget*) = nullptr;
};

QWidget* tree(int n, TreeLayout layout, TreeColoring coloring, const std::function<void(TreeCanvas*)>& then = {})
{
    auto* view = new TreeView;
    view->canvas()->setAnimated(false);
    auto changes = searchTree(n);
    if (n > 10)
        steer(changes, n / 4, n / 12);
    view->setTreeLayout(layout);
    view->setColoring(coloring);
    view->show();
    view->apply(changes);
    if (then)
        QMetaObject::invokeMethod(
            view, [view, then] { then(view->canvas()); }, Qt::QueuedConnection);
    return view;
}

QWidget* graph(const QString& folder, const QString& name, int binding, const char* lit)
{
    auto* view = new GraphView;
    auto parsed = readPGraph((folder + QLatin1Char('/') + name + QStringLiteral(".pgraph")).toStdString());
    if (!parsed) {
        view->setMessage(QStringLiteral("No graph"), QString::fromStdString(parsed.error().text()));
        return view;
    }
    view->setGraph(*parsed);
    view->setBinding(binding);
    if (lit)
        QObject::connect(view, &GraphView::laidOut, view, [view, graph = *parsed, name = std::string(lit)] {
            for (std::size_t i = 0; i < graph.dimensions().size(); ++i)
                if (graph.dimensions()[i].name == name)
                    return view->canvas()->focusOn(DimensionId(i));
        });
    return view;
}

QWidget* panel(bool steered)
{
    auto* panel = new PrimitivesPanel;
    std::vector<PrimitiveCount> counts;
    Random random(3);
    for (const int kind : {7, contractionKind, 0, 1, 2, 3, 4, 5, finalizeKind})
        counts.push_back({.kind = kind, .moves = random.below(400'000), .candidates = random.below(2'000)});
    counts.back().steerable = false;
    if (steered) {
        counts[5].pinned = true;
        counts[4].pruned = true;
    }
    panel->setCounts(counts);
    if (steered)
        panel->setConstraints(
            {{.id = 1, .pin = true, .kind = 3, .what = "unfold", .scope = "everywhere", .since = "12:04:31"},
             {.id = 2, .pin = false, .kind = 2, .what = "shift", .scope = "everywhere", .since = "12:05:02"},
             {.id = 3,
              .pin = false,
              .kind = -1,
              .what = "merge C_out by g",
              .scope = "below reduce C_in*g^-1, contract C_out, k"}});
    return panel;
}

QWidget* icons()
{
    auto* sheet = new QWidget;
    auto* grid = new QGridLayout(sheet);
    const QStringList files = QDir(QStringLiteral(":/icons")).entryList();
    for (int i = 0; i < files.size(); ++i) {
        auto* picture = new QLabel;
        picture->setPixmap(icon(files[i].chopped(4)).pixmap(24, 24));
        auto* name = new QLabel(files[i].chopped(4));
        grid->addWidget(picture, i / 6, i % 6 * 2);
        grid->addWidget(name, i / 6, i % 6 * 2 + 1);
    }
    return sheet;
}

std::vector<Exhibit> exhibits(const QString& operators)
{
    const auto pictured = [](QWidget* widget) { return static_cast<GraphView*>(widget)->hasPicture(); };
    return {
        {"tree-empty", {700, 420}, [] { return new TreeView; }},
        {"tree-small",
         {760, 460},
         [] { return tree(28, TreeLayout::tidy, TreeColoring::mean, [](TreeCanvas* c) { c->focusOn(9); }); }},
        {"tree-medium", {900, 600}, [] { return tree(400, TreeLayout::tidy, TreeColoring::kind); }},
        {"tree-near",
         {900, 600},
         [] {
             return tree(3000, TreeLayout::tidy, TreeColoring::mean, [](TreeCanvas* c) {
                 c->zoomAt({300, 250}, 30);
                 c->focusOn(c->nodeAt({300, 250}));
             });
         }},
        {"tree-large", {900, 600}, [] { return tree(100'000, TreeLayout::tidy, TreeColoring::mean); }},
        {"tree-search",
         {900, 600},
         [] {
             return tree(1500, TreeLayout::tidy, TreeColoring::visits, [](TreeCanvas* c) {
                 c->setSearch("stride");
                 c->goToMatch(true);
             });
         }},
        {"tree-follow",
         {900, 600},
         [] {
             return tree(3000, TreeLayout::tidy, TreeColoring::mean, [](TreeCanvas* c) { c->setFollowBest(true); });
         }},
        {"icicle-medium", {900, 600}, [] { return tree(400, TreeLayout::icicle, TreeColoring::kind); }},
        {"icicle-large", {900, 600}, [] { return tree(100'000, TreeLayout::icicle, TreeColoring::mean); }},
        {"tree-narrow",
         {330, 260},
         [] { return tree(200, TreeLayout::tidy, TreeColoring::depth, [](TreeCanvas* c) { c->zoomBy(4); }); }},
        {"graph-empty", {520, 420}, [] { return new GraphView; }},
        {"graph-conv2d", {900, 640}, [operators] { return graph(operators, "conv2d", -1, nullptr); }, pictured},
        {"graph-lit", {900, 640}, [operators] { return graph(operators, "conv2d", 0, "y"); }, pictured},
        {"graph-separable",
         {760, 700},
         [operators] { return graph(operators, "depthwise_separable", 0, nullptr); },
         pictured},
        {"graph-narrow", {300, 360}, [operators] { return graph(operators, "low_rank", -1, nullptr); }, pictured},
        {"primitives", {330, 520}, [] { return panel(true); }},
        {"primitives-fresh", {300, 460}, [] { return panel(false); }},
        {"icons", {900, 420}, [] { return icons(); }},
    };
}

bool settle(QWidget* widget, bool (*ready)(QWidget*))
{
    QElapsedTimer clock;
    clock.start();
    do {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    } while (clock.elapsed() < 60 || (ready && !ready(widget) && clock.elapsed() < 10'000));
    return !ready || ready(widget);
}

int grab(const QString& folder, const std::vector<Exhibit>& exhibits, Theme& theme)
{
    int failed = QDir().mkpath(folder) ? 0 : 1;
    for (const ThemeMode mode : {ThemeMode::light, ThemeMode::dark}) {
        theme.setMode(mode);
        for (const Exhibit& exhibit : exhibits) {
            const std::unique_ptr<QWidget> widget(exhibit.make());
            widget->resize(exhibit.size);
            widget->show();
            failed += !settle(widget.get(), exhibit.ready);
            failed +=
                !widget->grab().save(QStringLiteral("%1/%2-%3.png").arg(folder, exhibit.name, Theme::toString(mode)));
        }
    }
    return failed == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCommandLineParser arguments;
    arguments.addHelpOption();
    arguments.addOption({"grab", "Save pictures into a folder and leave.", "folder"});
    arguments.addOption(
        {"operators", "The folder with .pgraph files.", "folder", SYNOSCOPE_SOURCE_DIR "/resources/operators"});
    arguments.process(application);
    Theme theme;
    const auto all = exhibits(arguments.value("operators"));
    if (arguments.isSet("grab"))
        return grab(arguments.value("grab"), all, theme);
    std::vector<std::unique_ptr<QWidget>> windows;
    for (const Exhibit& exhibit : all) {
        windows.emplace_back(exhibit.make());
        windows.back()->setWindowTitle(exhibit.name);
        windows.back()->resize(exhibit.size);
        windows.back()->show();
    }
    return QApplication::exec();
}
