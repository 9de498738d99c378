#include "core/catalog/description.h"

#include "core/base/resources.h"

#include <fstream>
#include <gmock/gmock.h>

using namespace synoscope;
using testing::HasSubstr;

namespace {

std::string exampleText()
{
    const auto text = descriptionText(resourceFolder() / "backbones" / "bottleneck-tiny.json");
    EXPECT_TRUE(text) << (text ? "" : text.error().text());
    return *text;
}

// A description of these layers, the first of which stands in line 2.
std::string of(const std::string& layers, const std::string& head = R"("image": 16, "classes": 10)")
{
    return "{\"name\": \"own\", " + head + ", \"layers\": [\n" + layers + "]}";
}

const std::string slot = R"({"type": "convolution", "out": 8, "slot": true},)";
const std::string end = R"("global_average", {"type": "linear", "out": "classes"})";

TEST(Description, TheExampleIsReadAndCounted)
{
    const auto backbone = parseBackbone(exampleText(), "example.json");
    ASSERT_TRUE(backbone) << backbone.error().text();
    EXPECT_EQ(backbone->name, "bottleneck-tiny");
    EXPECT_EQ(backbone->granularity, 2);
    const std::int64_t stem = 3 * 32 * 9 + 64;
    const std::int64_t blocks = 2 * (32 * 16 + 32 + 16 * 16 * 9 + 32 + 16 * 32 + 64);
    const std::int64_t last = 32 * 32 + 64 + 32 * 32 * 9 + 64 + 32 * 64 + 128 + 32 * 64 + 128;
    EXPECT_EQ(backbone->parameters, stem + blocks + last + 650);
    ASSERT_EQ(backbone->slots.size(), 2u);
    EXPECT_EQ(backbone->slots[0].count, 2);
    EXPECT_EQ(backbone->slots[1].height, 8);
    EXPECT_EQ(backbone->slots[1].stride, 2);
}

TEST(Description, ABuiltInNetworkCanBeDescribed)
{
    const std::string norm = R"("batch_norm")";
    const auto block = [&](int channels, bool opens) {
        const std::string out = R"(, "out": )" + std::to_string(channels);
        return R"({"type": "residual", "layers": [{"type": "convolution", "slot": true)" + out +
               (opens ? R"(, "stride": 2)" : "") + "}, " + norm + R"(, "relu", {"type": "convolution", "slot": true)" +
               out + "}, " + norm + "]" +
               (opens ? R"(, "shortcut": [{"type": "convolution", "kernel": 1, "stride": 2)" + out + "}, " + norm + "]"
                      : "") +
               "}, \"relu\",";
    };
    const auto described = parseBackbone(of(R"({"type": "convolution", "out": 16}, "batch_norm", "relu",)" +
                                            block(16, false) + block(32, true) + block(64, true) + end),
                                         "resnet8.json");
    ASSERT_TRUE(described) << described.error().text();
    const Backbone& known = *findBackbone("resnet8");
    EXPECT_EQ(described->parameters, known.parameters);
    EXPECT_EQ(described->flops, known.flops);
    EXPECT_EQ(described->slots, known.slots);
    EXPECT_EQ(described->granularity, known.granularity);
}

TEST(Description, IsFoundByFileAndByTextAsOneBackbone)
{
    const std::string file = (resourceFolder() / "backbones" / "bottleneck-tiny.json").string();
    const Backbone* byFile = findBackbone(file);
    ASSERT_TRUE(byFile);
    EXPECT_EQ(findBackbone(file), byFile);
    EXPECT_THAT(byFile->key, testing::StartsWith("{"));
    const Backbone* byText = findBackbone(byFile->key);
    ASSERT_TRUE(byText);
    EXPECT_EQ(byText->key, byFile->key);
    EXPECT_EQ(byText->parameters, byFile->parameters);
}

TEST(Description, WhatIsNoFileIsASentence)
{
    EXPECT_THAT(backboneFor("resnet19").error().message, HasSubstr("resnet8, tinygpt"));
    EXPECT_THAT(backboneFor("nowhere/own.json").error().text(),
                HasSubstr("nowhere/own.json: the file cannot be opened"));
    EXPECT_THAT(backboneFor("/tmp/").error().text(), HasSubstr("folder"));
    EXPECT_THAT(backboneFor("/dev/zero").error().text(), HasSubstr("larger than"));
}

struct BadDescription
{
    std::string text;
    int line;
    std::string fragment;
};

class BadDescriptions : public testing::TestWithParam<BadDescription>
{};

TEST_P(BadDescriptions, AreOneSentenceWithFileLineAndWhatWasExpected)
{
    const auto backbone = parseBackbone(GetParam().text, "own.json");
    ASSERT_FALSE(backbone);
    EXPECT_EQ(backbone.error().file, "own.json");
    EXPECT_EQ(backbone.error().line, GetParam().line) << backbone.error().text();
    EXPECT_GE(backbone.error().column, 1);
    EXPECT_THAT(backbone.error().message, HasSubstr(GetParam().fragment));
    EXPECT_EQ(backbone.error().message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadDescriptions,
    testing::Values(
        BadDescription{"", 1, "empty; expected the description of a network"},
        BadDescription{"{\"name\": \"a\",\n]", 2, "well-formed"}, BadDescription{"[]", 1, "must be an object"},
        BadDescription{"{}", 1, "'name' is missing"}, BadDescription{"{\"name\": \"a b\"}", 1, "must be a word"},
        BadDescription{"{\"name\": \"a\"}", 1, "'image' is missing"},
        BadDescription{of(slot + end, R"("image": 0, "classes": 10)"), 1, "'image' must be a whole number between 1"},
        BadDescription{of(slot + end, R"("image": 16, "tokens": 3, "classes": 10)"), 1, "not both"},
        BadDescription{of(slot + end, R"("image": 16)"), 1, "'classes' is missing"},
        BadDescription{of(slot + end, R"("image": 16, "classes": 10, "colour": 1)"), 1, "unknown key 'colour'"},
        BadDescription{of(""), 1, "'layers' must be a list"},
        BadDescription{of(slot + "\n7," + end), 3, "must be a layer"},
        BadDescription{of(slot + "\n\"konvolution\"," + end), 3,
                       "no type of layer 'konvolution'; expected one of: convolution, patches"},
        BadDescription{of(slot + "\n{\"out\": 3}," + end), 3, "type' is missing"},
        BadDescription{of(slot + "\n\"convolution\"," + end), 3, "out' is missing"},
        BadDescription{of(slot + "\n{\"type\": \"relu\", \"out\": 3}," + end), 3, "expected one of: type, name"},
        BadDescription{of(slot + "\n{\"type\": \"convolution\", \"out\": \"many\"}," + end), 3,
                       "or the word \"classes\""},
        BadDescription{of(slot + "\n{\"type\": \"convolution\", \"out\": 8,\n\"kernel\": 2}," + end), 4,
                       "must be odd, not 2"},
        BadDescription{of(slot + "\n{\"type\": \"convolution\", \"out\": 8, \"stride\": 3}," + end), 3,
                       "does not divide the 16 x 16"},
        BadDescription{of(slot + "\n{\"type\": \"convolution\", \"out\": 9, \"groups\": 4}," + end), 3, "4 groups"},
        BadDescription{of(slot + "\n{\"type\": \"convolution\", \"out\": 9, \"init\": \"kaiming\"}," + end), 3,
                       "he_out"},
        BadDescription{of(slot + "\n{\"type\": \"linear\", \"out\": 8}," + end), 3,
                       "'linear' expects tokens or a vector, but what comes before gives an image of 8 x 16 x 16"},
        BadDescription{of(slot + "\n{\"type\": \"attention\"}," + end), 3, "expects tokens"},
        BadDescription{
            of(slot + "\n{\"type\": \"residual\", \"layers\": [{\"type\": \"convolution\", \"out\": 4}]}," + end), 3,
            "a 'shortcut' may change it"},
        BadDescription{of(slot + "\n{\"type\": \"concatenate\", \"layers\": [\"max_pool\"]}," + end), 3,
                       "cannot stand beside"},
        BadDescription{of(slot + "\n{\"type\": \"gate\", \"layers\": [\"max_pool\"]}," + end), 3, "cannot multiply"},
        BadDescription{
            of(slot + "\n{\"type\": \"sequence\", \"repeat\": 2000, \"layers\": [\"relu\",\"relu\"]}," + end), 3,
            "more than 2000 layers"},
        BadDescription{of(slot + "\n{\"type\": \"batch_norm\", \"name\": \"0\"}," + end), 3,
                       "the name '0' of a layer before it"},
        BadDescription{of(slot + "\n{\"type\": \"batch_norm\", \"name\": \"a.b\"}," + end), 3,
                       "letters, digits and '_'"},
        BadDescription{of(slot + "\n\"embedding\"," + end), 3, "is missing"},
        BadDescription{of(slot + "\n\"tied_linear\"," + end), 3, "'embedding'"},
        BadDescription{of("\"relu\"," + end), 1, "has no slot"},
        BadDescription{of(slot + "\"relu\""), 1, "ends with an image of 8 x 16 x 16; expected a vector of 10 channels"},
        BadDescription{
            of(R"({"type": "convolution", "out": 60000}, {"type": "convolution", "kernel": 31, "slot": true, "out": 60000},)" +
               end),
            2, "more than 4000000000 parameters"},
        BadDescription{of("\"relu\"", R"("tokens": 16, "classes": 10)"), 2, "cannot read words"}));

// Every byte of the example taken away or turned into another: a backbone, or an error with a place.
TEST(Description, ADamagedFileIsReadOrRefusedWithAPlace)
{
    const std::string text = exampleText();
    int refused = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const std::string_view with : {"", "]", "9", "\""}) {
            std::string damaged = text;
            damaged.replace(at, 1, with);
            const auto backbone = parseBackbone(damaged, "damaged.json");
            if (backbone)
                continue;
            ++refused;
            ASSERT_GE(backbone.error().line, 1) << backbone.error().text() << "\n" << damaged;
            ASSERT_FALSE(backbone.error().message.empty());
        }
    }
    EXPECT_GT(refused, 1000);
}

} // namespace
