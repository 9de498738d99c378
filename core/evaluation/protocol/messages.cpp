// Requests and controls: what the worker reads.
#include "core/evaluation/protocol/json_reader.h"
#include "core/evaluation/protocol/protocol.h"

#include <algorithm>
#include <array>
#include <fmt/ranges.h>

namespace synoscope::protocol {

namespace {

constexpr std::array<std::string_view, 5> kindNames{"bench", "train", "proxies", "ping", "quit"};
constexpr std::array<std::string_view, 3> actionNames{"cancel", "pause", "resume"};

template <std::size_t count>
int indexOf(const std::array<std::string_view, count>& names, std::string_view name)
{
    for (std::size_t i = 0; i < count; ++i)
        if (names[i] == name)
            return static_cast<int>(i);
    return -1;
}

void readMilestones(Reader& reader, std::vector<Milestone>& milestones)
{
    std::string text;
    reader.read("milestones", text);
    auto parsed = parseMilestones(text);
    if (parsed)
        milestones = std::move(*parsed);
    else
        reader.refuse(fmt::format("'milestones' is '{}', expected EPOCH:ACCURACY with rising epochs", text));
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
        reader.refuse(fmt::format("'kind' is '{}', expected bench, train, proxies, ping or quit", kind));
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
    visitRecipe(request.recipe, [&](const char* key, auto& value) { reader.read(key, value); });
    reader.read("until_epoch", request.untilEpoch);
    readMilestones(reader, request.milestones);
    reader.read("checkpoint", request.checkpoint);
    reader.read("resume", request.resume);
    reader.read("restart", request.restart);
    reader.require(indexOf(benchBackends, request.backend) >= 0,
                   fmt::format("'backend' is '{}', expected one of {}", request.backend,
                               fmt::join(benchBackends, ", ")));
    reader.require(request.threads <= 1024, "'threads' must be at most 1024");
    reader.require(request.maxSeconds >= 0, "'max_seconds' must be at least 0");
    reader.require(request.minSeconds >= 0, "'min_seconds' must be at least 0");
    if (const auto refusal = refusalOf(request.recipe))
        reader.refuse(*refusal);
    reader.require(request.untilEpoch <= request.epochs, "'until_epoch' must be at most 'epochs'");
    if (request.kind == RequestKind::bench)
        reader.require(!request.operatorText.empty() || !request.backbone.empty(),
                       "a bench request needs 'operator' or 'backbone'");
    if (request.kind == RequestKind::train || request.kind == RequestKind::proxies)
        reader.require(!request.backbone.empty(), fmt::format("a {} request needs 'backbone'", kind));
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
    Json json{{"type", "request"},
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
              {"seed", request.seed},
              {"train_images", request.trainImages},
              {"test_images", request.testImages},
              {"epochs", request.epochs},
              {"until_epoch", request.untilEpoch},
              {"milestones", toText(request.milestones)},
              {"checkpoint", request.checkpoint},
              {"resume", request.resume},
              {"restart", request.restart}};
    visitRecipe(request.recipe, [&](const char* key, const auto& value) { json[key] = value; });
    return dump(json);
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
    const auto answer = [&](auto message) -> Expected<Message> {
        if (reader.problem())
            return refusal(line, *reader.problem());
        return Message(std::move(message));
    };
    if (type == "request")
        return answer(readRequest(reader));
    if (type == "control")
        return answer(readControl(reader));
    return refusal(line, fmt::format("'type' is '{}', expected request or control", type));
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
