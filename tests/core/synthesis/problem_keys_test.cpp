// Every key of problem.json with a value of a wrong type, out of its range, or impossible beside the others: refused,
// with the key's path and place.
#include "tests/core/synthesis/problems.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace synoscope {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

// A problem that has every key, and is read.
Json whole()
{
    return Json::parse(R"({
        "name": "p", "input": ["N", "C:unordered", "H", "W"], "output": ["N", "D:unordered", "H", "W"],
        "fixed": [["N", "N"]], "interchangeable": [["H", "W"]],
        "primary": {"C": 2, "D": 1, "H": 0, "W": 0}, "coefficient": {"k": {"value": 3, "uses": 2}, "g": {"value": 2}},
        "bindings": [{"N": 1, "C": 8, "D": 4, "H": 6, "W": 6}],
        "limits": {"depth": 8, "weights": 2, "reductions": 3, "merges": 1, "splits": 1, "shifts": 1, "strides": 1,
            "unfolds": 2, "expands": 2, "chain": 4, "variables_in_size": 3, "powers_in_size": 16, "flops_ratio": [0.1, 2],
            "max_params": 1e6, "max_peak_bytes": 1e9, "pooling": 4, "min_weight_params": 10, "outer_product": 64,
            "low_rank": [2, 4], "unfold_ratio": 1.5, "unfold_max": 15, "odd_windows": true, "reduce_ratio": 4,
            "shift_reshape": 2, "repeat": 2, "tile": true},
        "rules": {}, "reward": {"accuracy": [0.2, 0.9], "power": 2}})");
}

// The same with one value replaced; the pointer may name a key that is not there yet.
std::string with(const std::string& pointer, const std::string& value)
{
    Json json = whole();
    json[Json::json_pointer(pointer)] = Json::parse(value);
    return json.dump(1);
}

struct BadValue
{
    std::string pointer; // "/limits/depth"
    std::string value;
    std::string fragment; // of the sentence
};

void expectRefused(const BadValue& bad)
{
    const std::string text = with(bad.pointer, bad.value);
    const auto problem = parseProblem(text, "bad.json");
    ASSERT_FALSE(problem) << bad.pointer << " = " << bad.value;
    EXPECT_THAT(problem.error().message, HasSubstr(bad.fragment)) << bad.pointer << " = " << bad.value;
    EXPECT_EQ(problem.error().file, "bad.json");
    EXPECT_GT(problem.error().line, 1) << problem.error().text(); // the document itself begins in line 1
    EXPECT_GT(problem.error().column, 0);
}

std::string pathOf(std::string pointer)
{
    pointer.erase(0, 1);
    std::ranges::replace(pointer, '/', '.');
    return '\'' + pointer + '\'';
}

TEST(ProblemKeys, TogetherMakeAProblem)
{
    const auto problem = parseProblem(whole().dump(), "p.json");
    ASSERT_TRUE(problem) << problem.error().text();
    const Limits& limits = problem->limits;
    EXPECT_EQ(std::tuple(limits.depth, limits.weights, limits.reductions, limits.merges, limits.splits, limits.shifts,
                         limits.strides, limits.unfolds, limits.expands, limits.chain),
              std::tuple(8, 2, 3, 1, 1, 1, 1, 2, 2, 4));
    EXPECT_EQ(std::tuple(limits.variablesInSize, limits.powersInSize, limits.pooling, limits.minWeightParameters,
                         limits.outerProduct, limits.unfoldMax, limits.shiftReshape, limits.repeat),
              std::tuple(3, 16, 4, 10, 64, 15, 2, 2));
    EXPECT_EQ(std::tuple(limits.flopsLow, limits.flopsHigh, limits.maxParameters, limits.maxPeakBytes,
                         limits.unfoldRatio, limits.reduceRatio),
              std::tuple(0.1, 2.0, 1e6, 1e9, 1.5, 4.0));
    EXPECT_EQ(limits.lowRank, (std::pair<std::int64_t, std::int64_t>(2, 4)));
    EXPECT_TRUE(limits.oddWindows);
    EXPECT_TRUE(limits.tile);
    EXPECT_EQ(std::tuple(problem->reward.accuracyFloor, problem->reward.accuracyCeiling, problem->reward.power),
              std::tuple(0.2, 0.9, 2.0));
    EXPECT_EQ(problem->fixed, (std::vector<std::pair<int, int>>{{0, 0}}));
    EXPECT_EQ(problem->interchangeable, (std::vector<std::pair<int, int>>{{2, 3}}));
}

TEST(ProblemKeys, TheRewardCanBeAnother)
{
    const auto problem = parseProblem(whole().dump(), "p.json");
    ASSERT_TRUE(problem) << problem.error().text();
    const auto other = withReward(
        *problem, R"({"accuracy": [0.1, 0.5], "latency": {"limit": 1.5, "target": 0.8, "weight": 0.3}})", "r.json");
    ASSERT_TRUE(other) << other.error().text();
    EXPECT_EQ(other->reward, (RewardSettings{0.1, 0.5, 4, {1.5, 0.8, 0.3}, {}}));
    EXPECT_EQ(other->limits.depth, problem->limits.depth);
    const auto again = parseProblem(other->text, "p.json"); // as the store keeps it
    ASSERT_TRUE(again);
    EXPECT_EQ(again->reward, other->reward);

    const auto refusedWith = [&](const std::string& reward) {
        const auto refused = withReward(*problem, reward, "r.json");
        return refused ? "" : refused.error().text();
    };
    EXPECT_NE(refusedWith(R"({"latency": {"limit": -1}})").find("'reward.latency.limit'"), std::string::npos);
    EXPECT_NE(refusedWith(R"({"speed": 1})").find("'reward.speed'"), std::string::npos);
    EXPECT_NE(refusedWith("[").find("r.json"), std::string::npos);
    EXPECT_NE(refusedWith("3").find("'reward'"), std::string::npos);
}

TEST(ProblemKeys, WholeNumbersAreRefusedBelowAndAboveTheirRange)
{
    const std::vector<std::tuple<std::string, std::int64_t, std::int64_t>> ranges{
        {"/limits/depth", 1, 32},
        {"/limits/weights", 1, 8},
        {"/limits/reductions", 0, 8},
        {"/limits/merges", 0, 16},
        {"/limits/splits", 0, 16},
        {"/limits/shifts", 0, 16},
        {"/limits/strides", 0, 16},
        {"/limits/unfolds", 0, 16},
        {"/limits/expands", 0, 16},
        {"/limits/chain", 1, 32},
        {"/limits/variables_in_size", 1, 16},
        {"/limits/powers_in_size", 1, 60},
        {"/limits/pooling", 1, 1 << 20},
        {"/limits/min_weight_params", 1, 1 << 30},
        {"/limits/outer_product", 1, std::int64_t{1} << 40},
        {"/limits/unfold_max", 2, 1 << 20},
        {"/limits/shift_reshape", 1, 1 << 20},
        {"/limits/repeat", 1, 1 << 20},
        {"/primary/C", 0, 16},
        {"/coefficient/k/value", 2, 1 << 20},
        {"/coefficient/k/uses", 0, 16}};
    for (const auto& [pointer, least, most] : ranges) {
        for (const std::string& value :
             {std::to_string(least - 1), std::to_string(most + 1), std::string("1.5"), std::string("\"2\""),
              std::string("true"), std::string("null"), std::string("[2]"), std::string("18446744073709551615")})
            expectRefused({pointer, value, pathOf(pointer) + " must be a whole number between"});
        if (pointer == "/limits/repeat")
            continue; // 1 goes with no tile
        for (const std::int64_t value : {least, most}) {
            const auto problem = parseProblem(with(pointer, std::to_string(value)), "p.json");
            EXPECT_TRUE(problem) << pointer << " = " << value << ": " << problem.error().text();
        }
    }
}

TEST(ProblemKeys, NumbersAreRefusedBelowAndAboveTheirRange)
{
    const std::vector<std::tuple<std::string, std::string, std::string>> ranges{
        {"/limits/max_params", "-1", "1e16"},
        {"/limits/max_peak_bytes", "-1", "1e16"},
        {"/limits/unfold_ratio", "0.5", "1e7"},
        {"/limits/reduce_ratio", "0", "1e7"},
        {"/reward/power", "0", "101"}};
    for (const auto& [pointer, below, above] : ranges)
        for (const std::string& value : {below, above, std::string("\"2\""), std::string("false"), std::string("null")})
            expectRefused({pointer, value, pathOf(pointer) + " must be a number between"});
}

TEST(ProblemKeys, FlagsAreTrueOrFalse)
{
    for (const std::string pointer : {"/limits/odd_windows", "/limits/tile"})
        for (const std::string value : {"1", "\"true\"", "null", "[]"})
            expectRefused({pointer, value, pathOf(pointer) + " must be true or false"});
    Json json = whole();
    json["rules"][std::string("nothing")] = true;
    EXPECT_FALSE(parseProblem(json.dump(), "p.json"));
}

TEST(ProblemKeys, PairsAreTwoNumbersInOrder)
{
    for (const std::string pointer : {"/limits/flops_ratio", "/limits/low_rank", "/reward/accuracy"})
        for (const std::string value : {"1", "[]", "[1]", "[1, 2, 3]", "\"1, 2\"", "{}"})
            expectRefused({pointer, value, pathOf(pointer) + " must be a list [...] of 2 entries"});
    expectRefused({"/limits/flops_ratio", "[2, 1]", "[least, largest]"});
    expectRefused({"/limits/flops_ratio", "[1, 1]", "[least, largest]"});
    expectRefused({"/limits/flops_ratio", "[-1, 1]", "'limits.flops_ratio[0]'"});
    expectRefused({"/limits/flops_ratio", "[0, 1e7]", "'limits.flops_ratio[1]'"});
    expectRefused({"/limits/low_rank", "[4, 2]", "[least, largest]"});
    expectRefused({"/limits/low_rank", "[0, 2]", "'limits.low_rank[0]'"});
    expectRefused({"/limits/low_rank", "[2, 2.5]", "'limits.low_rank[1]'"});
    expectRefused({"/reward/accuracy", "[0.9, 0.2]", "the floor below"});
    expectRefused({"/reward/accuracy", "[0.2, 1.5]", "'reward.accuracy[1]'"});
    expectRefused({"/reward/accuracy", "[\"a\", 1]", "'reward.accuracy[0]'"});
}

TEST(ProblemKeys, TextsAndNames)
{
    for (const std::string value : {"1", "\"\"", "null", "[\"p\"]", "\"two\\nlines\""})
        expectRefused({"/name", value, "'name' must be a text"});
    expectRefused({"/name", '"' + std::string(300, 'n') + '"', "at most 200"});
    expectRefused({"/backbone", "7", "'backbone' must be a text"});
    expectRefused({"/backbone", "\"vgg\"", "no backbone 'vgg'; expected one of: resnet8"});
    expectRefused({"/image", "32", "no meaning without a 'backbone'"});
    expectRefused({"/batch", "2", "no meaning without a 'backbone'"});
    expectRefused({"/colour", "1", "unknown key 'colour'"});
    expectRefused({"/limits/colour", "1", "unknown key 'limits.colour'"});
    expectRefused({"/reward/colour", "1", "unknown key 'reward.colour'"});
    expectRefused({"/coefficient/k/colour", "1", "unknown key 'coefficient.k.colour'"});
    expectRefused({"/rules/gravity", "false", "no rule 'gravity'"});
}

TEST(ProblemKeys, PartsThatMustBeObjects)
{
    for (const std::string pointer : {"/primary", "/coefficient", "/limits", "/rules", "/reward", "/coefficient/k"})
        for (const std::string value : {"1", "[]", "\"x\"", "null"})
            expectRefused({pointer, value, pathOf(pointer) + " must be an object"});
    expectRefused({"/bindings/0", "[1]", "'bindings[0]' must be an object"});
}

TEST(ProblemKeys, Variables)
{
    expectRefused({"/primary/2x", "1", "not a variable name"});
    expectRefused({"/primary/" + std::string(33, 'x'), "1", "at most 32 characters"});
    expectRefused({"/coefficient/C", R"({"value": 2})", "declared twice"});
    expectRefused({"/coefficient/h", R"({"uses": 2})", "'coefficient.h.value' is missing"});
    expectRefused({"/primary/Z", "1", "gives no number for 'Z'"}); // could be introduced, and has no number
    Json json = whole();
    for (int i = 0; i < 12; ++i)
        json["coefficient"]["c" + std::to_string(i)] = {{"value", 2}};
    EXPECT_THAT(parseProblem(json.dump(), "p.json").error().message, HasSubstr("more than 16 variables"));
}

TEST(ProblemKeys, Shapes)
{
    for (const std::string key : {"input", "output"}) {
        expectRefused({"/" + key, "[]", "'" + key + "' must be a list"});
        expectRefused({"/" + key, "\"N\"", "'" + key + "' must be a list"});
        expectRefused({"/" + key, R"(["N", "C", "D", "H", "W", "H", "W"])", "1 to 6 entries"});
        expectRefused({"/" + key + "/1", "3", "'" + key + "[1]' must be a text"});
        expectRefused({"/" + key + "/1", "\"C:ordered\"", "':unordered'"});
        expectRefused({"/" + key + "/1", "\"C/Q\"", "'Q' is not declared"});
        expectRefused({"/" + key + "/1", "\"1/k\"", "no legal size"});
        expectRefused({"/" + key + "/1", "\"k/k\"", "no legal size"});
        expectRefused({"/" + key + "/1", "\"C/H\"", "no legal size"});
        expectRefused({"/" + key + "/1", "\"C^61\"", "exponent"});
        expectRefused({"/" + key + "/1", "\"C^60\"", "no whole number"});
        expectRefused({"/" + key + "/1", "\"C/k\"", "no whole number"}); // 8 / 3
        expectRefused({"/" + key + "/1", '"' + std::string(150, 'C') + '"', "longer than the 100"});
    }
}

TEST(ProblemKeys, Axes)
{
    expectRefused({"/fixed", "1", "'fixed' must be a list"});
    expectRefused({"/fixed/0", "[\"N\"]", "'fixed[0]' must be a list [...] of 2 entries"});
    expectRefused({"/fixed/0", "[\"N\", 1]", "'fixed[0][1]' must be a text"});
    expectRefused({"/fixed/0", "[\"Q\", \"N\"]", "'fixed[0][0]' must name an axis"});
    expectRefused({"/fixed/0", "[\"H\", \"W\"]", "axes of the same size"});
    expectRefused({"/fixed/1", "[\"N\", \"N\"]", "not used yet"});
    expectRefused({"/interchangeable/0", "[\"H\", \"H\"]", "not used yet"});
    expectRefused({"/interchangeable/0", "[\"H\", \"C\"]", "an unordered axis with an ordered one"});
    expectRefused({"/interchangeable/0", "[\"N\", \"H\"]", "equally long under every binding"});
    expectRefused({"/bindings/0/W", "7", "equally long under every binding"});
    Json json = whole();
    json["fixed"].push_back({"H", "H"});
    EXPECT_THAT(parseProblem(json.dump(), "p.json").error().message, HasSubstr("not fixed"));
}

TEST(ProblemKeys, Bindings)
{
    expectRefused({"/bindings", "[]", "'bindings' must be a list"});
    expectRefused({"/bindings", "{}", "'bindings' must be a list"});
    expectRefused({"/bindings/0", "{\"N\": 1}", "'bindings[0]' gives no number for"});
    expectRefused({"/bindings/0/Q", "1", "'bindings[0].Q' binds a variable that no shape"});
    expectRefused({"/bindings/0/2", "3", "'bindings[0].2' binds a variable that no shape"});
    for (const std::string value : {"0", "-1", "1.5", "\"8\"", "1000000001", "9223372036854775808"})
        expectRefused({"/bindings/0/C", value, "'bindings[0].C' must be a whole number between 1 and 1000000000"});
}

TEST(ProblemKeys, AKeyMayNotStandTwiceInAnObject)
{
    const auto problem = parseProblem("{\"name\": \"p\",\n \"limits\": {\"depth\": 3,\n  \"depth\": 4}}", "p.json");
    ASSERT_FALSE(problem);
    EXPECT_EQ(problem.error().line, 3);
    EXPECT_EQ(problem.error().column, 3);
    EXPECT_THAT(problem.error().message, HasSubstr("'depth' stands twice"));
}

TEST(ProblemKeys, TileNeedsRepeat)
{
    expectRefused({"/limits/repeat", "1", "'limits.tile' has no meaning"});
}

// The problem of a backbone, with these keys in front.
Expected<Problem> ofBackbone(const std::string& keys)
{
    return parseProblem("{\n" + keys + R"(, "name": "p", "input": ["N", "C_in", "H", "W"],
        "output": ["N", "C_out", "H", "W"]})",
                        "p.json");
}

TEST(ProblemBackbone, GivesTheLayersForItsImageAndBatch)
{
    const auto usual = ofBackbone(R"("backbone": "resnet18")");
    const auto half = ofBackbone(R"("backbone": "resnet18", "image": 448, "batch": 128)");
    ASSERT_TRUE(usual) << usual.error().text();
    ASSERT_TRUE(half) << half.error().text();
    EXPECT_EQ(usual->image, 224);
    const VariableId n = *usual->variables.find("N");
    const VariableId h = *usual->variables.find("H");
    ASSERT_EQ(half->layers.size(), usual->layers.size());
    for (std::size_t i = 0; i < half->layers.size(); ++i) {
        EXPECT_EQ(half->layers[i].count, usual->layers[i].count);
        EXPECT_EQ(half->layers[i].binding[h], 2 * usual->layers[i].binding[h]);
        EXPECT_EQ(half->layers[i].binding[n], 128);
    }
    EXPECT_DOUBLE_EQ(half->baselineFlops, 4 * 128 * usual->baselineFlops);
}

TEST(ProblemBackbone, RefusesWhatItHasNoLayersFor)
{
    const auto sentence = [](const Expected<Problem>& problem) { return problem ? "" : problem.error().message; };
    EXPECT_THAT(sentence(ofBackbone(R"("backbone": "resnet18", "image": 100)")), HasSubstr("a multiple of 32"));
    EXPECT_THAT(sentence(ofBackbone(R"("backbone": "resnet18", "image": "224")")), HasSubstr("'image' must be"));
    EXPECT_THAT(sentence(ofBackbone(R"("backbone": "resnet18", "batch": 0)")), HasSubstr("'batch' must be"));
    EXPECT_THAT(sentence(ofBackbone(R"("backbone": "resnet18", "primary": {"Z": 1})")),
                HasSubstr("the backbone gives no number for 'Z'"));
    EXPECT_THAT(sentence(ofBackbone(R"("backbone": "densenet121", "limits": {"flops_ratio": [0.1, 0.5]})")),
                HasSubstr("the rest of the backbone alone has 0.56"));
    EXPECT_THAT(sentence(parseProblem(R"({"name": "p", "backbone": "resnet18", "input": ["N", "C_in", "H"],
                                          "output": ["N", "C_out", "H", "H"]})",
                                      "p.json")),
                HasSubstr("'input' has 3584 elements where the backbone's layer 64 -> 64 at 56 x 56 has 200704"));
}

TEST(ProblemText, StrangeTextsAreRefusedInReasonableTime)
{
    const auto sentence = [](std::string_view text) { return parseProblem(text, "p.json").error().message; };
    EXPECT_THAT(sentence("{\"limits\": {\"depth\": 1e400}}"), HasSubstr("1e400 is beyond"));
    EXPECT_THAT(sentence(std::string("{\"a\0\": 1}", 9)), HasSubstr("JSON"));
    EXPECT_THAT(sentence("{\"\xFF\": 1}"), HasSubstr("JSON"));
    // A million values below a key of a million characters: paths may not be put together.
    std::string text = "{\"name\": \"p\", \"coefficient\": {\"" + std::string(1 << 20, 'k') + "\": {\"value\": [0";
    for (int i = 0; i < 1 << 20; ++i)
        text += ",0";
    const std::string refusal = sentence(text + "]}}}");
    EXPECT_LT(refusal.size(), 500u);
    EXPECT_THAT(sentence(std::string(5 << 20, ' ')), HasSubstr("at most"));
}

} // namespace
} // namespace synoscope
