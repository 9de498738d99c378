#include "core/data/loader.h"

#include "tests/core/data/support.h"

#include <atomic>
#include <set>

using namespace synoscope;
using namespace synoscope::testing;
using ::testing::HasSubstr;

namespace {

// Images of one pixel that tell their number and a random one; counts how often one is asked for.
class Numbers : public DataSet
{
public:
    Numbers(int train, int test, int bad = -1) : DataSet({.name = {"numbers"}, .classes = 10, .size = 1, .items = {train, test}}), bad_(bad) {}

    Expected<void> write(DataPart, int index, Random* random, const ItemTarget& target) const override
    {
        ++written;
        if (index == bad_)
            return Error{.message = "The picture is damaged.", .file = "bad.png"};
        target.pixels[0] = static_cast<float>(index);
        target.pixels[1] = random ? static_cast<float>(random->unit()) : -1;
        target.labels[0] = index % 10;
        return {};
    }
    int label(DataPart, int index) const override { return index % 10; }

    mutable std::atomic<int> written{0};

private:
    int bad_;
};

// All items of a pass in their order: number and random value.
std::vector<std::pair<int, float>> pass(const DataSetPtr& data, LoaderSettings settings)
{
    Loader loader(data, settings);
    std::vector<std::pair<int, float>> items;
    for (int i = 0; i < loader.batches(); ++i) {
        const auto batch = loader.next();
        EXPECT_TRUE(batch);
        for (int k = 0; k < batch->items; ++k)
            items.emplace_back(static_cast<int>(batch->pixels[static_cast<std::size_t>(3 * k)]), batch->pixels[static_cast<std::size_t>(3 * k + 1)]);
    }
    return items;
}

TEST(Loader, APassIsTheSameForAnyNumberOfThreadsAndHasEveryItemOnce)
{
    const auto data = std::make_shared<Numbers>(997, 10);
    const auto one = pass(data, {.batchSize = 16, .threads = 1});
    EXPECT_EQ(one, pass(data, {.batchSize = 16, .threads = 4}));
    EXPECT_EQ(one, pass(data, {.batchSize = 16, .threads = 3, .ahead = 1}));
    EXPECT_EQ(one, pass(data, {.batchSize = 100, .threads = 2}));
    std::set<int> numbers;
    for (const auto& [number, value] : one)
        numbers.insert(number);
    EXPECT_EQ(one.size(), 997u);
    EXPECT_EQ(numbers.size(), 997u);
}

TEST(Loader, EpochsAndSeedsHaveOrdersAndAugmentationsOfTheirOwn)
{
    const auto data = std::make_shared<Numbers>(100, 10);
    const auto first = pass(data, {.epoch = 1});
    EXPECT_EQ(first, pass(data, {.epoch = 1}));
    auto second = pass(data, {.epoch = 2}), other = pass(data, {.seed = 2, .epoch = 1});
    EXPECT_NE(first, second);
    EXPECT_NE(first, other);
    auto sorted = first;
    std::ranges::sort(sorted);
    std::ranges::sort(second);
    int equal = 0;
    for (std::size_t i = 0; i < 100; ++i)
        equal += sorted[i].second == second[i].second;
    EXPECT_EQ(equal, 0);
}

TEST(Loader, APassGoesOnWhereAnotherStopped)
{
    const auto data = std::make_shared<Numbers>(100, 10);
    const auto whole = pass(data, {.batchSize = 8, .epoch = 3});
    const auto rest = pass(data, {.batchSize = 8, .epoch = 3, .firstBatch = 5});
    EXPECT_TRUE(std::equal(whole.begin() + 40, whole.end(), rest.begin(), rest.end()));
    EXPECT_TRUE(pass(data, {.batchSize = 8, .firstBatch = 13}).empty());
}

TEST(Loader, TheTestPartComesInOrderAndAsItIs)
{
    const auto items = pass(std::make_shared<Numbers>(5, 70), {.part = DataPart::test, .batchSize = 16, .threads = 3});
    ASSERT_EQ(items.size(), 70u);
    for (int i = 0; i < 70; ++i)
        EXPECT_EQ(items[static_cast<std::size_t>(i)], std::pair(i, -1.0f));
}

TEST(Loader, NoMoreIsMadeAheadThanItMayBe)
{
    const auto data = std::make_shared<Numbers>(10000, 10);
    Loader loader(data, {.batchSize = 10, .threads = 2, .ahead = 3});
    ASSERT_TRUE(loader.next());
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_LE(data->written, 40); // one that was taken and three ahead
    EXPECT_GE(data->written, 10);
}

TEST(Loader, ItCanBeLeftInTheMiddle)
{
    for (int round = 0; round < 50; ++round) {
        Loader loader(std::make_shared<Numbers>(5000, 10), {.batchSize = 50, .threads = 4});
        for (int i = 0; i < round % 5; ++i)
            ASSERT_TRUE(loader.next());
    }
}

TEST(Loader, ADamagedItemIsTheErrorOfItsBatchAndNotOfThoseBefore)
{
    const auto data = std::make_shared<Numbers>(5, 64, 40);
    Loader loader(data, {.part = DataPart::test, .batchSize = 16, .threads = 3});
    EXPECT_TRUE(loader.next());
    EXPECT_TRUE(loader.next());
    const auto third = loader.next();
    ASSERT_FALSE(third);
    EXPECT_THAT(third.error().text(), HasSubstr("bad.png"));
}

TEST(Loader, WaitingIsCounted)
{
    class Slow : public Numbers
    {
    public:
        using Numbers::Numbers;
        Expected<void> write(DataPart part, int index, Random* random, const ItemTarget& target) const override
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            return Numbers::write(part, index, random, target);
        }
    };
    Loader loader(std::make_shared<Slow>(40, 1), {.batchSize = 2, .threads = 1});
    EXPECT_EQ(loader.waited(), 0);
    for (int i = 0; i < loader.batches(); ++i)
        ASSERT_TRUE(loader.next());
    EXPECT_GT(loader.waited(), 0);
}

TEST(DataName, NamesArePathsAndKindsAndWhatIsWrongIsASentence)
{
    const TemporaryFolder folder;
    EXPECT_EQ(readDataName("builtin")->text(), "builtin10-16");
    EXPECT_EQ(readDataName("builtin100-32")->text(), "builtin100-32");
    const auto relative = readDataName("cifar10:" + fs::relative(folder.path()).string());
    ASSERT_TRUE(relative) << relative.error().text();
    EXPECT_EQ(fs::path(relative->path), fs::weakly_canonical(folder.path())); // from any folder
    const auto error = [](std::string_view text) { return readDataName(text).error().text(); };
    EXPECT_THAT(error("imagenet"), HasSubstr("no data set 'imagenet'; there are builtin10-16"));
    EXPECT_THAT(error("cifar10"), HasSubstr("write cifar10:FOLDER"));
    EXPECT_THAT(error("cifar10:"), HasSubstr("write cifar10:FOLDER"));
    EXPECT_THAT(error("cifar10:/not/there"), HasSubstr("/not/there: There is no such folder"));
    EXPECT_THAT(error("builtin:/tmp"), HasSubstr("generated and has no folder"));
    EXPECT_THAT(dataNameFor("builtin", true).error().text(), HasSubstr("The network reads text"));
    EXPECT_THAT(dataNameFor("text:" + folder.path().string(), false).error().text(), HasSubstr("reads images"));
}

} // namespace
