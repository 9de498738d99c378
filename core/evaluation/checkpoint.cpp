// A file is a line of text, which tells what it is and the digest of all that follows, and an archive of libtorch's.
#include "core/evaluation/checkpoint.h"

#include "core/base/file.h"
#include "core/base/hash.h"

#include <ATen/Context.h>
#include <fmt/format.h>
#include <sstream>
#include <torch/serialize/archive.h>

namespace synoscope {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view heading = "synoscope-checkpoint 1 ";
constexpr std::size_t digestLength = 32;
constexpr std::uint64_t largestFile = std::uint64_t{16} << 30;

// Of the CPU, and of the device that the network is on.
std::vector<at::Generator> generatorsOf(const torch::nn::Module& network)
{
    std::vector<at::Generator> generators{at::globalContext().defaultGenerator(at::kCPU)};
    const auto parameters = network.parameters();
    if (!parameters.empty() && !parameters.front().device().is_cpu())
        generators.push_back(at::globalContext().defaultGenerator(parameters.front().device()));
    return generators;
}

// Parameters and buffers. An archive takes no names with dots; the order is the network's.
std::vector<torch::Tensor> tensorsOf(const torch::nn::Module& network)
{
    std::vector<torch::Tensor> tensors = network.parameters();
    for (const torch::Tensor& buffer : network.buffers())
        tensors.push_back(buffer);
    return tensors;
}

std::string archived(const Checkpoint& checkpoint, const torch::nn::Module& network, const torch::optim::Optimizer& optimizer)
{
    torch::serialize::OutputArchive archive;
    archive.write("settings", c10::IValue(checkpoint.settings.dump()));
    archive.write("progress", c10::IValue(checkpoint.progress.dump()));
    const auto tensors = tensorsOf(network);
    for (std::size_t i = 0; i < tensors.size(); ++i)
        archive.write(fmt::format("tensor{}", i), tensors[i].detach());
    const auto generators = generatorsOf(network);
    for (std::size_t i = 0; i < generators.size(); ++i) {
        at::Generator generator = generators[i];
        const std::scoped_lock lock(generator.mutex());
        archive.write(fmt::format("generator{}", i), generator.get_state());
    }
    torch::serialize::OutputArchive inner(archive.compilation_unit());
    optimizer.save(inner);
    archive.write("optimizer", inner);
    std::ostringstream bytes;
    archive.save_to(bytes);
    return std::move(bytes).str();
}

Error unusable(const fs::path& file, std::string_view why)
{
    return Error{.message = fmt::format("The training cannot go on from this checkpoint: {}.", why), .file = file.string()};
}

// The first setting in which they differ, in words.
std::optional<std::string> difference(const Json& stored, const Json& wanted)
{
    for (const auto& [key, value] : wanted.items()) {
        const auto found = stored.find(key);
        if (found == stored.end())
            return fmt::format("it says nothing of '{}'", key);
        if (*found != value)
            return key == "operator" ? "it is of another operator"
                                     : fmt::format("its '{}' is {}, and now it is {}", key, found->dump(), value.dump());
    }
    return std::nullopt;
}

void restore(torch::serialize::InputArchive& archive, torch::nn::Module& network, torch::optim::Optimizer& optimizer)
{
    const torch::NoGradGuard noGrad;
    const auto tensors = tensorsOf(network);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        torch::Tensor stored;
        archive.read(fmt::format("tensor{}", i), stored);
        TORCH_CHECK(stored.sizes() == tensors[i].sizes(), "a tensor has another shape");
        torch::Tensor(tensors[i]).copy_(stored);
    }
    torch::serialize::InputArchive inner;
    archive.read("optimizer", inner);
    optimizer.load(inner);
    const auto generators = generatorsOf(network);
    for (std::size_t i = 0; i < generators.size(); ++i) {
        torch::Tensor state;
        archive.read(fmt::format("generator{}", i), state);
        at::Generator generator = generators[i];
        const std::scoped_lock lock(generator.mutex());
        generator.set_state(state.cpu());
    }
}

Json readJson(torch::serialize::InputArchive& archive, const std::string& key)
{
    c10::IValue value;
    archive.read(key, value);
    return Json::parse(value.toStringRef());
}

} // namespace

std::optional<Error> writeCheckpoint(const fs::path& file, const Checkpoint& checkpoint, const torch::nn::Module& network,
                                     const torch::optim::Optimizer& optimizer)
{
    const std::string bytes = archived(checkpoint, network, optimizer);
    const auto failure = writeWholeFile(file, fmt::format("{}{}\n", heading, hexDigest(bytes)) + bytes);
    return failure ? std::optional(failure->error) : std::nullopt;
}

Expected<Json> readCheckpoint(const fs::path& file, const Json& settings, torch::nn::Module& network, torch::optim::Optimizer& optimizer)
{
    const auto bytes = readWholeFile(file, largestFile);
    if (!bytes)
        return bytes.error();
    const std::size_t begin = heading.size() + digestLength + 1;
    if (!bytes->starts_with(heading) || bytes->size() < begin)
        return unusable(file, "the file is none of ours, or it is cut off");
    if (std::string_view(*bytes).substr(heading.size(), digestLength) != hexDigest(std::string_view(*bytes).substr(begin)))
        return unusable(file, "the file is damaged");
    try {
        torch::serialize::InputArchive archive;
        archive.load_from(bytes->data() + begin, bytes->size() - begin);
        if (const auto other = difference(readJson(archive, "settings"), settings))
            return unusable(file, *other);
        restore(archive, network, optimizer);
        return readJson(archive, "progress");
    } catch (const std::exception& exception) { // libtorch speaks in exceptions
        Error error = unusable(file, "the file is damaged");
        error.details = exception.what();
        return error;
    }
}

} // namespace synoscope
