// Another reward for the open experiment: what it would change, and changing it.
#include "app/workbench/session_backend.h"
#include "app/workbench/session_values.h"
#include "core/experiment/rescore.h"
#include "core/experiment/reward.h"
#include "widgets/common/format.h"

#include <cmath>

namespace synoscope {

using session::translated;

namespace {

std::optional<double> known(double value)
{
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// Without an accuracy although others are trained, it failed, was too slow, or was filtered: that stays.
double rewardThen(const CandidateRow& row, const RewardSettings& reward, bool trains)
{
    if (trains && !std::isfinite(row.accuracy))
        return row.reward;
    RewardComponents components;
    components.accuracy = known(row.accuracy);
    components.latencyRatio = known(1 / row.speedup);
    components.flopsRatio = row.flopsRatio;
    return rewardOf(components, reward);
}

Expected<Rescored> rescoreFile(const QString& file, const ExperimentRecord& experiment, const Problem& problem,
                               const RescoreWatch& watch)
{
    auto store = Store::open(file.toStdString(), OpenMode::mustExist);
    if (!store)
        return store.error();
    return rescore(**store, experiment, problem, watch);
}

QString sentenceFor(const Rescored& rescored)
{
    const QString changed = translated(QT_TRANSLATE_NOOP("Session", "%1 of %2 rewards have changed."))
                                .arg(rescored.changed)
                                .arg(rescored.candidates);
    if (!rescored.after)
        return changed;
    return translated(QT_TRANSLATE_NOOP("Session", "%1 The best is %2 with %3."))
        .arg(changed, QString::fromStdString(rescored.after->hash.substr(0, 8)),
             format::reward(rescored.after->reward));
}

} // namespace

void SessionBackend::previewReward(const RewardSettings& reward, std::uint64_t question)
{
    if (!experiment_)
        return;
    const bool trains = experiment_->settings().train;
    RewardPreview preview;
    preview.question = question;
    for (const auto& [id, row] : rows_) {
        if (!std::isfinite(row.reward))
            continue;
        const double then = rewardThen(row, reward, trains);
        ++preview.candidates;
        preview.changed += std::abs(then - row.reward) > 1e-9;
        preview.zeros += then <= 0;
        if (preview.bestNow.isEmpty() || row.reward > preview.bestRewardNow) {
            preview.bestNow = row.name;
            preview.bestRewardNow = row.reward;
        }
        if (preview.bestThen.isEmpty() || then > preview.bestRewardThen) {
            preview.bestThen = row.name;
            preview.bestRewardThen = then;
        }
    }
    send([preview](SessionPort& port) { Q_EMIT port.rewardPreview(preview); });
}

void SessionBackend::endRewardChange(const QString& sentence)
{
    send([sentence](SessionPort& port) { Q_EMIT port.rewardChangeEnded(sentence); });
}

// A store has one writer: the experiment is closed meanwhile, and opened again whatever came out.
void SessionBackend::changeReward(const RewardSettings& reward, const std::stop_token& stop)
{
    Experiment* experiment = experimentOrFail();
    if (!experiment)
        return endRewardChange({});
    const auto problem = withReward(experiment->problem(), toJson(reward), {});
    if (!problem) {
        fail(problem.error());
        return endRewardChange({});
    }
    const ExperimentRecord record = experiment->record();
    const QString file = file_;
    const bool running = experiment->running();
    close();

    RescoreWatch watch;
    watch.stop = stop;
    watch.progress = [this, told = -1.0](double share) mutable {
        if (share < told + 0.01)
            return;
        told = share;
        send([share](SessionPort& port) { Q_EMIT port.rewardProgress(share); });
    };
    const auto rescored = rescoreFile(file, record, *problem, watch);
    open(file);
    if (experiment_ && running)
        experiment_->start();
    if (!rescored && !stop.stop_requested())
        fail(rescored.error());
    endRewardChange(rescored ? sentenceFor(*rescored) : QString());
}

} // namespace synoscope
