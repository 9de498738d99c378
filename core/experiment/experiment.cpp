#include "core/experiment/experiment.h"

#include "core/catalog/backbones.h"
#include "core/experiment/session.h"

namespace synoscope {

namespace {

Expected<std::unique_ptr<ExperimentSession>> sessionOver(std::unique_ptr<Store> store, ExperimentRecord record,
                                                         WorkerSettings workers,
                                                         OpenFor purpose = OpenFor::searching)
{
    auto problem = parseProblem(record.problem, store->file().string());
    if (!problem)
        return problem.error();
    auto settings = ExperimentSettings::fromJson(record.settings);
    if (!settings)
        return settings.error();
    auto session = std::make_unique<ExperimentSession>(std::move(store), std::move(record),
                                                       std::make_shared<const Problem>(std::move(*problem)),
                                                       std::move(*settings), std::move(workers));
    if (auto restored = session->restore(purpose); !restored)
        return restored.error();
    return session;
}

Expected<std::optional<ExperimentRecord>> firstExperiment(Store& store)
{
    auto reader = store.reader();
    if (!reader)
        return reader.error();
    auto all = reader->experiments();
    if (!all)
        return all.error();
    return all->empty() ? std::nullopt : std::optional(std::move(all->front()));
}

} // namespace

Experiment::Experiment(std::unique_ptr<ExperimentSession> session) : session_(std::move(session)) {}
Experiment::~Experiment() = default;

bool Experiment::existsIn(const std::filesystem::path& file)
{
    std::error_code failure;
    if (!std::filesystem::exists(file, failure))
        return static_cast<bool>(failure);
    if (std::filesystem::is_regular_file(file, failure) && std::filesystem::file_size(file, failure) == 0)
        return false;
    auto reader = Reader::open(file);
    if (!reader)
        return true;
    const auto all = reader->experiments();
    return !all || !all->empty();
}

Expected<std::unique_ptr<Experiment>> Experiment::create(const std::filesystem::path& file, const Problem& problem,
                                                         const ExperimentSettings& settings, WorkerSettings workers)
{
    auto store = Store::open(file);
    if (!store)
        return store.error();
    const auto existing = firstExperiment(**store);
    if (!existing)
        return existing.error();
    if (*existing)
        return Error{"the file already holds the experiment '" + (*existing)->name +
                         "'; open it to go on, or choose another file",
                     file.string()};
    ExperimentRecord record;
    record.name = problem.name;
    record.problem = problem.text;
    const Backbone* backbone = findBackbone(problem.backbone);
    record.backbone = backbone ? backbone->name : problem.backbone; // for lists; the problem's text says it all
    record.dataset = settings.dataset;
    record.settings = settings.toJson();
    const auto id = (*store)->addExperiment(record);
    if (!id)
        return id.error();
    record.id = *id;
    auto session = sessionOver(std::move(*store), std::move(record), std::move(workers));
    if (!session)
        return session.error();
    return std::unique_ptr<Experiment>(new Experiment(std::move(*session)));
}

Expected<std::unique_ptr<Experiment>> Experiment::open(const std::filesystem::path& file, WorkerSettings workers,
                                                       OpenFor purpose)
{
    auto store = Store::open(file, OpenMode::mustExist);
    if (!store)
        return store.error();
    auto record = firstExperiment(**store);
    if (!record)
        return record.error();
    if (!*record)
        return Error{"the file holds no experiment", file.string()};
    auto session = sessionOver(std::move(*store), std::move(**record), std::move(workers), purpose);
    if (!session)
        return session.error();
    return std::unique_ptr<Experiment>(new Experiment(std::move(*session)));
}

const Problem& Experiment::problem() const
{
    return *session_->problem;
}
const ExperimentSettings& Experiment::settings() const
{
    return session_->settings;
}
const ExperimentRecord& Experiment::record() const
{
    return session_->record;
}
Expected<Reader> Experiment::reader() const
{
    return session_->store->reader();
}
const std::string& Experiment::whyNotSearching() const
{
    return session_->whyNotSearching();
}
void Experiment::start()
{
    session_->start();
}
void Experiment::pause()
{
    session_->pause();
}
void Experiment::step()
{
    session_->step();
}
void Experiment::rolloutFrom(std::uint64_t node)
{
    session_->rolloutFrom(node);
}
bool Experiment::running() const
{
    return session_->running();
}
void Experiment::close()
{
    session_->close();
}
void Experiment::setStops(std::vector<std::unique_ptr<StopCondition>> stops)
{
    session_->engine->setStops(std::move(stops));
}
Expected<std::uint64_t> Experiment::constrain(const Constraint& constraint)
{
    return session_->constrain(constraint);
}
Expected<void> Experiment::lift(std::uint64_t constraint)
{
    return session_->lift(constraint);
}
std::vector<ConstraintRecord> Experiment::constraints() const
{
    return session_->engine->constraints();
}
Expected<CandidateId> Experiment::import(const PGraph& graph)
{
    return session_->import(graph);
}
Expected<void> Experiment::setStarred(CandidateId id, bool starred)
{
    return session_->setStarred(id, starred);
}
Expected<void> Experiment::setNote(CandidateId id, const std::string& note)
{
    return session_->setNote(id, note);
}
Expected<void> Experiment::setRemoved(CandidateId id, bool removed)
{
    return session_->setRemoved(id, removed);
}
std::vector<CandidateId> Experiment::candidatesBelow(std::uint64_t node) const
{
    return session_->candidatesBelow(node);
}
Scheduler& Experiment::jobs()
{
    return session_->scheduler;
}
CandidateId Experiment::candidateOf(JobId job) const
{
    return session_->candidateOf(job);
}
std::string Experiment::failureOf(const std::string& hash) const
{
    return session_->failureOf(hash);
}
ExperimentChanges Experiment::changes()
{
    return session_->changes();
}

ExperimentChanges Experiment::changesBesidesTree()
{
    return session_->changesBesidesTree();
}
ExperimentStatus Experiment::status() const
{
    return session_->status();
}

} // namespace synoscope
