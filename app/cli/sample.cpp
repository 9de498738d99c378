// sample: random synthesis in a problem's space, and how well it goes.
//
// One Synthesizer a thread. What is timed is rollouts, which build and fingerprint each operator they find; a second
// fingerprint, from nothing but the operator, validation and files come after, with a time of their own.
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "core/graph/fingerprint.h"
#include "core/graph/validate.h"
#include "core/graph/writer.h"
#include "core/synthesis/equivalence.h"
#include "core/synthesis/sharing.h"
#include "core/synthesis/synthesizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <sys/resource.h>
#include <unordered_set>

namespace synoscope::cli {

namespace {

struct Options
{
    std::string problem, folder;
    std::uint64_t rollouts = 0;
    double seconds = 0;
    std::uint64_t seed = 0;
    int threads = 1;
    bool stats = false;
};

struct Found
{
    std::size_t thread = 0;
    StateId state{};
};

// Rollouts on several threads, and what they found.
class Sampling
{
public:
    Sampling(std::shared_ptr<const Problem> problem, const Options& options) : options_(options)
    {
        const auto sharing = options.threads > 1 ? std::make_shared<Sharing>() : nullptr;
        for (int i = 0; i < options.threads; ++i)
            synthesizers_.emplace_back(problem).share(sharing, i);
    }

    void run(const std::atomic<bool>& interrupted)
    {
        start_ = Clock::now();
        ProgressLine progress;
        std::vector<std::future<void>> threads;
        for (std::size_t i = 0; i < synthesizers_.size(); ++i)
            threads.push_back(std::async(std::launch::async, [this, i, &interrupted] { work(i, interrupted); }));
        for (auto& thread : threads)
            while (thread.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready)
                progress.show(
                    fmt::format("{} rollouts, {} operators, {:.0f} s", rollouts_.load(), distinct(), since(start_)));
        seconds_ = since(start_);
        for (auto& thread : threads)
            thread.get();
    }

    std::size_t distinct() const
    {
        const std::lock_guard lock(mutex_);
        return found_.size();
    }
    // By key: threads may write one operator in two ways. When run() is over.
    const std::map<std::uint64_t, Found>& found() const { return found_; }
    PGraph build(const Found& found) const { return synthesizers_[found.thread].build(found.state); }
    std::span<const Synthesizer> synthesizers() const { return synthesizers_; }
    std::uint64_t rollouts() const { return rollouts_; }
    std::uint64_t successes() const { return successes_; }
    double seconds() const { return seconds_; }
    bool exhausted() const { return exhausted_; } // every operator of the space has been found

private:
    bool over(std::uint64_t done, std::uint64_t quota, const std::atomic<bool>& interrupted) const
    {
        return interrupted.load(std::memory_order_relaxed) || (quota > 0 && done >= quota) ||
               (options_.seconds > 0 && since(start_) >= options_.seconds);
    }

    void work(std::size_t thread, const std::atomic<bool>& interrupted)
    {
        Synthesizer& synthesizer = synthesizers_[thread];
        Random random(combine(options_.seed, thread));
        const auto threads = static_cast<std::uint64_t>(options_.threads);
        // Fixed shares, so that the result depends on the seed alone.
        const std::uint64_t quota = options_.rollouts / threads + (thread < options_.rollouts % threads ? 1 : 0);
        if (options_.rollouts > 0 && quota == 0)
            return;
        for (std::uint64_t done = 0; !over(done, quota, interrupted); ++done) {
            if (synthesizer.isExhausted(synthesizer.root())) {
                exhausted_ = true; // whatever is asked for, there is no more
                return;
            }
            const auto rollout = synthesizer.rollout(synthesizer.root(), Steering{}, random);
            rollouts_.fetch_add(1, std::memory_order_relaxed);
            if (!rollout)
                continue;
            successes_.fetch_add(1, std::memory_order_relaxed);
            const std::lock_guard lock(mutex_);
            found_.try_emplace(synthesizer.key(rollout->final), Found{thread, rollout->final});
        }
    }

    const Options& options_;
    std::vector<Synthesizer> synthesizers_;
    Clock::time_point start_;
    std::atomic<std::uint64_t> rollouts_{0}, successes_{0};
    std::atomic<bool> exhausted_{false};
    double seconds_ = 0;
    mutable std::mutex mutex_;
    std::map<std::uint64_t, Found> found_; // guarded by mutex_
};

// What is known of the operators once the clock has stopped.
struct Examined
{
    std::size_t fingerprinted = 0;                 // all of them, unless interrupted
    std::size_t duplicates = 0;                    // with the fingerprint of another one
    std::size_t invalid = 0;                       // that break a rule of DESIGN 1.3: there should be none
    std::map<std::string, std::size_t> primitives; // operators that contain each
    double seconds = 0;
    std::optional<Answer> error;
};

// Each thread looks at what it has found itself: its synthesizer is nobody else's.
class Examination
{
public:
    Examination(const Sampling& sampling, const Options& options, const std::atomic<bool>& interrupted)
        : sampling_(sampling), options_(options), interrupted_(interrupted),
          equivalence_(equivalenceOf(sampling.synthesizers()[0].problem()))
    {}

    Examined run()
    {
        ProgressLine progress;
        std::vector<std::future<void>> threads;
        for (std::size_t i = 0; i < sampling_.synthesizers().size(); ++i)
            threads.push_back(std::async(std::launch::async, [this, i] { work(i); }));
        for (auto& thread : threads)
            while (thread.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready)
                progress.show(fmt::format("{} of {} operators fingerprinted", done_.load(), sampling_.found().size()));
        for (auto& thread : threads)
            thread.get();
        result_.seconds = since(start_);
        return std::move(result_);
    }

private:
    // Ctrl-C keeps what is done: files are still written, fingerprints only for a moment.
    bool hurried() const { return interrupted_.load(std::memory_order_relaxed) && since(start_) > 1; }

    void work(std::size_t thread)
    {
        for (const auto& [key, found] : sampling_.found()) {
            if (found.thread != thread)
                continue;
            const bool brief = hurried();
            if (brief && options_.folder.empty())
                return;
            const PGraph graph = sampling_.build(found);
            std::optional<Answer> wrong;
            if (!options_.folder.empty())
                wrong = writeFile(std::filesystem::path(options_.folder) / (canonicalHash(graph) + ".pgraph"),
                                  writePGraph(graph));
            const std::string print = brief ? std::string() : fingerprint(graph, equivalence_);
            const bool valid = brief || violations(graph).empty();
            if (!add(graph, print, valid, std::move(wrong)))
                return;
        }
    }

    bool add(const PGraph& graph, const std::string& print, bool valid, std::optional<Answer> wrong)
    {
        const std::lock_guard lock(mutex_);
        if (wrong && !result_.error)
            result_.error = std::move(wrong);
        if (!print.empty()) {
            ++result_.fingerprinted;
            result_.duplicates += fingerprints_.insert(print).second ? 0 : 1;
            result_.invalid += valid ? 0 : 1;
        }
        std::set<PrimitiveKind> kinds;
        for (const Primitive& primitive : graph.primitives())
            kinds.insert(primitive.kind);
        for (const PrimitiveKind kind : kinds)
            ++result_.primitives[std::string(toString(kind))];
        ++done_;
        return !result_.error;
    }

    const Sampling& sampling_;
    const Options& options_;
    const std::atomic<bool>& interrupted_;
    Equivalence equivalence_;
    Clock::time_point start_ = Clock::now();
    std::atomic<std::size_t> done_{0};
    std::mutex mutex_; // guards what follows
    std::unordered_set<std::string> fingerprints_;
    Examined result_;
};

// Refusals by rule, all threads together, most frequent first.
std::vector<RuleCount> ruleCounts(std::span<const Synthesizer> synthesizers)
{
    std::map<std::string, RuleCount> byName;
    for (const Synthesizer& synthesizer : synthesizers)
        for (const RuleCount& count : synthesizer.ruleCounts()) {
            RuleCount& sum = byName.try_emplace(count.rule, RuleCount{count.rule, count.reason, 0}).first->second;
            sum.refused += count.refused;
        }
    std::vector<RuleCount> counts;
    for (auto& [name, count] : byName)
        counts.push_back(std::move(count));
    std::ranges::stable_sort(counts, std::greater(), &RuleCount::refused);
    return counts;
}

std::uint64_t peakMemory()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

Json toJson(const Sampling& sampling, const Examined& examined, const Options& options)
{
    std::size_t states = 0, synthesizerBytes = 0;
    for (const Synthesizer& synthesizer : sampling.synthesizers()) {
        states += synthesizer.states();
        synthesizerBytes += synthesizer.memoryBytes();
    }
    const double distinct = static_cast<double>(sampling.distinct());
    Json json;
    json["rollouts"] = sampling.rollouts();
    json["successes"] = sampling.successes();
    json["success_ratio"] = ratio(static_cast<double>(sampling.successes()), static_cast<double>(sampling.rollouts()));
    json["distinct"] = sampling.distinct();
    json["distinct_ratio"] = ratio(distinct, static_cast<double>(sampling.successes()));
    json["exhausted"] = sampling.exhausted();
    json["duplicates"] = examined.duplicates;
    json["fingerprinted"] = examined.fingerprinted;
    json["invalid"] = examined.invalid;
    json["states"] = states;
    json["seconds"] = sampling.seconds();
    json["fingerprint_seconds"] = examined.seconds;
    json["threads"] = options.threads;
    json["seed"] = options.seed;
    json["distinct_per_second"] = ratio(distinct, sampling.seconds());
    json["peak_rss_bytes"] = peakMemory();
    if (!options.stats)
        return json;
    json["synthesizer_bytes"] = synthesizerBytes;
    json["operators_with"] = examined.primitives;
    json["rules"] = Json::array();
    for (const RuleCount& count : ruleCounts(sampling.synthesizers()))
        json["rules"].push_back({{"rule", count.rule}, {"reason", count.reason}, {"refused", count.refused}});
    return json;
}

std::string toText(const Json& json)
{
    const auto value = [&](const char* key) { return json[key].get<double>(); };
    std::string text = fmt::format(
        "rollouts      {:.0f}, of which {:.0f} reached an operator ({:.2f} %)\n"
        "operators     {:.0f} distinct, {:.1f} a second with {:.0f} threads\n"
        "duplicates    {:.0f} of {:.0f} by fingerprint ({:.2f} %)\n"
        "states        {:.0f}\ntime          {:.2f} s, and {:.2f} s for fingerprints\npeak memory   {:.0f} MiB\n",
        value("rollouts"), value("successes"), 100 * value("success_ratio"), value("distinct"),
        value("distinct_per_second"), value("threads"), value("duplicates"), value("fingerprinted"),
        100 * ratio(value("duplicates"), value("fingerprinted")), value("states"), value("seconds"),
        value("fingerprint_seconds"), value("peak_rss_bytes") / (1 << 20));
    if (json["exhausted"].get<bool>())
        text += "exhausted     these are all the operators of this space\n";
    if (json["invalid"] != 0)
        text += fmt::format("not valid     {:.0f}\n", value("invalid"));
    if (!json.contains("rules"))
        return text;
    text += "operators with\n";
    for (const auto& [kind, count] : json["operators_with"].items())
        text += fmt::format("  {:<10} {}\n", kind, count.get<std::size_t>());
    text += "moves refused\n";
    for (const Json& rule : json["rules"])
        text += fmt::format("  {:<24} {:>12}  {}\n", rule["rule"].get<std::string>(),
                            rule["refused"].get<std::uint64_t>(), rule["reason"].get<std::string>());
    return text;
}

Answer sample(const Options& options)
{
    if ((options.rollouts > 0) == (options.seconds > 0))
        return Error{.message = "How long to sample is not clear: give either --rollouts or --seconds."};
    auto problem = readProblem(problemFile(options.problem));
    if (!problem)
        return problem.error();
    if (!options.folder.empty()) {
        std::error_code error;
        std::filesystem::create_directories(options.folder, error);
        if (error || !std::filesystem::is_directory(options.folder, error))
            return Error{.message = "The folder for the operators cannot be made.", .file = options.folder};
    }
    const auto& interrupted = watchInterrupt();
    Sampling sampling(std::make_shared<const Problem>(std::move(*problem)), options);
    sampling.run(interrupted);
    Examined examined = Examination(sampling, options, interrupted).run();
    if (examined.error)
        return *examined.error;
    Answer answer;
    answer.json = toJson(sampling, examined, options);
    answer.text = toText(answer.json);
    return answer;
}

} // namespace

void addSample(Commands& commands)
{
    const auto options = std::make_shared<Options>();
    CLI::App& command = commands.add("sample", "Synthesise random operators of a problem, and say how well that goes",
                                     [options] { return sample(*options); });
    command.add_option("--problem", options->problem, problemHelp)->required();
    command.add_option("--rollouts", options->rollouts, "How many times to try")->check(CLI::PositiveNumber);
    command.add_option("--seconds", options->seconds, "How long to try")->check(CLI::PositiveNumber);
    command.add_option("--seed", options->seed, "The same seed gives the same operators")->capture_default_str();
    command.add_option("--threads", options->threads)->check(CLI::Range(1, 256))->capture_default_str();
    command.add_option("--out", options->folder, "A folder where each operator is written as HASH.pgraph");
    command.add_flag("--stats", options->stats, "Also which primitives occur and which rules refused how many moves");
}

} // namespace synoscope::cli
