// All about one operator: shown, exported.
#include "app/workbench/session_backend.h"
#include "app/workbench/session_values.h"
#include "core/experiment/worker_export.h"
#include "core/graph/reader.h"

#include <QtCore/QSaveFile>

namespace synoscope {

using session::translated;

namespace {

Error cannotWrite(const QString& file, const QString& why)
{
    return Error{translated(QT_TRANSLATE_NOOP("Session", "The file cannot be written: %1.")).arg(why).toStdString(),
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
    if (const auto known = verifications_.find(record.id.value); known != verifications_.end())
        for (CodeDocument& document : details.documents)
            if (document.format == QLatin1String("pytorch"))
                document.verification = known->second.verification;
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

void SessionBackend::exportOperator(std::int64_t candidate, const QString& format, int layer, const QString& file)
{
    if (!experimentOrFail())
        return;
    CandidateRecord record;
    const auto graph = operatorOf(candidate, record);
    if (!graph)
        return fail(graph.error());
    const auto known = formatNamed(format.toStdString());
    if (!known)
        return fail(
            Error{translated(QT_TRANSLATE_NOOP("Session", "There is no export format %1.")).arg(format).toStdString(),
                  file.toStdString()});
    if (infoOf(*known).byTorch)
        return exportAsJob(record, *graph, *known, layer, file);
    const auto content = synoscope::exportOperator(*graph, *known, static_cast<std::size_t>(layer));
    if (!content)
        return fail(content.error());
    if (const auto saved = save(file, *content); !saved)
        return fail(saved.error());
    sendExported(file);
}

// A process with libtorch takes a second or two to start.
void SessionBackend::exportAsJob(const CandidateRecord& record, const PGraph& graph, ExportFormat format, int layer,
                                 const QString& file)
{
    JobRequest job;
    job.kind = "export";
    job.title = "operator " + record.hash.substr(0, 8);
    job.resources.cores = 0;
    job.priority = 20; // somebody waits for it
    job.run = [this, graph, format, layer, file](JobContext& context) -> Expected<void> {
        const auto content = exportInWorker(graph, format, static_cast<std::size_t>(layer), context.stopToken());
        if (!content)
            return content.error();
        if (auto saved = save(file, *content); !saved)
            return saved;
        post([file](SessionBackend& b) { b.sendExported(file); });
        return {};
    };
    if (const auto submitted = experiment_->jobs().submit(std::move(job)); !submitted)
        fail(submitted.error());
}

void SessionBackend::sendExported(const QString& file)
{
    send([file](SessionPort& port) {
        Q_EMIT port.notified(translated(QT_TRANSLATE_NOOP("Session", "Exported to %1")).arg(file));
    });
}

} // namespace synoscope
