#include "core/evaluation/batches.h"

#include "core/evaluation/training.h"
#include "tests/core/data/support.h"

#include <gmock/gmock.h>
#include <torch/nn/functional/loss.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adam.h>
#include <torch/utils.h>

using namespace synoscope;
using synoscope::testing::TemporaryFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace {

// --- the generated images need spatial and channel mixing ---

enum class Mixing { channels, space, both };

// Three convolutions, the mean over all places, a linear layer. Nothing else mixes places before the mean, and nothing else mixes
// channels before the last layer; the second one only leaves out every other row and column.
class TinyNetwork : public torch::nn::Module
{
public:
    TinyNetwork(Mixing mixing, int width, int classes)
    {
        const auto add = [&](int in, int out, int stride) {
            const int kernel = mixing == Mixing::channels ? 1 : 3;
            const int groups = mixing == Mixing::space ? in : 1;
            const std::string name = std::to_string(convolutions_.size());
            convolutions_.push_back(register_module("conv" + name, torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel)
                                                                                         .padding(kernel / 2)
                                                                                         .stride(stride)
                                                                                         .groups(groups)
                                                                                         .bias(false))));
            norms_.push_back(register_module("norm" + name, torch::nn::BatchNorm2d(out)));
        };
        add(3, width, 1);
        add(width, width, 2);
        add(width, width, 1);
        head_ = register_module("head", torch::nn::Linear(width, classes));
    }

    torch::Tensor forward(torch::Tensor x)
    {
        for (std::size_t i = 0; i < convolutions_.size(); ++i)
            x = torch::relu(norms_[i]->forward(convolutions_[i]->forward(x)));
        return head_->forward(x.mean({2, 3}));
    }

private:
    std::vector<torch::nn::Conv2d> convolutions_;
    std::vector<torch::nn::BatchNorm2d> norms_;
    torch::nn::Linear head_{nullptr};
};

double accuracyOf(Mixing mixing, const Batches& data, int epochs)
{
    torch::manual_seed(1);
    TinyNetwork network(mixing, 24, data.facts().classes);
    torch::optim::Adam optimizer(network.parameters(), torch::optim::AdamOptions(0.01));
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        if (epoch == epochs) // settle
            static_cast<torch::optim::AdamOptions&>(optimizer.param_groups()[0].options()).lr(0.002);
        BatchStream stream = data.train(epoch, 64);
        for (int i = 0; i < stream.batches(); ++i) {
            const Batch batch = *stream.next();
            optimizer.zero_grad();
            torch::nn::functional::cross_entropy(network.forward(batch.inputs), batch.labels).backward();
            optimizer.step();
        }
    }
    network.eval();
    const torch::NoGradGuard noGrad;
    double right = 0;
    BatchStream stream = data.test(256);
    for (int i = 0; i < stream.batches(); ++i) {
        const Batch batch = *stream.next();
        right += network.forward(batch.inputs).argmax(1).eq(batch.labels).sum().item<double>();
    }
    return right / data.testCount();
}

TEST(BuiltinData, ChannelMixingAloneIsWorstSpatialMixingAloneIsBetterAndBothTogetherAreClearlyBest)
{
    const auto data = openBatches({.dataset = "builtin10-16", .size = 16, .trainItems = 3000, .testItems = 1000});
    ASSERT_TRUE(data) << data.error().text();
    const double channels = accuracyOf(Mixing::channels, *data, 5);
    const double space = accuracyOf(Mixing::space, *data, 5);
    const double both = accuracyOf(Mixing::both, *data, 5);
    RecordProperty("channels", std::to_string(channels));
    RecordProperty("space", std::to_string(space));
    RecordProperty("both", std::to_string(both));
    EXPECT_GT(channels, 0.1);
    EXPECT_GT(space, channels + 0.08) << channels << ' ' << space << ' ' << both;
    EXPECT_GT(both, space + 0.12) << channels << ' ' << space << ' ' << both;
}

// --- batches as tensors ---

TEST(Batches, ImagesComeAsFloatsWithTheirLabelsAndATenthLeftOverIsABatchToo)
{
    const auto data = openBatches({.dataset = "builtin100-16", .size = 16, .trainItems = 300, .testItems = 130});
    ASSERT_TRUE(data);
    BatchStream stream = data->train(1, 64);
    ASSERT_EQ(stream.batches(), 5);
    std::int64_t images = 0;
    for (int i = 0; i < 5; ++i) {
        const auto batch = stream.next();
        ASSERT_TRUE(batch);
        images += batch->inputs.size(0);
        EXPECT_EQ(batch->inputs.sizes().slice(1), (std::vector<std::int64_t>{3, 16, 16}));
        EXPECT_EQ(batch->inputs.scalar_type(), torch::kFloat32);
        EXPECT_EQ(batch->labels.scalar_type(), torch::kInt64);
        EXPECT_LT(batch->labels.max().item<std::int64_t>(), 100);
        EXPECT_LT(std::abs(batch->inputs.mean().item<double>()), 0.6);
    }
    EXPECT_EQ(images, 300);
}

TEST(Batches, TextComesAsTokensWithTheNextOnesAsLabels)
{
    const TemporaryFolder folder;
    std::string text;
    for (int i = 0; i < 3000; ++i)
        text += static_cast<char>('a' + i % 26);
    const auto file = folder.write("alphabet.txt", text);
    const auto data = openBatches({.dataset = "text:" + file.string(), .size = 32, .sequence = true});
    ASSERT_TRUE(data) << data.error().text();
    BatchStream stream = data->train(1, 8);
    const auto batch = stream.next();
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->inputs.sizes(), (std::vector<std::int64_t>{8, 32}));
    EXPECT_EQ(batch->inputs.scalar_type(), torch::kInt64);
    EXPECT_TRUE(torch::equal((batch->inputs - 'a' + 1) % 26, batch->labels - 'a'));
}

// --- training on files ---

protocol::TrainResult trainedOn(const TrainSettings& settings)
{
    JobControl control;
    const TrainOutcome outcome = train({}, settings, control);
    const auto* failed = std::get_if<protocol::Failed>(&outcome);
    EXPECT_EQ(failed, nullptr) << failed->message;
    return failed ? protocol::TrainResult{} : std::get<protocol::TrainResult>(outcome);
}

std::string failureOn(const TrainSettings& settings)
{
    JobControl control;
    const TrainOutcome outcome = train({}, settings, control);
    const auto* failed = std::get_if<protocol::Failed>(&outcome);
    return failed ? failed->message : "no failure";
}

TEST(TrainingOnFiles, ItTrainsOnCifarAndReportsHowLongItWaited)
{
    const TemporaryFolder folder;
    synoscope::testing::writeCifar10(folder, 30);
    TrainSettings settings;
    settings.dataset = "cifar10:" + folder.path().string();
    settings.epochs = 2;
    const auto result = trainedOn(settings);
    ASSERT_EQ(result.epochs.size(), 2u);
    for (const protocol::Epoch& epoch : result.epochs) {
        EXPECT_GE(epoch.waiting, 0);
        EXPECT_LE(epoch.waiting, 1);
    }
    EXPECT_EQ(result.parameters, 78'042);
}

TEST(TrainingOnFiles, ItLearnsColoursFromAFolderOfPictures)
{
    const TemporaryFolder folder;
    for (int i = 0; i < 20; ++i)
        for (const auto& [name, colour] : {std::pair{"red", std::array<std::uint8_t, 3>{220, 20, 30}}, {"green", {20, 200, 30}}, {"blue", {20, 30, 220}}})
            folder.write(std::string(name) + "/" + std::to_string(i) + ".jpg", synoscope::testing::jpegOf(synoscope::testing::plainPicture(40 + i, 50, colour)));
    TrainSettings settings;
    settings.dataset = "imagefolder:" + folder.path().string();
    settings.epochs = 4;
    settings.recipe.batchSize = 8;
    const auto result = trainedOn(settings);
    EXPECT_EQ(result.accuracy, 1.0);
}

TEST(TrainingOnFiles, ADamagedFileIsAFailureThatNamesItAlsoWhenItShowsInTheMiddle)
{
    const TemporaryFolder folder;
    synoscope::testing::writeCifar10(folder, 4);
    folder.write("test_batch.bin", "nothing");
    TrainSettings settings;
    settings.dataset = "cifar10:" + folder.path().string();
    EXPECT_THAT(failureOn(settings), AllOf(HasSubstr("test_batch.bin"), HasSubstr("7 bytes")));

    const TemporaryFolder pictures;
    for (const char* name : {"a/1.png", "a/2.png", "b/1.png", "b/2.png"})
        pictures.write(name, encodePng(synoscope::testing::plainPicture(20, 20, {9, 9, 9})).substr(0, 60));
    settings.dataset = "imagefolder:" + pictures.path().string();
    EXPECT_THAT(failureOn(settings), AllOf(HasSubstr(".png"), HasSubstr("cannot be read")));

    settings.dataset = "text:" + pictures.write("book.txt", "words").string();
    EXPECT_THAT(failureOn(settings), HasSubstr("reads images"));
}

} // namespace
