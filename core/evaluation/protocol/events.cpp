// Events: what the worker writes.
#include "core/evaluation/protocol/json_reader.h"
#include "core/evaluation/protocol/protocol.h"

namespace synoscope::protocol {

namespace {

// --- events: for each its name, a writer and a reader ---

template <typename What>
constexpr std::string_view eventName = "";
template <>
constexpr std::string_view eventName<Started> = "started";
template <>
constexpr std::string_view eventName<Progress> = "progress";
template <>
constexpr std::string_view eventName<Epoch> = "epoch";
template <>
constexpr std::string_view eventName<BenchResult> = "bench_result";
template <>
constexpr std::string_view eventName<TrainResult> = "train_result";
template <>
constexpr std::string_view eventName<ProxyResult> = "proxy_result";
template <>
constexpr std::string_view eventName<Failed> = "failed";
template <>
constexpr std::string_view eventName<Cancelled> = "cancelled";
template <>
constexpr std::string_view eventName<Paused> = "paused";
template <>
constexpr std::string_view eventName<Pong> = "pong";

void write(Json&, const Started&) {}
void write(Json&, const Cancelled&) {}
void write(Json&, const Paused&) {}
void write(Json&, const Pong&) {}
void read(Reader&, Started&) {}
void read(Reader&, Cancelled&) {}
void read(Reader&, Paused&) {}
void read(Reader&, Pong&) {}

void write(Json& json, const Progress& progress)
{
    json["fraction"] = progress.fraction;
    json["message"] = progress.message;
}

void read(Reader& reader, Progress& progress)
{
    reader.read("fraction", progress.fraction);
    reader.read("message", progress.message);
}

void write(Json& json, const Epoch& epoch)
{
    json["index"] = epoch.index;
    json["loss"] = epoch.loss;
    json["accuracy"] = epoch.accuracy;
    json["seconds"] = epoch.seconds;
    json["waiting"] = epoch.waiting;
}

void read(Reader& reader, Epoch& epoch)
{
    reader.read("index", epoch.index);
    reader.read("loss", epoch.loss);
    reader.read("accuracy", epoch.accuracy);
    reader.read("seconds", epoch.seconds);
    reader.read("waiting", epoch.waiting);
}

void write(Json& json, const Environment& environment)
{
    json = {{"cpu", environment.cpu},           {"libtorch", environment.libtorch}, {"blas", environment.blas},
            {"compiler", environment.compiler}, {"device", environment.device},     {"threads", environment.threads},
            {"warning", environment.warning}};
}

void read(Reader& reader, Environment& environment)
{
    reader.read("cpu", environment.cpu);
    reader.read("libtorch", environment.libtorch);
    reader.read("blas", environment.blas);
    reader.read("compiler", environment.compiler);
    reader.read("device", environment.device);
    reader.read("threads", environment.threads);
    reader.read("warning", environment.warning);
}

void write(Json& json, const BenchBinding& binding)
{
    json = {{"label", binding.label},
            {"count", binding.count},
            {"median_us", binding.medianUs},
            {"p10_us", binding.p10Us},
            {"p90_us", binding.p90Us},
            {"gflops", binding.gflops},
            {"peak_gflops", binding.peakGflops},
            {"bytes", binding.bytes},
            {"copy_us", binding.copyUs},
            {"baseline_us", binding.baselineUs},
            {"baseline_p10_us", binding.baselineP10Us},
            {"baseline_p90_us", binding.baselineP90Us},
            {"ratio", binding.ratio},
            {"ratio_low", binding.ratioLow},
            {"ratio_high", binding.ratioHigh},
            {"repeats", binding.repeats},
            {"disturbed", binding.disturbed},
            {"baseline", binding.baseline}};
}

void read(Reader& reader, BenchBinding& binding)
{
    reader.read("label", binding.label);
    reader.read("count", binding.count);
    reader.read("median_us", binding.medianUs);
    reader.read("p10_us", binding.p10Us);
    reader.read("p90_us", binding.p90Us);
    reader.read("gflops", binding.gflops);
    reader.read("peak_gflops", binding.peakGflops);
    reader.read("bytes", binding.bytes);
    reader.read("copy_us", binding.copyUs);
    reader.read("baseline_us", binding.baselineUs);
    reader.read("baseline_p10_us", binding.baselineP10Us);
    reader.read("baseline_p90_us", binding.baselineP90Us);
    reader.read("ratio", binding.ratio);
    reader.read("ratio_low", binding.ratioLow);
    reader.read("ratio_high", binding.ratioHigh);
    reader.read("repeats", binding.repeats);
    reader.read("disturbed", binding.disturbed);
    reader.read("baseline", binding.baseline);
}

// Members that are objects or lists of objects.
template <typename Part>
void writeList(Json& json, const char* key, const std::vector<Part>& parts)
{
    Json& list = json[key] = Json::array();
    for (const Part& part : parts)
        write(list.emplace_back(Json::object()), part);
}

template <typename Part>
void readObject(Reader& outer, const Json& json, Part& part)
{
    if (!json.is_object())
        return outer.refuse("a part of it must be an object");
    Reader reader(json);
    read(reader, part);
    if (reader.problem())
        outer.refuse(*reader.problem());
}

template <typename Part>
void readList(Reader& reader, const char* key, std::vector<Part>& parts)
{
    const Json* list = reader.list(key);
    if (!list)
        return;
    for (const Json& json : *list)
        readObject(reader, json, parts.emplace_back());
}

void write(Json& json, const BenchResult& result)
{
    writeList(json, "bindings", result.bindings);
    json["ratio"] = result.ratio;
    json["ratio_low"] = result.ratioLow;
    json["ratio_high"] = result.ratioHigh;
    json["peak_gflops"] = result.peakGflops;
    if (result.network)
        write(json["network"], *result.network);
    write(json["environment"], result.environment);
    json["seconds"] = result.seconds;
}

void read(Reader& reader, BenchResult& result)
{
    readList(reader, "bindings", result.bindings);
    reader.read("ratio", result.ratio);
    reader.read("ratio_low", result.ratioLow);
    reader.read("ratio_high", result.ratioHigh);
    reader.read("peak_gflops", result.peakGflops);
    if (const Json* network = reader.object("network"))
        readObject(reader, *network, result.network.emplace());
    if (const Json* environment = reader.object("environment"))
        readObject(reader, *environment, result.environment);
    reader.read("seconds", result.seconds);
}

void write(Json& json, const TrainResult& result)
{
    json["accuracy"] = result.accuracy;
    writeList(json, "epochs", result.epochs);
    json["parameters"] = result.parameters;
    json["seconds"] = result.seconds;
    json["stopped_early"] = result.stoppedEarly;
}

void read(Reader& reader, TrainResult& result)
{
    reader.read("accuracy", result.accuracy);
    readList(reader, "epochs", result.epochs);
    reader.read("parameters", result.parameters);
    reader.read("seconds", result.seconds);
    reader.read("stopped_early", result.stoppedEarly);
}

void write(Json& json, const ProxyResult& result)
{
    json["gradient_norm"] = result.gradientNorm;
    json["synflow"] = result.synflow;
    json["naswot"] = result.naswot;
    json["seconds"] = result.seconds;
}

void read(Reader& reader, ProxyResult& result)
{
    reader.read("gradient_norm", result.gradientNorm);
    reader.read("synflow", result.synflow);
    reader.read("naswot", result.naswot);
    reader.read("seconds", result.seconds);
}

void write(Json& json, const Failed& failed)
{
    json["message"] = failed.message;
    json["details"] = failed.details;
}

void read(Reader& reader, Failed& failed)
{
    reader.read("message", failed.message);
    reader.read("details", failed.details);
}

// Tries the alternatives of Event::what one by one.
template <std::size_t index = 0>
bool readWhat(std::string_view type, Reader& reader, Event& event)
{
    using What = decltype(Event::what);
    if constexpr (index == std::variant_size_v<What>) {
        return false;
    } else {
        if (eventName<std::variant_alternative_t<index, What>> != type)
            return readWhat<index + 1>(type, reader, event);
        read(reader, event.what.emplace<index>());
        return true;
    }
}

} // namespace

bool Event::final() const
{
    return std::holds_alternative<BenchResult>(what) || std::holds_alternative<TrainResult>(what)
        || std::holds_alternative<ProxyResult>(what) || std::holds_alternative<Failed>(what) || std::holds_alternative<Cancelled>(what)
        || std::holds_alternative<Pong>(what);
}

double scoreOf(const ProxyResult& result, std::string_view proxy)
{
    if (proxy == "gradient-norm")
        return result.gradientNorm;
    return proxy == "synflow" ? result.synflow : result.naswot;
}

std::string toJson(const Event& event)
{
    Json json = Json::object();
    std::visit(
        [&]<typename What>(const What& what) {
            write(json, what);
            json["type"] = eventName<What>;
        },
        event.what);
    json["id"] = event.id;
    return dump(json);
}

Expected<Event> eventFromJson(std::string_view line)
{
    std::string type;
    const Expected<Json> json = parseObject(line, type);
    if (!json)
        return json.error();
    Reader reader(*json);
    Event event;
    reader.need("id");
    reader.read("id", event.id);
    if (!readWhat(type, reader, event))
        return refusal(line, fmt::format("'type' is '{}', which is no event", type));
    if (reader.problem())
        return refusal(line, *reader.problem());
    return event;
}

} // namespace synoscope::protocol
