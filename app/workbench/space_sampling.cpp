#include "app/workbench/space_sampling.h"

#include "core/synthesis/space_estimate.h"

#include <QtCore/QThreadPool>

#include <atomic>
#include <chrono>
#include <mutex>

namespace synoscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int settleTime = 400;   // milliseconds
constexpr double firstEffort = 2; // seconds
constexpr auto tellEvery = std::chrono::milliseconds(150);

std::atomic<int> samplings = 0;

SpaceFigures figuresOf(const SpaceEstimate& estimate, SpaceFigures::Stage stage)
{
    SpaceFigures figures;
    figures.stage = stage;
    figures.found = estimate.found;
    figures.exhausted = estimate.exhausted;
    figures.estimated = estimate.estimated;
    figures.least = estimate.least;
    figures.likely = estimate.likely;
    figures.most = estimate.most;
    figures.rollouts = estimate.rollouts;
    figures.finished = estimate.finished;
    figures.rolloutSeconds = estimate.rolloutSeconds;
    figures.seconds = estimate.seconds;
    return figures;
}

} // namespace

// What the thread and the one who asked have in common.
struct SpaceSampling::Job
{
    std::atomic<bool> cancelled = false;
    std::mutex mutex;
    SpaceSampling* receiver = nullptr; // guarded by the mutex; nobody when it has lost interest

    void tell(const SpaceFigures& figures)
    {
        const std::lock_guard lock(mutex);
        if (receiver != nullptr)
            QMetaObject::invokeMethod(
                receiver,
                [asker = receiver, job = this, figures] {
                    if (asker->job_.get() == job)
                        Q_EMIT asker->changed(figures);
                },
                Qt::QueuedConnection);
    }
    void leave()
    {
        cancelled = true;
        const std::lock_guard lock(mutex);
        receiver = nullptr;
    }
};

SpaceSampling::SpaceSampling(QObject* parent) : QObject(parent), seconds_(firstEffort)
{
    settled_.setSingleShot(true);
    settled_.setInterval(settleTime);
    connect(&settled_, &QTimer::timeout, this, &SpaceSampling::start);
}

SpaceSampling::~SpaceSampling()
{
    cancel();
}

int SpaceSampling::running()
{
    return samplings;
}

void SpaceSampling::restart(std::shared_ptr<const Problem> problem)
{
    cancel();
    problem_ = std::move(problem);
    seconds_ = firstEffort;
    SpaceFigures figures;
    figures.stage = problem_ ? SpaceFigures::Stage::waiting : SpaceFigures::Stage::none;
    Q_EMIT changed(figures);
    if (problem_)
        settled_.start();
}

void SpaceSampling::longer()
{
    cancel();
    seconds_ *= 4;
    if (problem_)
        start();
}

void SpaceSampling::cancel()
{
    settled_.stop();
    if (job_)
        job_->leave();
    job_.reset();
}

void SpaceSampling::start()
{
    job_ = std::make_shared<Job>();
    job_->receiver = this;
    ++samplings;
    QThreadPool::globalInstance()->start([job = job_, problem = problem_, seconds = seconds_] {
        auto told = Clock::now();
        const SpaceEstimate estimate = estimateSpace(problem, {.seconds = seconds}, [&](const SpaceEstimate& soFar) {
            if (const auto now = Clock::now(); now - told > tellEvery) {
                told = now;
                job->tell(figuresOf(soFar, SpaceFigures::Stage::sampling));
            }
            return !job->cancelled;
        });
        job->tell(figuresOf(estimate, SpaceFigures::Stage::done));
        --samplings;
    });
}

} // namespace synoscope
