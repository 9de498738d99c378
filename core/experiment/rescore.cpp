#include "core/experiment/rescore.h"

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
    Rescoring(Store& store, Reader& reader, const ExperimentRecord& experiment, const Problem& problem,
              const RescoreWatch& watch)
        : store_(store), reader_(reader), experiment_(experiment), problem_(problem), watch_(watch)
    {}

    Expected<Rescored> run()
    {
        auto transaction = store_.begin();
        if (!transaction)
            return transaction.error();
        std::vector<CandidateBrief> candidates;
        auto done = store_.updateProblem(experiment_.id, problem_.text);
        if (done)
            done =
                reader_.visitCandidates(experiment_.id, [&](const CandidateBrief& one) { candidates.push_back(one); });
        for (std::size_t i = 0; done && i < candidates.size(); ++i) {
            if (candidates[i].reward)
                done = candidate(candidates[i]);
            if (done)
                done = goOn(candidatesShare * static_cast<double>(i) / static_cast<double>(candidates.size()));
        }
        if (done)
            done = log();
        if (done)
            done = goOn(1);
        if (done)
            done = transaction->commit();
        return done ? Expected<Rescored>(std::move(result_)) : done.error();
    }

private:
    static constexpr double candidatesShare = 0.9; // of the work; the rest is the log

    Expected<void> goOn(double share) const
    {
        if (watch_.stop.stop_requested())
            return Error{"It was cancelled; no reward has changed."};
        if (watch_.progress)
            watch_.progress(share);
        return {};
    }

    // What follows from the evaluations of a candidate.
    struct Evaluated
    {
        std::vector<Change> changes; // one that has gone from rung to rung has several
        bool failedLast = false;     // after them
    };

    Expected<Evaluated> evaluations(CandidateId candidate)
    {
        auto rows = reader_.evaluations(candidate);
        if (!rows)
            return rows.error();
        Evaluated evaluated;
        for (EvaluationRecord& row : *rows) {
            if (row.status == EvaluationStatus::failed)
                evaluated.failedLast = true;
            if (row.status != EvaluationStatus::done)
                continue;
            if (row.reward) {
                const auto components = RewardComponents::fromJson(row.rewardComponents);
                if (!components)
                    return components.error();
                evaluated.changes.push_back({*row.reward, rewardOf(*components, problem_.reward)});
                evaluated.failedLast = false;
                row.reward = evaluated.changes.back().after;
            }
            if (evaluated.changes.empty())
                continue;
            // Also those without a reward: the candidate shows what was updated last, which must stay the latest.
            if (auto updated = store_.updateEvaluation(row); !updated)
                return updated.error();
        }
        return evaluated;
    }

    Expected<void> candidate(const CandidateBrief& one)
    {
        auto evaluated = evaluations(one.id);
        if (!evaluated)
            return evaluated.error();
        std::vector<Change>& changes = evaluated->changes;
        if (changes.empty()) { // rewarded without measuring, whatever the settings are by now
            const auto row = reader_.candidate(one.id);
            if (!row)
                return row.error();
            changes.push_back({*one.reward, rewardOf({.flopsRatio = row->flopsRatio}, problem_.reward)});
        }
        // A failure takes away what a shorter training has reached. That is asked of the evaluations, not of the
        // rewards: another definition may have made all of them 0.
        const bool takenAway = evaluated->failedLast && *one.reward == 0;
        const auto standing = std::find_if(changes.rbegin(), changes.rend(),
                                           [&one](const Change& change) { return change.before == *one.reward; });
        const bool stands = !takenAway && standing != changes.rend();
        const double reward = stands ? standing->after : *one.reward;
        if (!stands)
            changes.push_back({*one.reward, *one.reward});
        ++result_.candidates;
        result_.changed += reward != *one.reward;
        keepBest(result_.before, one.hash, *one.reward);
        keepBest(result_.after, one.hash, reward);
        changes_.emplace(one.id.value, std::move(changes));
        return store_.setReward(one.id, reward);
    }

    Expected<void> log()
    {
        return reader_.replay(experiment_.id, 0, [&](const IterationRecord& row) -> Expected<void> {
            if (auto on = goOn(candidatesShare); !on)
                return on;
            const auto entry = logEntryOf(row);
            if (!entry)
                return entry.error();
            if (entry->failed)
                return {};
            const std::optional<Following> now = rewardNow(row.candidate, entry->reward);
            if (!now) {
                ++result_.iterationsKept;
                return {};
            }
            result_.iterationsUncertain += !now->certain;
            if (now->reward == entry->reward)
                return {};
            ++result_.iterations;
            return store_.setIterationReward(experiment_.id, row.sequence, now->reward);
        });
    }

    struct Following
    {
        double reward = 0;
        bool certain = true;
    };

    // In the log rewards are as the search counts them.
    std::optional<Following> rewardNow(CandidateId candidate, double before) const
    {
        const auto found = changes_.find(candidate.value);
        if (found == changes_.end())
            return std::nullopt;
        const Reward wanted = Reward::of(before);
        std::optional<Reward> first;
        bool certain = true;
        for (const Change& change : found->second)
            if (Reward::of(change.before) == wanted) {
                const Reward after = Reward::of(change.after);
                certain = certain && after == first.value_or(after);
                first = first.value_or(after);
            }
        return first ? std::optional(Following{first->value(), certain}) : std::nullopt;
    }

    Store& store_;
    Reader& reader_;
    const ExperimentRecord& experiment_;
    const Problem& problem_;
    const RescoreWatch& watch_;
    std::unordered_map<std::int64_t, std::vector<Change>> changes_; // by candidate
    Rescored result_;
};

} // namespace

Expected<Rescored> rescore(Store& store, const ExperimentRecord& experiment, const Problem& problem,
                           const RescoreWatch& watch)
{
    auto reader = store.reader(); // sees what was before the transaction
    if (!reader)
        return reader.error();
    return Rescoring(store, *reader, experiment, problem, watch).run();
}

} // namespace synoscope
