#include "core/base/random.h"
#include "core/evaluation/protocol/protocol.h"

#include <cmath>
#include <gmock/gmock.h>
#include <limits>

using namespace synoscope;
using namespace synoscope::protocol;
using testing::HasSubstr;

namespace {

Request someRequest()
{
    Request request;
    request.id = 42;
    request.kind = RequestKind::train;
    request.operatorText = "pgraph 1\nname \"quoted\" \\ tab\t\n";
    request.backbone = "resnet8";
    request.threads = 2;
    request.maxSeconds = 12.5;
    request.maxBytes = std::int64_t{1} << 33;
    request.repeats = 7;
    request.minSeconds = 0.25;
    request.dataset = "builtin100-32";
    request.epochs = 5;
    request.seed = std::numeric_limits<std::uint64_t>::max();
    request.trainImages = 1000;
    request.testImages = 200;
    request.untilEpoch = 2;
    request.recipe.optimizer = "adamw";
    request.recipe.batchSize = 32;
    request.recipe.learningRate = 0.0625;
    request.recipe.schedule = "step";
    request.recipe.dropEpochs = {2, 4};
    request.recipe.clipNorm = 0;
    request.milestones = {{1, 0.3}, {3, 0.5}};
    request.checkpoint = "/tmp/a \"quoted\" file";
    request.resume = true;
    return request;
}

std::vector<Event> someEvents()
{
    BenchResult bench;
    bench.bindings.push_back({"C_in=64 H=56", 4, 100.5, 99, 130, 12.5, 80, 79, 81, 1.25, 20, 3});
    bench.bindings.push_back({"C_in=128 H=28", 1, 10, 9, 13, 2.5, 8, 7, 9, 1.125, 30});
    bench.ratio = 1.2;
    bench.environment = {"a processor", "1.13", "OpenBLAS", "GNU 12", "cpu", 2, "slow"};
    bench.seconds = 3;
    TrainResult train{0.75, {{1, 2.0, 0.5, 1.5, 0.25}, {2, 1.0, 0.75, 1.25}}, 78042, 2.75, true};
    return {{1, Started{}},   {2, Progress{0.5, "epoch 1 of 2"}}, {3, Epoch{1, 2.25, 0.5, 1.5}}, {4, bench}, {5, train},
            {6, Failed{"No.", "because"}}, {7, Cancelled{}},      {8, Pong{}},
            {9, ProxyResult{1.5, -20.25, 300, 0.5}}};
}

TEST(Protocol, ARequestSurvivesTheWayThroughALine)
{
    const std::string line = toJson(someRequest());
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const auto message = messageFromJson(line);
    ASSERT_TRUE(message) << message.error().text();
    EXPECT_EQ(std::get<Request>(*message), someRequest());
}

TEST(Protocol, EveryControlAndEventSurvivesTheWayThroughALine)
{
    for (const Action action : {Action::cancel, Action::pause, Action::resume}) {
        const auto message = messageFromJson(toJson(Control{9, action}));
        ASSERT_TRUE(message);
        EXPECT_EQ(std::get<Control>(*message), (Control{9, action}));
    }
    for (const Event& event : someEvents()) {
        const auto read = eventFromJson(toJson(event));
        ASSERT_TRUE(read) << read.error().text();
        EXPECT_EQ(*read, event) << toJson(event);
    }
}

TEST(Protocol, ANumberThatIsNotFiniteStaysNotFinite)
{
    const auto read = eventFromJson(toJson(Event{1, Epoch{1, std::nan(""), 0.5, 1, 0}}));
    ASSERT_TRUE(read);
    EXPECT_TRUE(std::isnan(std::get<Epoch>(read->what).loss));
}

TEST(Protocol, TextThatIsNoUtf8IsRepairedNotFatal)
{
    const auto read = eventFromJson(toJson(Event{1, Failed{"bad \xff byte", "\xc3"}}));
    ASSERT_TRUE(read);
    EXPECT_THAT(std::get<Failed>(read->what).message, HasSubstr("byte"));
}

TEST(Protocol, MissingMembersTakeDefaultsAndUnknownOnesAreIgnored)
{
    const auto message = messageFromJson(
        R"({"type":"request","id":1,"kind":"train","backbone":"resnet8","colour":"blue"})");
    ASSERT_TRUE(message) << message.error().text();
    Request expected;
    expected.id = 1;
    expected.kind = RequestKind::train;
    expected.backbone = "resnet8";
    EXPECT_EQ(std::get<Request>(*message), expected);
}

TEST(Protocol, ARefusalNamesWhatIsWrong)
{
    const std::vector<std::pair<std::string, std::string>> lines{
        {"", "no JSON object"},
        {"[1,2]", "no JSON object"},
        {"{\"id\":1}", "'type'"},
        {R"({"type":"dance","id":1})", "dance"},
        {R"({"type":"request","kind":"ping"})", "'id' is missing"},
        {R"({"type":"request","id":0,"kind":"ping"})", "'id' must be"},
        {R"({"type":"request","id":1,"kind":"sing"})", "'sing'"},
        {R"({"type":"request","id":1,"kind":"train"})", "needs 'backbone'"},
        {R"({"type":"request","id":1,"kind":"bench"})", "'operator' or 'backbone'"},
        {R"({"type":"request","id":1,"kind":"bench","operator":"x","backend":"abacus"})", "'abacus'"},
        {R"({"type":"request","id":1,"kind":"ping","threads":0})", "'threads'"},
        {R"({"type":"request","id":1,"kind":"ping","threads":"two"})", "'threads'"},
        {R"({"type":"request","id":1,"kind":"ping","epochs":99999999999})", "'epochs'"},
        {R"({"type":"request","id":1,"kind":"ping","epochs":18446744073709551615})", "'epochs'"},
        {R"({"type":"request","id":1,"kind":"ping","seed":-1})", "'seed'"},
        {R"({"type":"request","id":1,"kind":"ping","learning_rate":null})", "'learning_rate'"},
        {R"({"type":"request","id":1,"kind":"proxies"})", "a proxies request needs 'backbone'"},
        {R"({"type":"request","id":1,"kind":"ping","optimizer":"lion"})", "'lion'"},
        {R"({"type":"request","id":1,"kind":"ping","precision":"float16"})", "needs the device cuda"},
        {R"({"type":"request","id":1,"kind":"ping","optimizer":"adamw","nesterov":true})", "'nesterov'"},
        {R"({"type":"request","id":1,"kind":"ping","drop_epochs":[3,2]})", "'drop_epochs'"},
        {R"({"type":"request","id":1,"kind":"ping","drop_epochs":[1e9,18446744073709551615]})", "'drop_epochs'"},
        {R"({"type":"request","id":1,"kind":"ping","label_smoothing":1})", "'label_smoothing'"},
        {R"({"type":"request","id":1,"kind":"ping","milestones":"1:2"})", "'milestones'"},
        {R"({"type":"request","id":1,"kind":"ping","epochs":3,"until_epoch":4})", "'until_epoch'"},
        {R"({"type":"control","id":1,"action":"explode"})", "'explode'"},
    };
    for (const auto& [line, part] : lines) {
        const auto message = messageFromJson(line);
        ASSERT_FALSE(message) << line;
        EXPECT_THAT(message.error().message, HasSubstr(part)) << line;
        EXPECT_EQ(message.error().message.back(), '.');
    }
    EXPECT_FALSE(eventFromJson(R"({"type":"request","id":1})"));
    EXPECT_FALSE(eventFromJson(R"({"type":"bench_result","id":1,"bindings":[3]})"));
    EXPECT_FALSE(eventFromJson(R"({"type":"bench_result","id":1,"environment":{"cpu":3}})"));
}

TEST(Protocol, MilestonesAreReadFromTextAndThePapersAreThere)
{
    const auto read = parseMilestones(" 1:0.1, 3:0.25 ");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, (std::vector<Milestone>{{1, 0.1}, {3, 0.25}}));
    EXPECT_EQ(toText(*read), "1:0.1 3:0.25");
    EXPECT_TRUE(parseMilestones("")->empty());
    EXPECT_EQ(parseMilestones("paper")->back(), (Milestone{60, 0.6}));
    for (const char* wrong : {"1", "1:", ":0.5", "0:0.5", "1:1.5", "2:0.1,1:0.2", "1:nan", "one:0.1"})
        EXPECT_FALSE(parseMilestones(wrong)) << wrong;
}

TEST(Protocol, TheIdOfARefusedLineIsFoundWhereItIs)
{
    EXPECT_EQ(idInJson(R"({"type":"request","id":17,"kind":"sing"})"), 17);
    EXPECT_EQ(idInJson(R"({"type":"request","id":"x"})"), 0);
    EXPECT_EQ(idInJson("nonsense"), 0);
}

TEST(Protocol, DamagedLinesNeverCrashAndWhatIsReadCanBeWritten)
{
    Random random(1);
    std::vector<std::string> seeds{toJson(someRequest()), toJson(Control{9, Action::pause})};
    for (const Event& event : someEvents())
        seeds.push_back(toJson(event));
    int understood = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string line = seeds[random.below(seeds.size())];
        const int edits = 1 + random.below(3);
        for (int i = 0; i < edits && !line.empty(); ++i) {
            const std::size_t at = random.below(line.size());
            switch (random.below(4)) {
            case 0: line[at] = static_cast<char>(random.below(256)); break;
            case 1: line.erase(at, 1 + random.below(5)); break;
            case 2: line.insert(at, 1, "{}[]\",:0e-"[random.below(10)]); break;
            default: line.resize(at); break;
            }
        }
        if (const auto message = messageFromJson(line)) {
            ++understood;
            std::visit([](const auto& value) { EXPECT_FALSE(toJson(value).empty()); }, *message);
        } else {
            EXPECT_FALSE(message.error().message.empty());
        }
        if (const auto event = eventFromJson(line)) {
            ++understood;
            EXPECT_FALSE(toJson(*event).empty());
        }
        idInJson(line);
    }
    EXPECT_GT(understood, 0); // some damage is harmless: the loop exercises both ways
}

TEST(Protocol, DeeplyNestedAndLongLinesAreRefused)
{
    EXPECT_FALSE(messageFromJson(std::string(200'000, '[')));
    EXPECT_FALSE(eventFromJson(std::string(1'000'000, 'a')));
    const auto refused = messageFromJson(std::string(300, '\xc3'));
    ASSERT_FALSE(refused);
    EXPECT_LE(refused.error().details.size(), 200u);
}

TEST(Protocol, OnlyResultsFailuresCancellationsAndPongsAreFinal)
{
    std::vector<bool> final;
    for (const Event& event : someEvents())
        final.push_back(event.final());
    EXPECT_EQ(final, (std::vector<bool>{false, false, false, true, true, true, true, true, true}));
}

} // namespace
