#include "core/report/gather.h"

#include "core/base/pareto_front.h"
#include "core/experiment/stored_forms.h"
#include "core/graph/reader.h"
#include "core/report/busy_time.h"

#include <algorithm>
#include <limits>
#include <unordered_set>

namespace synoscope::report {

namespace {

constexpr std::size_t chunk = 256;             // candidates read at once: their graphs come along
constexpr std::int64_t shownFailures = 20;

Expected<std::vector<Measured>> measurements(Reader& reader, std::vector<EvaluationRecord> records)
{
    std::vector<Measured> all;
    for (EvaluationRecord& record : records) {
        Measured one{std::move(record)};
        const bool done = one.record.status == EvaluationStatus::done;
        if (one.record.kind == EvaluationKind::benchmark && done) {
            // A result of another program's making is still listed; it only has no table.
            const auto event = protocol::eventFromJson(one.record.result);
            if (const auto* bench = event ? std::get_if<protocol::BenchResult>(&event->what) : nullptr)
                one.bench = *bench;
        }
        if (one.record.kind == EvaluationKind::training) {
            auto epochs = reader.epochs(one.record.id);
            if (!epochs)
                return epochs.error();
            one.epochs = std::move(*epochs);
        }
        all.push_back(std::move(one));
    }
    return all;
}

class Gatherer
{
public:
    Gatherer(Reader& reader, ReportData& data, int best)
        : reader_(reader), data_(data), best_(static_cast<std::size_t>(std::max(0, best)))
    {}

    Expected<void> run()
    {
        for (const auto step : {&Gatherer::totals, &Gatherer::outcomes, &Gatherer::rewards, &Gatherer::times,
                                &Gatherer::operators})
            if (auto done = (this->*step)(); !done)
                return done;
        return {};
    }

private:
    template <typename T>
    static Expected<void> put(Expected<T> from, T& to)
    {
        if (!from)
            return from.error();
        to = std::move(*from);
        return {};
    }

    ExperimentId id() const { return data_.experiment.id; }

    Expected<void> totals()
    {
        auto baselines = reader_.baselines(id());
        if (!baselines)
            return baselines.error();
        auto done = put(measurements(reader_, std::move(*baselines)), data_.baselines);
        if (done)
            done = put(reader_.summary(id()), data_.summary);
        if (done)
            done = put(reader_.evaluationCounts(id()), data_.counts);
        if (done)
            done = put(reader_.failures(id(), shownFailures), data_.failures);
        if (done)
            done = put(reader_.constraints(id(), false), data_.constraints);
        if (done)
            done = put(reader_.environments(id()), data_.environments);
        return done;
    }

    Expected<void> outcomes()
    {
        CandidateQuery query{.experiment = id()};
        query.evaluatedOnly = true;
        const auto ids = reader_.candidateIds(query);
        if (!ids)
            return ids.error();
        for (std::size_t from = 0; from < ids->size(); from += chunk) {
            const auto some = std::span(*ids).subspan(from, std::min(chunk, ids->size() - from));
            const auto rows = reader_.candidates(some);
            if (!rows)
                return rows.error();
            for (const CandidateRecord& row : *rows)
                data_.outcomes.push_back({row.id, row.hash, row.flopsRatio, row.latencyRatio, row.accuracy, row.reward});
        }
        data_.latencyFront = frontBy([](const Outcome& one) { return one.latencyRatio; });
        data_.flopsFront = frontBy([](const Outcome& one) { return std::optional(one.flopsRatio); });
        return {};
    }

    template <typename Cost>
    std::vector<std::size_t> frontBy(Cost cost) const
    {
        constexpr double unknown = std::numeric_limits<double>::quiet_NaN(); // is left out
        std::vector<Tradeoff> points;
        for (const Outcome& one : data_.outcomes)
            points.push_back({cost(one).value_or(unknown), one.accuracy.value_or(unknown)});
        return paretoFront(points);
    }

    Expected<void> rewards()
    {
        return reader_.replay(id(), 0, [&](const IterationRecord& row) -> Expected<void> {
            const auto entry = logEntryOf(row);
            if (!entry) // pending
                return {};
            data_.failedIterations += entry->failed;
            if (!entry->failed)
                data_.byIteration.push_back({static_cast<double>(entry->sequence), entry->reward});
            return {};
        });
    }

    // Time counts while something is evaluated: what lies between two runs of the program does not.
    Expected<void> times()
    {
        const auto moments = reader_.moments(id());
        if (!moments)
            return moments.error();
        std::vector<std::pair<Timestamp, Timestamp>> spans;
        for (const EvaluationMoment& one : *moments)
            spans.emplace_back(one.started.value_or(one.finished), one.finished);
        const BusyTime busy(std::move(spans));
        for (const EvaluationMoment& one : *moments)
            if (one.reward)
                data_.byTime.push_back({busy.until(one.finished), *one.reward});
        return {};
    }

    Expected<void> add(CandidateRecord record, int rank)
    {
        if (!taken_.insert(record.id.value).second)
            return {};
        auto graph = parsePGraph(record.pgraph, record.hash);
        if (!graph)
            return graph.error();
        auto evaluations = reader_.evaluations(record.id);
        if (!evaluations)
            return evaluations.error();
        auto measured = measurements(reader_, std::move(*evaluations));
        if (!measured)
            return measured.error();
        const auto onFront = [&](const std::vector<std::size_t>& front) {
            return std::ranges::any_of(front, [&](std::size_t i) { return data_.outcomes[i].id == record.id; });
        };
        const bool isOnFront = onFront(data_.latencyFront) || onFront(data_.flopsFront);
        data_.operators.push_back({std::move(record), std::move(*graph), std::move(*measured), rank, isOnFront});
        return {};
    }

    Expected<void> addAll(const CandidateQuery& query, bool ranked)
    {
        auto rows = reader_.candidates(query);
        if (!rows)
            return rows.error();
        int rank = 0;
        for (CandidateRecord& row : *rows)
            if (auto done = add(std::move(row), ranked ? ++rank : 0); !done)
                return done;
        return {};
    }

    Expected<void> operators()
    {
        data_.ranked = data_.summary.bestReward.has_value();
        CandidateQuery query{.experiment = id()};
        query.limit = static_cast<std::int64_t>(best_);
        query.sortBy = data_.ranked ? CandidateColumn::reward : CandidateColumn::totalFlops;
        query.descending = data_.ranked;
        if (data_.ranked) // those that wait for theirs come last, but they come
            query.ranges.push_back({.column = CandidateColumn::reward});
        if (auto done = addAll(query, data_.ranked); !done)
            return done;
        CandidateQuery starred{.experiment = id(), .starredOnly = true};
        starred.limit = static_cast<std::int64_t>(best_);
        if (auto done = addAll(starred, false); !done)
            return done;
        for (const auto* front : {&data_.latencyFront, &data_.flopsFront})
            for (const std::size_t i : *front) {
                if (data_.operators.size() >= 2 * best_)
                    return {};
                auto record = reader_.candidate(data_.outcomes[i].id);
                if (!record)
                    return record.error();
                if (auto done = add(std::move(*record), 0); !done)
                    return done;
            }
        return {};
    }

    Reader& reader_;
    ReportData& data_;
    const std::size_t best_;
    std::unordered_set<std::int64_t> taken_;
};

} // namespace

Expected<ReportData> gather(Reader& reader, const ExperimentRecord& experiment, int best)
{
    auto problem = parseProblem(experiment.problem, experiment.name);
    if (!problem)
        return problem.error();
    auto settings = ExperimentSettings::fromJson(experiment.settings);
    if (!settings)
        return settings.error();
    ReportData data;
    data.experiment = experiment;
    data.problem = std::move(*problem);
    data.settings = std::move(*settings);
    if (auto done = Gatherer(reader, data, best).run(); !done)
        return done.error();
    return data;
}

std::optional<double> ReportData::baselineAccuracy() const
{
    const Measured* training = latest(baselines, EvaluationKind::training);
    return training ? training->record.accuracy : std::nullopt;
}

const OperatorFacts* ReportData::operatorOf(CandidateId id) const
{
    const auto found = std::ranges::find_if(operators, [&](const OperatorFacts& one) { return one.record.id == id; });
    return found == operators.end() ? nullptr : &*found;
}

std::int64_t ReportData::count(EvaluationStatus status) const
{
    std::int64_t total = 0;
    for (const EvaluationCount& one : counts)
        if (one.status == status)
            total += one.count;
    return total;
}

const Measured* latest(std::span<const Measured> measured, EvaluationKind kind)
{
    const Measured* found = nullptr;
    for (const Measured& one : measured)
        if (one.record.kind == kind && one.record.status == EvaluationStatus::done)
            found = &one;
    return found;
}

std::optional<std::pair<double, double>> latencyRange(const OperatorFacts& one)
{
    const Measured* measured = latest(one.measured, EvaluationKind::benchmark);
    if (!measured || !measured->bench)
        return std::nullopt;
    const protocol::BenchResult& bench = *measured->bench;
    if (!(bench.ratioLow > 0)) // measured before the interval was kept
        return std::nullopt;
    return std::pair{bench.ratioLow, bench.ratioHigh};
}

std::optional<std::pair<double, double>> accuracyRange(const OperatorFacts& one)
{
    std::vector<double> accuracies;
    for (const Measured& measured : one.measured)
        if (measured.record.kind == EvaluationKind::training && measured.record.status == EvaluationStatus::done &&
            measured.record.accuracy)
            accuracies.push_back(*measured.record.accuracy);
    if (accuracies.size() < 2)
        return std::nullopt;
    const auto [least, largest] = std::ranges::minmax(accuracies);
    return std::pair{least, largest};
}

} // namespace synoscope::report
