// A problem whose backbone is a user's own network.
#include "core/synthesis/problem.h"

#include <fstream>
#include <gmock/gmock.h>
#include <unistd.h>

namespace synoscope {
namespace {

using testing::HasSubstr;

// A described network of one slot, and how a folder of its own is left behind.
class ProblemDescription : public testing::Test
{
protected:
    void SetUp() override { std::filesystem::create_directories(folder_); }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void put(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }

    static std::string problem(const std::string& backbone)
    {
        return "{\"name\": \"p\",\n\"backbone\": " + backbone
             + R"(, "input": ["N", "C_in", "H", "W"], "output": ["N", "C_out", "H", "W"]})";
    }

    const std::string network_ = R"({"name": "own", "image": 12, "classes": 10, "layers": [
        {"type": "convolution", "out": 8, "slot": true}, "global_average", {"type": "linear", "out": "classes"}]})";
    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("synoscope_problem_description_" + std::to_string(::getpid()));
};

TEST_F(ProblemDescription, AFileBesideTheProblemGivesTheLayersAndIsKeptInItsText)
{
    put("own.json", "// mine\n" + network_);
    put("p.json", problem("\"own.json\""));
    const auto read = readProblem(folder_ / "p.json");
    ASSERT_TRUE(read) << read.error().text();
    ASSERT_EQ(read->layers.size(), 1u);
    EXPECT_EQ(read->layers[0].binding[*read->variables.find("C_in")], 3);
    EXPECT_EQ(read->layers[0].binding[*read->variables.find("H")], 12);
    std::filesystem::remove(folder_ / "own.json"); // a stored problem needs no other file
    const auto again = parseProblem(read->text, "/elsewhere/db.synoscope");
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(again->backbone, read->backbone);
    EXPECT_EQ(again->text, read->text);
    EXPECT_EQ(again->flopsWindow(), read->flopsWindow());
}

TEST_F(ProblemDescription, AnExampleIsFoundWhereverTheProblemLies)
{
    const auto read = parseProblem(problem("\"bottleneck-tiny.json\""), "p.json");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->image, 16);
}

TEST_F(ProblemDescription, AMistakeIsToldWhereItStands)
{
    const auto error = [&](const std::string& backbone) { return parseProblem(problem(backbone), (folder_ / "p.json").string()).error(); };
    const Error missing = error("\"absent.json\"");
    EXPECT_EQ(missing.line, 2);
    EXPECT_THAT(missing.message, HasSubstr("'absent.json'"));
    std::string bad = network_;
    bad.replace(bad.find("\"out\": 8"), 8, "\"out\": 0");
    const Error inside = error(bad);
    EXPECT_EQ(inside.line, 3);
    EXPECT_THAT(inside.message, HasSubstr("'backbone.layers[0].out' must be"));
    put("own.json", bad);
    const Error elsewhere = error("\"own.json\"");
    EXPECT_EQ(elsewhere.file, (folder_ / "own.json").string());
    EXPECT_EQ(elsewhere.line, 2);
    EXPECT_THAT(error("7").message, HasSubstr("'backbone' must be a text"));
}

} // namespace
} // namespace synoscope
