#include "core/cluster/collection.h"

#include "core/experiment/measure.h"
#include "core/synthesis/problem.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <unordered_set>

namespace synoscope {

namespace {

// What of a result's origin is kept with an evaluation, and is looked for there.
constexpr const char* arrayKey = "array";
constexpr const char* lostKey = "lost";

bool ended(EvaluationStatus status)
{
    return status == EvaluationStatus::done || status == EvaluationStatus::failed;
}

class Collector
{
public:
    Collector(Store& store, Reader& reader, const ExperimentRecord& experiment, const Problem& problem,
              const ExperimentSettings& settings, const std::function<void(const std::string&)>& told)
        : store_(store), reader_(reader), experiment_(experiment), problem_(problem), settings_(settings), told_(told)
    {}

    Expected<void> collect(const std::vector<ArraySurvey>& surveys)
    {
        collection.arrays = static_cast<int>(surveys.size());
        for (const ArraySurvey& survey : surveys) {
            underWay_.insert(survey.underWay.begin(), survey.underWay.end());
            for (const Error& problem : survey.problems)
                tell(problem);
            for (const ResultFile& result : survey.results)
                if (auto merged = merge(result, survey.folder / array_names::results / array_names::result(result.hash));
                    !merged)
                    return merged;
        }
        // Only now: what one array has lost, another may have brought.
        for (const ArraySurvey& survey : surveys)
            for (const LostOperator& lost : survey.lost)
                if (auto noted = note(lost, survey); !noted)
                    return noted;
        collection.underWay = static_cast<int>(underWay_.size());
        return {};
    }

    Collection collection;

private:
    // What the store holds of an operator.
    struct Stored
    {
        CandidateId candidate; // not valid: the unchanged backbone
        double flopsRatio = 0;
        bool evaluated = false;
        std::vector<EvaluationRecord> evaluations;
    };

    void tell(Error problem)
    {
        told_(problem.text());
        collection.problems.push_back(std::move(problem));
    }

    Expected<std::optional<Stored>> find(const std::string& hash)
    {
        Stored stored;
        if (!hash.empty()) {
            const auto candidate = reader_.candidateByHash(experiment_.id, hash);
            if (!candidate)
                return candidate.error();
            if (!*candidate)
                return std::optional<Stored>();
            stored.candidate = (*candidate)->id;
            stored.flopsRatio = (*candidate)->flopsRatio;
            stored.evaluated = (*candidate)->reward.has_value();
        }
        auto evaluations =
            hash.empty() ? reader_.baselines(experiment_.id) : reader_.evaluations(stored.candidate);
        if (!evaluations)
            return evaluations.error();
        stored.evaluations = std::move(*evaluations);
        if (hash.empty())
            stored.evaluated = std::ranges::any_of(stored.evaluations, [](const EvaluationRecord& one) {
                return one.status == EvaluationStatus::done && one.accuracy;
            });
        return std::optional(std::move(stored));
    }

    static bool holds(const Stored& stored, const std::string& array, bool lost)
    {
        return std::ranges::any_of(stored.evaluations, [&](const EvaluationRecord& one) {
            const auto request = nlohmann::json::parse(one.request, nullptr, false);
            return request.is_object() && request.value(arrayKey, "") == array && request.value(lostKey, false) == lost &&
                   (lost || ended(one.status));
        });
    }

    Expected<void> merge(const ResultFile& result, const std::filesystem::path& file)
    {
        const auto stored = find(result.hash);
        if (!stored)
            return stored.error();
        if (!*stored) {
            tell(Error{.message = fmt::format("The experiment has no operator {}; the result is left alone.", result.hash),
                       .file = file.string()});
            return {};
        }
        if (holds(**stored, result.origin.array, false)) {
            ++collection.known;
            return {};
        }
        if ((*stored)->evaluated) {
            ++collection.duplicates;
            told_(fmt::format("{}: {} has been evaluated meanwhile; what is stored stays.", file.string(),
                              operatorName(result.hash)));
            return {};
        }
        const auto used = ExperimentSettings::fromJson(result.settings);
        if (!used || used->toJson() != settings_.toJson()) {
            tell(Error{.message = "The result was measured with other settings than the experiment has; it is left alone.",
                       .file = file.string()});
            return {};
        }
        if (auto kept = keep(result, **stored); !kept)
            return kept;
        ++collection.merged;
        collection.failed += result.failed();
        told_(sentence(result));
        return {};
    }

    // All of one operator, or nothing.
    Expected<void> keep(const ResultFile& result, const Stored& stored)
    {
        auto transaction = store_.begin();
        if (!transaction)
            return transaction.error();
        RewardComponents components;
        components.flopsRatio = stored.flopsRatio;
        for (const Measurement& one : result.measurements) {
            const protocol::Request request = measurementRequest(one.kind, {}, problem_.backbone, settings_);
            EvaluationRecord record = measurementRecord(one.kind, request);
            record.experiment = experiment_.id;
            record.candidate = stored.candidate;
            record.status = one.result ? EvaluationStatus::done : EvaluationStatus::failed;
            record.message = one.message;
            record.started = one.started;
            record.finished = one.finished;
            auto origin = measurementSettings(request);
            origin[arrayKey] = result.origin.array;
            origin["slurm_job"] = result.place.slurmJob;
            origin["task"] = result.place.task;
            origin["node"] = result.place.node;
            origin["program"] = result.program;
            record.request = origin.dump();
            if (one.result)
                if (auto applied = apply(*one.result, components, stored, record); !applied)
                    return applied;
            const auto id = store_.addEvaluation(record);
            if (!id)
                return id.error();
            for (const protocol::Epoch& epoch : one.epochs)
                if (auto added = store_.addEpoch({*id, epoch.index, epoch.loss, epoch.accuracy, epoch.seconds}); !added)
                    return added;
        }
        return transaction->commit();
    }

    Expected<void> apply(const protocol::Event& event, RewardComponents& components, const Stored& stored,
                         EvaluationRecord& record)
    {
        const std::string environment = applyMeasurement(event, components, record);
        if (!environment.empty()) {
            const auto id = store_.addEnvironment(environment);
            if (!id)
                return id.error();
            record.environment = *id;
        }
        if (stored.candidate.valid() && concluded(components, record.kind, settings_))
            applyReward(components, problem_.reward, record);
        return {};
    }

    static std::string sentence(const ResultFile& result)
    {
        if (result.failed())
            return fmt::format("{}: {}", operatorName(result.hash), result.measurements.back().message);
        std::string text = operatorName(result.hash) + ":";
        for (const Measurement& one : result.measurements) {
            if (const auto* bench = std::get_if<protocol::BenchResult>(&one.result->what))
                text += fmt::format(" {:.3f} of the latency", bench->ratio);
            if (const auto* training = std::get_if<protocol::TrainResult>(&one.result->what))
                text += fmt::format(" accuracy {:.4f}", training->accuracy);
        }
        return text;
    }

    // That an operator did not come back is known of it, once per array.
    Expected<void> note(const LostOperator& lost, const ArraySurvey& survey)
    {
        const auto stored = find(lost.hash);
        if (!stored)
            return stored.error();
        if (!*stored || (*stored)->evaluated || underWay_.contains(lost.hash))
            return {};
        const bool noted = holds(**stored, survey.origin.array, true);
        if (lost.itsOwnDoing) { // a result as well: it failed
            collection.known += noted;
            collection.merged += !noted;
            collection.failed += !noted;
            if (noted)
                return {};
        } else if (std::ranges::none_of(collection.lost, [&](const LostOperator& one) { return one.hash == lost.hash; })) {
            collection.lost.push_back(lost);
        }
        if (!noted) {
            const EvaluationKind kind = settings_.benchmark ? EvaluationKind::benchmark : EvaluationKind::training;
            const protocol::Request request = measurementRequest(kind, {}, problem_.backbone, settings_);
            EvaluationRecord record = measurementRecord(kind, request);
            record.experiment = experiment_.id;
            record.candidate = (*stored)->candidate;
            record.status = lost.itsOwnDoing ? EvaluationStatus::failed : EvaluationStatus::interrupted;
            record.message = lost.reason;
            auto origin = measurementSettings(request);
            origin[arrayKey] = survey.origin.array;
            origin["slurm_job"] = survey.slurmJob;
            origin["task"] = lost.task;
            origin[lostKey] = true;
            record.request = origin.dump();
            record.finished = currentTime();
            if (const auto added = store_.addEvaluation(record); !added)
                return added.error();
        }
        told_(lost.reason);
        return {};
    }

    Store& store_;
    Reader& reader_;
    const ExperimentRecord& experiment_;
    const Problem& problem_;
    const ExperimentSettings& settings_;
    const std::function<void(const std::string&)>& told_;
    std::unordered_set<std::string> underWay_; // hashes
};

} // namespace

Expected<Collection> collectArrays(Store& store, const ExperimentRecord& experiment,
                                   const std::filesystem::path& folder, const Slurm& slurm,
                                   const std::function<void(const std::string&)>& told)
{
    const auto problem = parseProblem(experiment.problem, store.file().string());
    if (!problem)
        return problem.error();
    const auto settings = ExperimentSettings::fromJson(experiment.settings);
    if (!settings)
        return settings.error();
    auto reader = store.reader();
    if (!reader)
        return reader.error();
    const auto arrays = arrayFolders(folder);
    if (!arrays)
        return arrays.error();
    std::vector<ArraySurvey> surveys;
    for (const std::filesystem::path& array : *arrays)
        surveys.push_back(surveyArray(array, experimentIdentity(experiment), slurm));
    Collector collector(store, *reader, experiment, *problem, *settings, told);
    if (auto collected = collector.collect(surveys); !collected)
        return collected.error();
    return std::move(collector.collection);
}

} // namespace synoscope
