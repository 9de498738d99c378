#include "core/evaluation/proxies.h"

#include "core/evaluation/batches.h"
#include "core/evaluation/torch_errors.h"
#include "core/nn/networks.h"

#include <ATen/ops/linalg_slogdet.h>
#include <ATen/record_function.h>
#include <array>
#include <cmath>
#include <string_view>
#include <torch/nn/functional/loss.h>
#include <torch/utils.h>

namespace synoscope {

namespace {

using Clock = std::chrono::steady_clock;

double gradientNorm(TensorModule& network, const Batch& batch)
{
    network.train();
    torch::nn::functional::cross_entropy(network.forward(batch.inputs).flatten(0, -2), batch.labels.flatten()).backward();
    double sum = 0;
    for (const torch::Tensor& parameter : network.parameters())
        if (parameter.grad().defined())
            sum += parameter.grad().norm().item<double>();
    return sum;
}

// In double, as a product over all layers. A norm that has seen no data passes its input through when it is not training.
double synflow(TensorModule& network, const Batch& batch)
{
    network.eval();
    network.to(torch::kFloat64);
    {
        const torch::NoGradGuard noGrad;
        for (const torch::Tensor& parameter : network.parameters())
            torch::Tensor(parameter).abs_();
    }
    network.zero_grad();
    auto shape = batch.inputs.sizes().vec();
    shape[0] = 1;
    network.forward(torch::ones(shape, torch::kFloat64)).sum().backward();
    double sum = 0;
    for (const torch::Tensor& parameter : network.parameters())
        if (parameter.grad().defined())
            sum += (parameter * parameter.grad()).abs().sum().item<double>();
    return std::log(sum);
}

// Watches libtorch's own calls on this thread, so that it sees the activations of any network.
class SwitchWatch
{
public:
    explicit SwitchWatch(std::int64_t images) : images_(images), equal_(torch::zeros({images, images}, torch::kFloat64))
    {
        current = this;
        handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(nullptr, &SwitchWatch::called)
                                                 .needsOutputs(true)
                                                 .scopes({at::RecordScope::FUNCTION}));
    }
    ~SwitchWatch()
    {
        at::removeCallback(handle_);
        current = nullptr;
    }
    SwitchWatch(const SwitchWatch&) = delete;
    SwitchWatch& operator=(const SwitchWatch&) = delete;

    // In how many activations two images agree.
    const torch::Tensor& equal() const { return equal_; }

private:
    static void called(const at::RecordFunction& function, at::ObserverContext*)
    {
        static constexpr std::array<std::string_view, 7> activations{"aten::relu", "aten::relu_", "aten::gelu", "aten::gelu_",
                                                                     "aten::silu", "aten::silu_", "aten::hardswish_"};
        const bool wanted = std::ranges::find(activations, std::string_view(function.name())) != activations.end();
        if (wanted && current && !function.outputs().empty() && function.outputs()[0].isTensor())
            current->add(function.outputs()[0].toTensor());
    }

    void add(const torch::Tensor& activation)
    {
        if (activation.dim() == 0 || activation.size(0) != images_)
            return;
        const torch::Tensor on = activation.detach().flatten(1).gt(0).to(torch::kFloat32);
        const torch::Tensor off = 1 - on;
        equal_ += (on.mm(on.t()) + off.mm(off.t())).to(torch::kFloat64);
    }

    static inline thread_local SwitchWatch* current = nullptr;
    std::int64_t images_;
    torch::Tensor equal_;
    at::CallbackHandle handle_ = 0;
};

double naswot(TensorModule& network, const Batch& batch)
{
    const torch::NoGradGuard noGrad;
    network.train(); // norms by the batch: nothing else is known before training
    const SwitchWatch watch(batch.inputs.size(0));
    network.forward(batch.inputs);
    return std::get<1>(at::linalg_slogdet(watch.equal())).item<double>();
}

ProxyOutcome proxiesUnguarded(const std::optional<PGraph>& graph, const TrainSettings& settings, JobControl& control)
{
    const auto start = Clock::now();
    const Backbone* backbone = findBackbone(settings.backbone);
    const int images = settings.recipe.batchSize;
    const auto data = openBatches({.dataset = settings.dataset, .size = backbone ? backbone->image : 0,
                                   .sequence = backbone && backbone->sequence, .trainItems = images,
                                   .testItems = 1, .seed = settings.seed});
    if (!data)
        return protocol::Failed{data.error().text(), data.error().details};
    const auto batch = data->train(1, images).next();
    if (!batch)
        return protocol::Failed{batch.error().text(), batch.error().details};
    if (!batch->inputs.is_floating_point())
        return protocol::Failed{"The zero-cost proxies are for networks of images; this one reads words.", ""};
    std::array<double, 3> scores{};
    using Proxy = double (*)(TensorModule&, const Batch&);
    constexpr std::array<Proxy, 3> all{&gradientNorm, &synflow, &naswot};
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!control.proceed())
            return protocol::Cancelled{};
        torch::manual_seed(settings.seed); // the same fresh network for each
        auto network = makeBackbone(settings.backbone, graph ? operatorSlots(*graph) : originalSlots(), data->facts().classes);
        if (!network)
            return protocol::Failed{network.error().text(), network.error().details};
        const double score = all[i](**network, *batch);
        scores[i] = std::isfinite(score) ? score : std::nan("");
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return protocol::ProxyResult{scores[0], scores[1], scores[2], seconds};
}

} // namespace

ProxyOutcome proxies(const std::optional<PGraph>& graph, const TrainSettings& settings, JobControl& control)
{
    try {
        return proxiesUnguarded(graph, settings, control);
    } catch (const std::exception& exception) { // libtorch speaks in exceptions
        const Error error = sentenceFor(exception, "The proxies failed");
        return protocol::Failed{error.message, error.details};
    }
}

} // namespace synoscope
