// Requests and controls: what the worker reads.
#include "core/evaluation/protocol/json_reader.h"
#include "core/evaluation/protocol/protocol.h"

#include <algorithm>
#include <array>
#include <fmt/ranges.h>

namespace synoscope::protocol {

namespace {

constexpr std::array<std::string_view, 4> kindNames{"bench", "train", "ping", "quit"};
constexpr std::array<std::string_view, 3> actionNames{"cancel", "pause", "resume"};

template <std::size_t count>
int indexOf(const std::array<std::string_view, count>& names, std::string_view name)
{
    for (std::size_t i = 0; i < count; ++i)
        if (names[i] == name)
            return static_cast<int>(i);
    return -1;
}

Request readRequest(Reader& reader)
{
    Request request;
    std::string kind;
    reader.need("id");
    reader.need("kind");
    reader.read("id", request.id, 1);
    reader.read("kind", kind);
    const int index = indexOf(kindNames, kind);
    if (index < 0)
        reader.refuse(fmt::format("'kind' is '{}', expected bench, train, ping or quit", kind));
    else
        request.kind = static_cast<RequestKind>(index);
    reader.read("operator", request.operatorText);
    reader.read("backbone", request.backbone);
    reader.read("threads", request.threads, 1);
    reader.read("max_seconds", request.maxSeconds);
    reader.read("max_bytes", request.maxBytes);
    reader.read("repeats", request.repeats, 1);
    reader.read("min_seconds", request.minSeconds);
    reader.read("backend", request.backend);
    reader.read("dataset", request.dataset);
    reader.read("epochs", request.epochs, 1);
    reader.read("seed", request.seed);
    reader.read("train_images", request.trainImages);
    reader.read("test_images", request.testImages);
    reader.read("batch_size", request.batchSize, 1);
    reader.read("learning_rate", request.learningRate);
    reader.read("min_accuracy", request.minAccuracy);
    reader.require(indexOf(benchBackends, request.backend) >= 0,
                   fmt::format("'backend' is '{}', expected one of {}", request.backend,
                               fmt::join(benchBackends, ", ")));
    reader.require(request.threads <= 1024, "'threads' must be at most 1024");
    reader.require(request.maxSeconds >= 0, "'max_seconds' must be at least 0");
    reader.require(request.minSeconds >= 0, "'min_seconds' must be at least 0");
    reader.require(request.learningRate > 0, "'learning_rate' must be above 0");
    reader.require(request.minAccuracy >= 0 && request.minAccuracy <= 1, "'min_accuracy' must be between 0 and 1");
    if (request.kind == RequestKind::bench)
        reader.require(!request.operatorText.empty() || !request.backbone.empty(),
                       "a bench request needs 'operator' or 'backbone'");
    if (request.kind == RequestKind::train)
        reader.require(!request.backbone.empty(), "a train request needs 'backbone'");
    return request;
}

Control readControl(Reader& reader)
{
    Control control;
    std::string action;
    reader.need("id");
    reader.read("id", control.id, 1);
    reader.read("action", action);
    const int index = indexOf(actionNames, action);
    if (index < 0)
        reader.refuse(fmt::format("'action' is '{}', expected cancel, pause or resume", action));
    else
        control.action = static_cast<Action>(index);
    return control;
}

} // namespace

std::string toJson(const Request& request)
{
    return dump({{"type", "request"},
                 {"id", request.id},
                 {"kind", toString(request.kind)},
                 {"operator", request.operatorText},
                 {"backbone", request.backbone},
                 {"threads", request.threads},
                 {"max_seconds", request.maxSeconds},
                 {"max_bytes", request.maxBytes},
                 {"repeats", request.repeats},
                 {"min_seconds", request.minSeconds},
                 {"backend", request.backend},
                 {"dataset", request.dataset},
                 {"epochs", request.epochs},
                 {"seed", request.seed},
                 {"train_images", request.trainImages},
                 {"test_images", request.testImages},
                 {"batch_size", request.batchSize},
                 {"learning_rate", request.learningRate},
                 {"min_accuracy", request.minAccuracy}});
}

std::string toJson(const Control& control)
{
    return dump({{"type", "control"}, {"id", control.id}, {"action", toString(control.action)}});
}

Expected<Message> messageFromJson(std::string_view line)
{
    std::string type;
    const Expected<Json> json = parseObject(line, type);
    if (!json)
        return json.error();
    Reader reader(*json);
    Message message;
    if (type == "request")
        message = readRequest(reader);
    else if (type == "control")
        message = readControl(reader);
    else
        return refusal(line, fmt::format("'type' is '{}', expected request or control", type));
    if (reader.problem())
        return refusal(line, *reader.problem());
    return message;
}

std::int64_t idInJson(std::string_view line)
{
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded() || !json.is_object())
        return 0;
    const auto it = json.find("id");
    if (it == json.end() || !it->is_number_integer())
        return 0;
    const std::int64_t id = it->get<std::int64_t>();
    return id > 0 ? id : 0;
}

std::string_view toString(RequestKind kind)
{
    return kindNames[static_cast<std::size_t>(kind)];
}

std::string_view toString(Action action)
{
    return actionNames[static_cast<std::size_t>(action)];
}

} // namespace synoscope::protocol
