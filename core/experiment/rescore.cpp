#include "core/experiment/rescore.h"

#include "core/experiment/settings.h"
#include "core/experiment/stored_forms.h"
#include "core/search/reward.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace synoscope {

namespace {

struct Change
{
    double before = 0, after = 0;
};

void keepBest(std::optional<BestCandidate>& best, const std::string& hash, double reward)
{
    if (!best || reward > best->reward)
        best = {hash, reward};
}

class Rescoring
{
public:
    Rescoring(Store& store, Reader& reader, const ExperimentRecord& experiment, const ExperimentSettings& settings,
              const Problem& problem)
        : store_(store), reader_(reader), experiment_(experiment), settings_(settings), problem_(problem)
    {
    }

    Expected<Rescored> run()
    {
        auto transaction = store_.begin();
        if (!transaction)
            return transaction.error();
        std::vector<CandidateBrief> candidates;
        auto done = store_.updateProblem(experiment_.id, problem_.text);
        if (done)
            done = reader_.visitCandidates(experiment_.id, [&](const CandidateBrief& one) { candidates.push_back(one); });
        for (std::size_t i = 0; done && i < candidates.size(); ++i)
            if (candidates[i].reward)
                done = candidate(candidates[i]);
        if (done)
            done = log();
        if (done)
            done = transaction->commit();
        return done ? Expected<Rescored>(std::move(result_)) : done.error();
    }

private:
    // The reward of an evaluation, before and after. A candidate that has gone from rung to rung has several.
    Expected<void> evaluations(const CandidateBrief& one, std::vector<Change>& changes)
    {
        auto rows = reader_.evaluations(one.id);
        if (!rows)
            return rows.error();
        for (EvaluationRecord& row : *rows) {
            if (row.status != EvaluationStatus::done || !row.reward)
                continue;
            const auto components = RewardComponents::fromJson(row.rewardComponents);
            if (!components)
                return components.error();
            changes.push_back({*row.reward, rewardOf(*components, problem_.reward)});
            row.reward = changes.back().after;
            if (auto updated = store_.updateEvaluation(row); !updated)
                return updated;
        }
        return {};
    }

    Expected<void> candidate(const CandidateBrief& one)
    {
        std::vector<Change> changes;
        if (auto done = evaluations(one, changes); !done)
            return done;
        if (changes.empty() && !settings_.benchmark && !settings_.train) {
            const auto row = reader_.candidate(one.id);
            if (!row)
                return row.error();
            changes.push_back({*one.reward, rewardOf({{}, {}, row->flopsRatio}, problem_.reward)});
        }
        // None where a failure took the reward away after an evaluation had given one.
        const bool stands = !changes.empty() && changes.back().before == *one.reward;
        const double reward = stands ? changes.back().after : *one.reward;
        ++result_.candidates;
        result_.changed += reward != *one.reward;
        keepBest(result_.before, one.hash, *one.reward);
        keepBest(result_.after, one.hash, reward);
        if (!stands)
            changes.push_back({*one.reward, *one.reward});
        changes_.emplace(one.id.value, std::move(changes));
        return store_.setReward(one.id, reward);
    }

    Expected<void> log()
    {
        return reader_.replay(experiment_.id, 0, [&](const IterationRecord& row) -> Expected<void> {
            const auto entry = logEntryOf(row);
            if (!entry)
                return entry.error();
            if (entry->failed)
                return {};
            const std::optional<double> reward = rewardNow(row.candidate, entry->reward);
            if (!reward)
                ++result_.iterationsKept;
            if (!reward || *reward == entry->reward)
                return {};
            ++result_.iterations;
            return store_.setIterationReward(experiment_.id, row.sequence, *reward);
        });
    }

    // In the log rewards are as the search counts them.
    std::optional<double> rewardNow(CandidateId candidate, double before) const
    {
        const auto found = changes_.find(candidate.value);
        if (found == changes_.end())
            return std::nullopt;
        const Reward wanted = Reward::of(before);
        const auto change = std::ranges::find_if(
            found->second, [wanted](const Change& one) { return Reward::of(one.before) == wanted; });
        return change == found->second.end() ? std::nullopt : std::optional(Reward::of(change->after).value());
    }

    Store& store_;
    Reader& reader_;
    const ExperimentRecord& experiment_;
    const ExperimentSettings& settings_;
    const Problem& problem_;
    std::unordered_map<std::int64_t, std::vector<Change>> changes_; // by candidate
    Rescored result_;
};

} // namespace

Expected<Rescored> rescore(Store& store, const ExperimentRecord& experiment, const Problem& problem)
{
    const auto settings = ExperimentSettings::fromJson(experiment.settings);
    if (!settings)
        return settings.error();
    auto reader = store.reader(); // sees what was before the transaction
    if (!reader)
        return reader.error();
    return Rescoring(store, *reader, experiment, *settings, problem).run();
}

} // namespace synoscope
