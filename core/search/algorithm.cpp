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
    std::map<std::string, AlgorithmFactory> factories{{"mcts", makeMcts}, {"random", makeRandomSearch}};
};

Registry& registry()
{
    static Registry instance;
    return instance;
}

} // namespace

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
