// All about one operator: shown, exported, verified.
#include "app/workbench/session_backend.h"
#include "app/workbench/session_values.h"
#include "core/codegen/export.h"
#include "core/graph/reader.h"
#include "core/jobs/child_process.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFileInfo>
#include <QtCore/QSaveFile>
#include <QtCore/QTemporaryDir>

#include <charconv>

namespace synoscope {

namespace {

constexpr auto selfCheckLimit = std::chrono::seconds(120);
constexpr double selfCheckTolerance = 1e-4; // single precision

QString tr(const char* text)
{
    return QCoreApplication::translate("Session", text);
}

Error cannotWrite(const QString& file, const QString& why)
{
    return Error{tr(QT_TRANSLATE_NOOP("Session", "The file cannot be written: %1.")).arg(why).toStdString(),
                 file.toStdString()};
}

Expected<void> save(const QString& file, const std::string& text)
{
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(text.data(), static_cast<qint64>(text.size())) < 0 ||
        !out.commit())
        return cannotWrite(file, out.errorString());
    return {};
}

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

// Runs the exported Python file: it checks itself against the operator's definition, forward and gradient.
Verification runSelfCheck(const std::string& code)
{
    Verification verification;
    verification.state = Verification::State::failed;
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("operator.py"));
    if (const auto saved = save(file, code); !saved) {
        verification.details = QString::fromStdString(saved.error().text());
        return verification;
    }
    ChildCommand command;
    command.words = {"/usr/bin/python3", file.toStdString()};
    command.limits.time = selfCheckLimit;
    auto child = ChildProcess::start(command);
    if (!child) {
        verification.state = Verification::State::notVerified;
        verification.details = QString::fromStdString(child.error().message);
        return verification;
    }
    std::string output;
    for (;;) {
        const ReadResult line = child->readLine(selfCheckLimit);
        if (line.status != ReadStatus::line)
            break;
        output += line.line + '\n';
    }
    const ChildExit end = child->wait();
    verification.details = QString::fromStdString(output + end.errorOutput);
    if (!end.succeeded()) {
        if (end.errorOutput.find("No module named") != std::string::npos) // says nothing about the code
            verification.state = Verification::State::notVerified;
        return verification;
    }
    verification.error = printedError(output);
    verification.tolerance = selfCheckTolerance;
    verification.state = Verification::State::verified;
    return verification;
}

} // namespace

Expected<PGraph> SessionBackend::operatorOf(std::int64_t candidate, CandidateRecord& record)
{
    auto found = reader_->candidate(CandidateId(candidate));
    if (!found)
        return found.error();
    record = std::move(*found);
    return parsePGraph(record.pgraph, record.hash);
}

OperatorDetails SessionBackend::detailsOf(const CandidateRecord& record, const PGraph& graph,
                                          std::span<const EvaluationRecord> evaluations)
{
    OperatorDetails details;
    details.candidate = record.id.value;
    details.graph = std::make_shared<const PGraph>(graph);
    details.documents = session::documents(graph);
    details.inspector = session::inspector(record, graph, experiment_->problem(), evaluations, *reader_);
    return details;
}

void SessionBackend::sendDetails(std::int64_t candidate)
{
    Experiment* experiment = experimentOrFail();
    if (!experiment)
        return;
    CandidateRecord record;
    const auto graph = operatorOf(candidate, record);
    if (!graph)
        return fail(graph.error());
    const auto evaluations = reader_->evaluations(record.id);
    if (!evaluations)
        return fail(evaluations.error());
    const OperatorDetails details = detailsOf(record, *graph, *evaluations);
    send([details](SessionPort& port) { Q_EMIT port.operatorDetails(details); });

    std::vector<CurveChange> curves; // of runs that ended before the window was there
    for (const EvaluationRecord& evaluation : *evaluations) {
        if (evaluation.kind != EvaluationKind::training)
            continue;
        const auto epochs = reader_->epochs(evaluation.id);
        for (std::size_t i = 0; epochs && i < epochs->size(); ++i)
            curves.push_back({record.id, (*epochs)[i]});
    }
    pollCurves(curves);
}

void SessionBackend::exportOperator(std::int64_t candidate, const QString& file)
{
    if (!experimentOrFail())
        return;
    CandidateRecord record;
    const auto graph = operatorOf(candidate, record);
    if (!graph)
        return fail(graph.error());
    // The longest ending counts: x.halide.cpp is a Halide pipeline, x.cpp a kernel.
    const FormatInfo* chosen = nullptr;
    for (const FormatInfo& format : formats())
        if (file.toStdString().ends_with('.' + std::string(format.suffix)) &&
            (!chosen || format.suffix.size() > chosen->suffix.size()))
            chosen = &format;
    if (chosen) {
        const auto code = synoscope::exportOperator(*graph, chosen->format);
        if (!code)
            return fail(code.error());
        if (const auto saved = save(file, *code); !saved)
            return fail(saved.error());
        return send([file](SessionPort& port) {
            Q_EMIT port.notified(tr(QT_TRANSLATE_NOOP("Session", "Exported to %1")).arg(file));
        });
    }
    fail(Error{tr(QT_TRANSLATE_NOOP("Session", "No export format has the ending .%1."))
                   .arg(QFileInfo(file).suffix())
                   .toStdString(),
               file.toStdString()});
}

void SessionBackend::verify(std::int64_t candidate, const QString& format)
{
    Experiment* experiment = experimentOrFail();
    if (!experiment)
        return;
    CandidateRecord record;
    const auto graph = operatorOf(candidate, record);
    if (!graph)
        return fail(graph.error());
    if (format != QLatin1String("pytorch"))
        return fail(
            Error{tr(QT_TRANSLATE_NOOP("Session", "Only the PyTorch export carries a self-check that can be run here."))
                      .toStdString()});
    const auto code = synoscope::exportOperator(*graph, ExportFormat::pytorch);
    if (!code)
        return fail(code.error());
    JobRequest job;
    job.kind = "verification";
    job.title = "operator " + record.hash.substr(0, 8);
    job.resources.cores = 1;
    job.priority = 20; // somebody waits for it
    job.run = [this, candidate, code = *code](JobContext&) -> Expected<void> {
        const Verification verification = runSelfCheck(code);
        post([candidate, verification](SessionBackend& b) { b.sendVerified(candidate, verification); });
        if (verification.state == Verification::State::failed)
            return Error{tr(QT_TRANSLATE_NOOP("Session", "The exported code failed its self-check.")).toStdString(),
                         {},
                         0,
                         0,
                         verification.details.toStdString()};
        return {};
    };
    if (const auto submitted = experiment->jobs().submit(std::move(job)); !submitted)
        fail(submitted.error());
}

void SessionBackend::sendVerified(std::int64_t candidate, const Verification& verification)
{
    if (!experiment_)
        return;
    CandidateRecord record;
    const auto graph = operatorOf(candidate, record);
    const auto evaluations =
        graph ? reader_->evaluations(record.id) : Expected<std::vector<EvaluationRecord>>(graph.error());
    if (!evaluations)
        return fail(evaluations.error());
    OperatorDetails details = detailsOf(record, *graph, *evaluations);
    for (CodeDocument& document : details.documents)
        if (document.format == QLatin1String("pytorch"))
            document.verification = verification;
    send([details](SessionPort& port) { Q_EMIT port.operatorDetails(details); });
}

} // namespace synoscope
