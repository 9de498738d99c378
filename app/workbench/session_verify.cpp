// Exported code run against the operator's definition: a job with a Python process of its own, so that nobody waits for it,
// and that ends with the experiment.
#include "app/workbench/session_backend.h"
#include "app/workbench/session_values.h"
#include "core/jobs/child_process.h"

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>

#include <charconv>

namespace synoscope {

using session::translated;

namespace {

constexpr auto selfCheckLimit = std::chrono::seconds(120);
constexpr double selfCheckTolerance = 1e-4; // single precision

// The number behind the last "error" in what a self-check prints: "self-check passed: max relative error 2.1e-07".
double printedError(const std::string& output)
{
    const std::size_t at = output.rfind("error");
    double value = std::numeric_limits<double>::quiet_NaN();
    if (at == std::string::npos)
        return value;
    const std::size_t digits = output.find_first_of("0123456789", at);
    if (digits != std::string::npos)
        std::from_chars(output.data() + digits, output.data() + output.size(), value);
    return value;
}

Verification notVerified(const QString& why)
{
    Verification verification;
    verification.state = Verification::State::notVerified;
    verification.details = why;
    return verification;
}

// What came out; nothing: it was cancelled.
std::optional<Verification> judge(const ChildOutput& child, const std::stop_token& stop)
{
    if (stop.stop_requested())
        return std::nullopt;
    Verification verification;
    verification.details = QString::fromStdString(child.output + child.exit.errorOutput);
    if (child.exit.succeeded()) {
        verification.state = Verification::State::verified;
        verification.error = printedError(child.output);
        verification.tolerance = selfCheckTolerance;
        return verification;
    }
    if (verification.details.isEmpty())
        verification.details = QString::fromStdString("The self-check " + child.exit.sentence);
    const bool missing = child.exit.errorOutput.find("No module named") != std::string::npos; // says nothing about the code
    verification.state = missing ? Verification::State::notVerified : Verification::State::failed;
    return verification;
}

// The exported Python file checks itself, forward and gradient.
std::optional<Verification> runSelfCheck(const std::string& code, const std::stop_token& stop)
{
    const QTemporaryDir folder;
    // Not operator.py: Python looks beside the file first, and would take it for its own module of that name.
    QFile file(folder.filePath(QStringLiteral("exported_operator.py")));
    if (!file.open(QIODevice::WriteOnly) || file.write(code.data(), static_cast<qint64>(code.size())) < 0)
        return notVerified(file.errorString());
    file.close();
    ChildCommand command;
    command.words = {"/usr/bin/python3", file.fileName().toStdString()};
    command.limits.time = selfCheckLimit;
    const auto child = runChild(command, {}, stop);
    return child ? judge(*child, stop) : notVerified(QString::fromStdString(child.error().message));
}

} // namespace

void SessionBackend::verify(std::int64_t candidate, const QString& format)
{
    Experiment* experiment = experimentOrFail();
    if (!experiment)
        return;
    if (const auto known = verifications_.find(candidate); known != verifications_.end() && known->second.job.valid())
        return; // is under way
    CandidateRecord record;
    const auto graph = operatorOf(candidate, record);
    if (!graph)
        return fail(graph.error());
    if (format != QLatin1String("pytorch"))
        return fail(
            Error{translated(QT_TRANSLATE_NOOP("Session",
                                               "Only the PyTorch export carries a self-check that can be run here."))
                      .toStdString()});
    const auto code = synoscope::exportOperator(*graph, ExportFormat::pytorch);
    if (!code)
        return fail(code.error());
    // A cancelled job that is tried again later comes here again; one that never ran only has an end.
    const auto tell = [this, candidate, opening = opening_](const Verification& verification) {
        post([candidate, opening, verification](SessionBackend& b) {
            if (b.opening_ == opening)
                b.takeVerification(candidate, verification);
        });
    };
    JobRequest job;
    job.kind = "verification";
    job.title = "operator " + record.hash.substr(0, 8);
    job.resources.cores = 0; // a few seconds of another process, and somebody waits for it: not behind the trainings
    job.priority = 20;
    job.run = [tell, code = *code](JobContext& context) -> Expected<void> {
        const auto verification = runSelfCheck(code, context.stopToken());
        if (!verification)
            return {}; // cancelled: `finished` tells
        tell(*verification);
        if (verification->state == Verification::State::failed)
            return Error{
                translated(QT_TRANSLATE_NOOP("Session", "The exported code failed its self-check.")).toStdString(),
                {},
                0,
                0,
                verification->details.toStdString()};
        return {};
    };
    job.finished = [tell](const JobSnapshot& ended) {
        if (ended.state == JobState::cancelled)
            tell(notVerified({}));
    };
    const auto submitted = experiment->jobs().submit(std::move(job));
    if (!submitted)
        return fail(submitted.error());
    Verifying& one = verifications_[candidate];
    one.job = *submitted;
    one.verification.state = Verification::State::running;
    sendDetails(candidate);
}

void SessionBackend::cancelVerification(std::int64_t candidate)
{
    const auto known = verifications_.find(candidate);
    if (experiment_ && known != verifications_.end() && known->second.job.valid())
        experiment_->jobs().cancel(known->second.job);
}

void SessionBackend::takeVerification(std::int64_t candidate, const Verification& verification)
{
    verifications_[candidate] = {{}, verification};
    sendDetails(candidate);
}

} // namespace synoscope
