#include "tests/app/workbench/scene.h"

#include "app/workbench/view_wiring.h"
#include "core/base/random.h"
#include "core/graph/formula.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QElapsedTimer>
#include <QtCore/QTemporaryFile>

namespace synoscope {

namespace {

constexpr std::array zoo{"conv2d",   "depthwise_separable", "grouped", "low_rank", "shift", "dilated", "pooled",
                         "depthwise"};

struct MoveText
{
    int kind;
    const char* text;
};

constexpr std::array<MoveText, 10> moves{{{int(PrimitiveKind::reduce), "reduce C_in"},
                                          {int(PrimitiveKind::reduce), "reduce k"},
                                          {contractionKind, "contract C_out, C_in with w0"},
                                          {contractionKind, "contract g, C_in*g^-1, k with w1"},
                                          {int(PrimitiveKind::shift), "shift H by 1"},
                                          {int(PrimitiveKind::split), "split C_in*g^-1, g"},
                                          {int(PrimitiveKind::unfold), "unfold H by k"},
                                          {int(PrimitiveKind::unfold), "unfold W by k"},
                                          {int(PrimitiveKind::merge), "merge C_out by g"},
                                          {int(PrimitiveKind::expand), "expand C_out"}}};

std::vector<TreeNodeChange> searchTree(std::size_t size)
{
    Random random(42);
    std::vector<TreeNodeChange> tree{
        {.id = 1, .move = {}, .kind = finalizeKind, .visits = static_cast<quint32>(size), .mean = 0.3, .best = 0.72}};
    std::vector<int> depth{0};
    while (tree.size() < size) {
        const auto span = static_cast<std::uint32_t>(tree.size());
        const auto above = random.below(3) == 0 ? random.below(span) : span - 1 - random.below(std::min(span, 30u));
        if (depth[above] > 9 || tree[above].state == TreeNodeState::complete)
            continue;
        const MoveText& move = moves[random.below(moves.size())];
        TreeNodeChange node{
            .id = tree.size() + 1, .parent = above + 1, .move = QString::fromLatin1(move.text), .kind = move.kind};
        node.visits = 1 + static_cast<quint32>(static_cast<double>(size) / (3.0 * (depth[above] + 1)) * random.unit());
        node.mean = std::clamp(tree[above].mean + 0.3 * (random.unit() - 0.45), 0.0, 0.95);
        node.best = std::min(1.0, node.mean + 0.2 * random.unit());
        if (depth[above] >= 5 && random.below(3) == 0) {
            node.state = TreeNodeState::complete;
            node.kind = finalizeKind;
            node.move = QStringLiteral("finalize");
        }
        tree.push_back(node);
        depth.push_back(depth[above] + 1);
    }
    return tree;
}

std::vector<CandidateRow> manyCandidates(const std::vector<TreeNodeChange>& tree)
{
    Random random(7);
    std::vector<CandidateRow> rows;
    for (const TreeNodeChange& node : tree) {
        if (node.state != TreeNodeState::complete)
            continue;
        CandidateRow row;
        row.id = static_cast<std::int64_t>(rows.size()) + 1;
        row.node = node.id;
        row.hash = QStringLiteral("%1").arg(random(), 16, 16, QLatin1Char('0'));
        row.name = QStringLiteral("%1-%2").arg(QString::fromLatin1(zoo[rows.size() % zoo.size()]), row.hash.left(4));
        row.iteration = 5 + row.id * 9;
        row.flopsRatio = 0.15 + 0.75 * random.unit();
        row.flops = row.flopsRatio * 31.2e6;
        row.params = static_cast<std::int64_t>(2000 + 70000 * row.flopsRatio * random.unit());
        row.primitives = static_cast<std::uint16_t>(
            (1u << int(PrimitiveKind::share)) | (1u << int(PrimitiveKind::reduce)) |
            (random.below(2) << int(PrimitiveKind::unfold)) | (random.below(2) << int(PrimitiveKind::shift)));
        const auto luck = random.below(10);
        row.state = luck < 6   ? CandidateStage::measured
                    : luck < 7 ? CandidateStage::measuring
                    : luck < 9 ? CandidateStage::queued
                               : CandidateStage::failed;
        if (row.state == CandidateStage::measured) {
            row.accuracy = 0.42 + 0.3 * std::sqrt(row.flopsRatio) * (0.7 + 0.3 * random.unit());
            row.speedup = 0.6 + 1.6 * random.unit() * (1.1 - row.flopsRatio);
            row.reward = std::pow(std::clamp((row.accuracy - 0.4) / 0.3, 0.0, 1.0), 4);
        }
        row.starred = random.below(12) == 0;
        row.pruned = random.below(14) == 0;
        if (row.id == 3)
            row.note = QStringLiteral("train longer");
        rows.push_back(row);
    }
    return rows;
}

std::vector<JobRow> someJobs()
{
    const auto job = [](std::int64_t id, JobKind kind, JobRowState state, const char* title, double progress,
                        double left, const char* message) {
        JobRow row;
        row.id = id;
        row.candidate = id;
        row.kind = kind;
        row.state = state;
        row.pausable = kind == JobKind::training;
        row.title = QString::fromUtf8(title);
        row.progress = progress;
        row.secondsLeft = left;
        row.message = QString::fromUtf8(message);
        return row;
    };
    const double unknown = JobRow::unknown;
    return {job(1, JobKind::proxy, JobRowState::queued, "operator c05e11d0", unknown, unknown, ""),
            job(2, JobKind::training, JobRowState::running, "operator 3f9a01c2", 0.65, 12,
                "epoch 4 of 6, loss 1.204, accuracy 58.1 %"),
            job(3, JobKind::benchmark, JobRowState::queued, "operator a01c44e8", unknown, unknown, "waits for the CPU"),
            job(4, JobKind::training, JobRowState::paused, "operator 77de90b1", 0.3, unknown, "paused at epoch 2"),
            job(5, JobKind::benchmark, JobRowState::failed, "operator 19bc5f03", 0.1, unknown,
                "The compiled operator gave NaN for the binding C_in=32 C_out=32 H=8 W=8."),
            job(6, JobKind::benchmark, JobRowState::done, "operator 55117a9c", 1, unknown,
                "1.31× faster than the baseline"),
            job(7, JobKind::training, JobRowState::done, "operator 55117a9c", 1, unknown, "accuracy 66.2 %")};
}

std::vector<CurvePoint> someCurves()
{
    Random random(3);
    std::vector<CurvePoint> points;
    for (std::int64_t run = 1; run <= 5; ++run) {
        double loss = 2.3;
        double accuracy = 0.1;
        for (int epoch = 1; epoch <= 3 + static_cast<int>(run) % 4; ++epoch) {
            loss *= 0.72 + 0.1 * random.unit();
            accuracy += (0.75 - accuracy) * (0.25 + 0.1 * random.unit());
            points.push_back({run, run,
                              QStringLiteral("%1-%2")
                                  .arg(QString::fromLatin1(zoo[static_cast<std::size_t>(run)]))
                                  .arg(run * 1731, 4, 16),
                              epoch, loss, accuracy});
        }
    }
    return points;
}

OperatorDetails richDetails(const CandidateRow& row)
{
    OperatorDetails details =
        zooDetails(row.id, QString::fromLatin1(zoo[static_cast<std::size_t>(row.id - 1) % zoo.size()]),
                   QStringLiteral(SYNOSCOPE_SOURCE_DIR));
    const QString formulaText = QString::fromStdString(formula(*details.graph));
    details.documents = {
        {QStringLiteral("pytorch"),
         QStringLiteral("PyTorch"),
         QStringLiteral("operator.py"),
         Language::python,
         QStringLiteral("# %1\nimport torch\nfrom torch import nn\n\n\nclass Operator(nn.Module):\n"
                        "    \"\"\"%2\"\"\"\n\n    def __init__(self, c_in: int, c_out: int, k: int = 3):\n"
                        "        super().__init__()\n        self.w0 = nn.Parameter(torch.empty(c_out, c_in, k, k))\n"
                        "        nn.init.kaiming_uniform_(self.w0, a=5 ** 0.5)\n\n    def forward(self, x):\n"
                        "        # windows of k x k, zero padding\n        return torch.nn.functional.conv2d(x, "
                        "self.w0, padding=1)\n")
             .arg(row.hash, formulaText),
         {Verification::State::verified, 3.1e-7, 1e-5, QStringLiteral("forward and gradient, 3 bindings")}},
        {QStringLiteral("libtorch"),
         QStringLiteral("libtorch C++"),
         QStringLiteral("operator.h"),
         Language::cpp,
         QStringLiteral("#pragma once\n#include <torch/torch.h>\n"),
         {Verification::State::notVerified, {}, {}, {}}},
        {QStringLiteral("formula"),
         QStringLiteral("Formula"),
         QStringLiteral("operator.txt"),
         Language::plain,
         formulaText,
         {}}};
    details.inspector = {
        .candidate = row.id,
        .name = row.name,
        .hash = row.hash,
        .formula = formulaText,
        .costs = {{QStringLiteral("C_in=16 C_out=16 H=16 W=16"), 3, 1.18e6, 0.42, 2304, 65536, 131072},
                  {QStringLiteral("C_in=32 C_out=32 H=8 W=8"), 2, 1.18e6, 0.42, 9216, 49152, 65536}},
        .weights = {{QStringLiteral("w0"), QStringLiteral("C_out × C_in × k × k"), QStringLiteral("16 × 16 × 3 × 3")}},
        .moves = {{2, QStringLiteral("reduce C_in")},
                  {5, QStringLiteral("reduce k")},
                  {9, QStringLiteral("contract C_out, C_in with w0")},
                  {12, QStringLiteral("unfold H by k")},
                  {14, QStringLiteral("unfold W by k")},
                  {21, QStringLiteral("finalize")}},
        .maps = {},
        .measurements = {{QStringLiteral("Latency"), QStringLiteral("212 µs (p10 208, p90 221), 1.31× faster"),
                          QStringLiteral("libtorch, cpu, float32, 1 thread"),
                          QStringLiteral("AMD EPYC, g++ 12.2, libtorch 1.13.1")},
                         {QStringLiteral("Accuracy"),
                          QStringLiteral("66.2 % after 6 epochs"),
                          QStringLiteral("builtin-10, resnet8, seed 1"),
                          {}}},
        .layers = {{QStringLiteral("C_in=16 C_out=16 H=16 W=16"), 3, 212, 278, 1.31, 1.27, 1.34},
                   {QStringLiteral("C_in=16 C_out=32 H=16 W=16 stride 2"), 1, 161, 148, 0.92, 0.88, 0.97},
                   {QStringLiteral("C_in=32 C_out=32 H=8 W=8"), 2, 118, 171, 1.45, 1.39, 1.52},
                   {{}, 1, 1630, 1990, 1.22, 1.2, 1.25}},
        .note = row.note};
    using Map = InspectorValues::Map;
    const Binding& layer = details.graph->bindings().back();
    if (details.graph->input().size() == 4) {
        if (auto field = receptiveField(*details.graph, layer, 2, 3))
            details.inspector.maps << Map{Map::What::receptiveField, *std::move(field)};
        if (auto channels = connectivity(*details.graph, layer, 1, 1))
            details.inspector.maps << Map{Map::What::channels, *std::move(channels)};
    }
    return details;
}

} // namespace

void showWindow(MainWindow& window, ThemeMode mode, QSize size)
{
    window.setThemeMode(mode);
    window.resize(size);
    window.show();
    settle(100);
    window.resetLayout();
}

void showScene(ScriptedSession& session, MainWindow& window)
{
    QTemporaryFile file(QDir::tempPath() + QStringLiteral("/demo-XXXXXX.synoscope"));
    if (!file.open())
        qFatal("no temporary file");
    window.openPath(file.fileName());
    const auto tree = searchTree(900);
    const auto rows = manyCandidates(tree);
    for (const CandidateRow& row : rows)
        session.details[row.id] = richDetails(row);
    session.logs[5] = QStringLiteral(
        "compiling dilated-19bc\nrunning binding 0\nrunning binding 1\nNaN in the output at [0, 3, 1, 1]");
    Q_EMIT session.treeChanged(tree);
    Q_EMIT session.candidatesChanged(rows);
    Q_EMIT session.jobsChanged(someJobs());
    Q_EMIT session.curvesChanged(someCurves());
    std::vector<PrimitiveCount> counts;
    for (int kind = 0; kind < colouredKinds; ++kind)
        counts.push_back({.kind = kind,
                          .moves = static_cast<quint64>(17 * (kind + 3)),
                          .candidates = static_cast<quint64>(11 * kind),
                          .steerable = kind != finalizeKind});
    Q_EMIT session.primitivesChanged(counts);
    SteeringDecision prune;
    prune.target = SteeringDecision::Target::kind;
    prune.kind = int(PrimitiveKind::stride);
    session.apply(prune);
    SessionStatus status;
    status.phase = SearchPhase::running;
    status.iterations = 12345;
    status.iterationsPerSecond = 87.4;
    status.nodes = tree.size();
    status.candidates = rows.size();
    status.duplicates = 1;
    status.evaluated = rows.size() * 6 / 10;
    status.waiting = 24;
    status.standsFor = 24;
    status.bestReward = 0.731;
    status.memoryBytes = 38u << 20;
    status.secondsLeft = std::nan("");
    Q_EMIT session.statusChanged(status);
    window.wiring().selectCandidate(3);
}

void settle(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < milliseconds)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
}

} // namespace synoscope
