#include "app/workbench/session.h"

#include "app/workbench/session_backend.h"
#include "app/workbench/session_factory.h"
#include "core/base/resources.h"

#include <QtCore/QDir>
#include <QtCore/QStandardPaths>

namespace synoscope {

Session::Session() : backend_(std::make_unique<SessionBackend>(*this)) {}
Session::~Session()
{
    rewardChange_.request_stop();
}

void Session::open(const QString& file)
{
    backend_->post([file](SessionBackend& b) { b.open(file); });
}
void Session::create(const QString& problem, const QString& file)
{
    backend_->post([problem, file](SessionBackend& b) { b.create(problem, file); });
}
void Session::openOrCreate(const QString& problem, const QString& file)
{
    backend_->post([problem, file](SessionBackend& b) {
        Experiment::existsIn(file.toStdString()) ? b.open(file) : b.create(problem, file);
    });
}
void Session::importOperator(const QString& file)
{
    backend_->post([file](SessionBackend& b) { b.importOperator(file); });
}
void Session::close()
{
    backend_->post([](SessionBackend& b) { b.close(); });
}

void Session::start()
{
    backend_->postToExperiment([](Experiment& e) { e.start(); });
}
void Session::pause()
{
    backend_->postToExperiment([](Experiment& e) { e.pause(); });
}
void Session::step()
{
    backend_->postToExperiment([](Experiment& e) { e.step(); });
}
void Session::rolloutFrom(std::uint64_t node)
{
    backend_->postToExperiment([node](Experiment& e) { e.rolloutFrom(node); });
}

void Session::previewReward(const RewardSettings& reward, std::uint64_t question)
{
    backend_->post([reward, question](SessionBackend& b) { b.previewReward(reward, question); });
}
void Session::changeReward(const RewardSettings& reward)
{
    rewardChange_ = std::stop_source();
    backend_->post([reward, stop = rewardChange_.get_token()](SessionBackend& b) { b.changeReward(reward, stop); });
}
void Session::cancelRewardChange()
{
    rewardChange_.request_stop();
}

void Session::apply(const SteeringDecision& decision)
{
    backend_->post([decision](SessionBackend& b) { b.apply(decision); });
}
void Session::lift(const SteeringDecision& decision)
{
    backend_->post([decision](SessionBackend& b) { b.lift(decision); });
}

void Session::requestDetails(std::int64_t candidate)
{
    backend_->post([candidate](SessionBackend& b) { b.sendDetails(candidate); });
}
void Session::requestCandidatesBelow(std::uint64_t node)
{
    backend_->post([node](SessionBackend& b) { b.sendCandidatesBelow(node); });
}
void Session::setStar(std::int64_t candidate, bool starred)
{
    backend_->post([candidate, starred](SessionBackend& b) { b.setStar(candidate, starred); });
}
void Session::setNote(std::int64_t candidate, const QString& note)
{
    backend_->post([candidate, note](SessionBackend& b) { b.setNote(candidate, note); });
}
void Session::setRemoved(std::int64_t candidate, bool removed)
{
    backend_->post([candidate, removed](SessionBackend& b) { b.setRemoved(candidate, removed); });
}
void Session::verify(std::int64_t candidate, const QString& format)
{
    backend_->post([candidate, format](SessionBackend& b) { b.verify(candidate, format); });
}
void Session::cancelVerification(std::int64_t candidate)
{
    backend_->post([candidate](SessionBackend& b) { b.cancelVerification(candidate); });
}
void Session::exportOperator(std::int64_t candidate, const QString& format, int layer, const QString& file)
{
    backend_->post([candidate, format, layer, file](SessionBackend& b) {
        b.exportOperator(candidate, format, layer, file);
    });
}

void Session::pauseJob(std::int64_t job)
{
    backend_->postToExperiment([job](Experiment& e) { e.jobs().pause(JobId{static_cast<std::uint64_t>(job)}); });
}
void Session::resumeJob(std::int64_t job)
{
    backend_->postToExperiment([job](Experiment& e) { e.jobs().resume(JobId{static_cast<std::uint64_t>(job)}); });
}
void Session::cancelJob(std::int64_t job)
{
    backend_->postToExperiment([job](Experiment& e) { e.jobs().cancel(JobId{static_cast<std::uint64_t>(job)}); });
}
void Session::retryJob(std::int64_t job)
{
    backend_->postToExperiment([job](Experiment& e) { e.jobs().retry(JobId{static_cast<std::uint64_t>(job)}); });
}
void Session::requestLog(std::int64_t job)
{
    backend_->post([job](SessionBackend& b) { b.sendLog(job); });
}

std::unique_ptr<SessionPort> makeSession()
{
    return std::make_unique<Session>();
}

void openDefaultExperiment(SessionPort& port)
{
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                      QStringLiteral("/synoscope"));
    folder.mkpath(QStringLiteral("."));
    const QString file = folder.filePath(QStringLiteral("demo.synoscope"));
    const std::filesystem::path problem = resourceFolder() / "problems" / "conv2d-tiny.json";
    port.openOrCreate(QString::fromStdString(problem.string()), file);
}

} // namespace synoscope
