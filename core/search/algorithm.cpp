#include "core/search/algorithm.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <mutex>

namespace synoscope {
namespace {

struct Registry
{
    std::mutex mutex;
    std::map<std::string, AlgorithmFactory> factories{{"mcts", makeMcts},
                                                      {"random", makeRandomSearch},
                                                      {"beam", makeBeam},
                                                      {"evolution", makeEvolution},
                                                      {"prospector", makeProspector}};
};

Registry& registry()
{
    static Registry instance;
    return instance;
}

} // namespace

std::vector<Move> Lesson::moves() const
{
    std::vector<Move> all;
    for (const std::uint32_t step : way.steps)
        all.push_back(steps[StepId(step)]);
    return all;
}

std::vector<std::uint32_t> Lesson::keys() const
{
    std::vector<std::uint32_t> all;
    for (const std::uint32_t node : way.nodes)
        all.push_back(static_cast<std::uint32_t>(tree[TreeNodeId(node)].key));
    all.insert(all.end(), way.tail.begin(), way.tail.end());
    return all;
}

void registerAlgorithm(const std::string& name, AlgorithmFactory factory)
{
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    all.factories[name] = std::move(factory);
}

std::vector<std::string> algorithmNames()
{
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    std::vector<std::string> names;
    for (const auto& [name, factory] : all.factories)
        names.push_back(name);
    return names;
}

Expected<std::unique_ptr<Algorithm>> makeAlgorithm(const SearchOptions& options)
{
    {
        Registry& all = registry();
        const std::lock_guard lock(all.mutex);
        if (const auto found = all.factories.find(options.algorithm); found != all.factories.end())
            return found->second(options);
    }
    return Error{fmt::format("There is no search algorithm '{}'; expected one of: {}.", options.algorithm,
                             fmt::join(algorithmNames(), ", "))};
}

} // namespace synoscope
