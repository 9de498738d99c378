#include "core/cluster/result_file.h"
#include "core/cluster/slurm.h"
#include "core/cluster/survey.h"

#include "core/base/file.h"

#include <cstdlib>
#include <gmock/gmock.h>
#include <limits>

namespace synoscope {
namespace {

namespace fs = std::filesystem;

class ClusterFiles : public testing::Test
{
protected:
    ClusterFiles()
    {
        std::string name = (fs::temp_directory_path() / "synoscope-cluster-XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~ClusterFiles() override { fs::remove_all(folder_); }

    fs::path put(const std::string& text) const
    {
        const fs::path file = folder_ / "file.json";
        EXPECT_FALSE(writeWholeFile(file, text));
        return file;
    }

    static ResultFile result()
    {
        ResultFile result;
        result.origin = {"experiment", "a name", "array"};
        result.hash = "0123456789abcdef0123456789abcdef";
        result.program = programVersion();
        result.place = {3, "n1", "17", 1};
        result.settings = ExperimentSettings().toJson();
        protocol::BenchResult bench;
        bench.bindings.push_back({.label = "C_in=64", .medianUs = 1.0 / 3, .baselineUs = 0.1, .ratio = 10.0 / 3});
        bench.ratio = 10.0 / 3;
        bench.environment.cpu = "a CPU";
        Measurement benchmark;
        benchmark.result = protocol::Event{7, bench};
        benchmark.started = Timestamp(std::chrono::milliseconds(1000));
        benchmark.finished = Timestamp(std::chrono::milliseconds(2000));
        Measurement training;
        training.kind = EvaluationKind::training;
        training.message = "The loss became infinite.";
        training.epochs.push_back({1, 2.5, 0.25, 1});
        training.epochs.push_back({2, std::numeric_limits<double>::quiet_NaN(), 0.1, 1});
        result.measurements = {benchmark, training};
        return result;
    }

    fs::path folder_;
};

TEST_F(ClusterFiles, AResultSurvivesBeingWrittenAndRead)
{
    const ResultFile written = result();
    const auto read = ResultFile::read(put(written.toJson()));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->toJson(), written.toJson());
    EXPECT_EQ(read->origin, written.origin);
    EXPECT_EQ(read->place, written.place);
    ASSERT_EQ(read->measurements.size(), 2u);
    EXPECT_EQ(read->measurements[0].result, written.measurements[0].result);
    EXPECT_EQ(read->measurements[1].message, "The loss became infinite.");
    EXPECT_TRUE(read->failed());
}

TEST_F(ClusterFiles, AResultThatWasCutOffOrChangedAnywhereIsRefused)
{
    const std::string whole = result().toJson();
    for (std::size_t length = 0; length + 2 < whole.size(); length += 29) {
        const auto read = ResultFile::read(put(whole.substr(0, length)));
        ASSERT_FALSE(read) << length;
        EXPECT_THAT(read.error().text(), testing::HasSubstr("file.json"));
    }
    int refused = 0;
    for (std::size_t at = 0; at < whole.size(); at += 2) {
        if (!std::isdigit(static_cast<unsigned char>(whole[at])))
            continue;
        std::string changed = whole;
        changed[at] = changed[at] == '9' ? '8' : static_cast<char>(changed[at] + 1);
        const auto read = ResultFile::read(put(changed));
        // 3.3333333333333336 may be written with a last digit of 7, and is the same number.
        ASSERT_TRUE(!read || read->toJson() == whole) << changed.substr(at > 20 ? at - 20 : 0, 40);
        refused += !read;
    }
    EXPECT_GT(refused, 50);
}

TEST_F(ClusterFiles, ATaskStateAndAnArrayDescriptionSurviveBeingWrittenAndRead)
{
    TaskState state{{"e", "n", "a"}, {1, "n2", "17", 0}, {"abc"}, true, "it was told to stop"};
    const auto readState = TaskState::read(put(state.toJson()));
    ASSERT_TRUE(readState) << readState.error().text();
    EXPECT_EQ(readState->toJson(), state.toJson());
    ArrayDescription description{{"e", "n", "a"}, {{"", "abc"}, {"def"}}};
    const auto readDescription = ArrayDescription::read(put(description.toJson()));
    ASSERT_TRUE(readDescription) << readDescription.error().text();
    EXPECT_EQ(readDescription->tasks, description.tasks);
    EXPECT_FALSE(ArrayDescription::read(put(state.toJson()))); // another kind of file
}

TEST(ExperimentIdentity, IsTheSameForACopyAndDifferentForAnother)
{
    ExperimentRecord one;
    one.name = "a";
    one.problem = "{}";
    ExperimentRecord copy = one;
    copy.id = ExperimentId(7);
    EXPECT_EQ(experimentIdentity(one), experimentIdentity(copy));
    ExperimentRecord later = one;
    later.created += std::chrono::milliseconds(1);
    EXPECT_NE(experimentIdentity(one), experimentIdentity(later));
}

TEST(SlurmOutput, OfScontrolGivesEachTaskItsState)
{
    std::map<int, TaskStatus> tasks;
    readScontrol("JobId=5 ArrayJobId=5 ArrayTaskId=2-3,7%2 ArrayTaskThrottle=2 JobState=PENDING Reason=Resources "
                 "ExitCode=0:0 NodeList=(null)\n"
                 "JobId=6 ArrayJobId=5 ArrayTaskId=0 JobState=OUT_OF_MEMORY ExitCode=0:125 NodeList=n1 Command=/a b\n"
                 "JobId=7 ArrayJobId=5 ArrayTaskId=1 JobState=FAILED ExitCode=3:0 NodeList=n2\n",
                 tasks);
    ASSERT_EQ(tasks.size(), 5u);
    for (const int waiting : {2, 3, 7})
        EXPECT_FALSE(tasks.at(waiting).ended);
    EXPECT_TRUE(tasks.at(0).ended);
    EXPECT_EQ(tasks.at(0).word, "OUT_OF_MEMORY");
    EXPECT_EQ(tasks.at(0).node, "n1");
    EXPECT_EQ(tasks.at(1).exitStatus, 3);
    EXPECT_EQ(tasks.at(2).node, "");
}

TEST(SlurmOutput, OfAccountingGivesEachTaskItsState)
{
    std::map<int, TaskStatus> tasks;
    readSacct("17_0|COMPLETED|0:0|n1\n17_1|CANCELLED by 1000|0:15|n1\n17_[2-4%1]|PENDING|0:0|None assigned\n17|x\n\n", tasks);
    ASSERT_EQ(tasks.size(), 5u);
    EXPECT_EQ(tasks.at(1).word, "CANCELLED");
    EXPECT_EQ(tasks.at(1).signal, 15);
    EXPECT_TRUE(tasks.at(1).ended);
    EXPECT_FALSE(tasks.at(4).ended);
    EXPECT_EQ(tasks.at(4).node, "");
}

TEST(BatchScript, QuotesTheProgramAndRefusesSeveralLines)
{
    const auto script = batchScript({}, "name", 1, "/a folder/it's here");
    ASSERT_TRUE(script);
    EXPECT_THAT(*script, testing::HasSubstr("exec '/a folder/it'\\''s here' evaluate"));
    EXPECT_THAT(*script, testing::Not(testing::HasSubstr("--partition")));
    SlurmRequest request;
    request.partition = "a\nb";
    EXPECT_FALSE(batchScript(request, "name", 1, "/p"));
}

TEST(WholeFiles, ReplaceTheOldOneOrLeaveIt)
{
    std::string name = (fs::temp_directory_path() / "synoscope-whole-XXXXXX").string();
    const fs::path folder = mkdtemp(name.data());
    EXPECT_FALSE(writeWholeFile(folder / "a", "one"));
    EXPECT_FALSE(writeWholeFile(folder / "a", std::string_view("t\0o", 3)));
    const auto read = readWholeFile(folder / "a");
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, std::string("t\0o", 3));
    EXPECT_FALSE(readWholeFile(folder / "a", 2));
    EXPECT_FALSE(readWholeFile(folder));
    EXPECT_FALSE(readWholeFile(folder / "absent"));
    fs::create_directory(folder / "b");
    const auto failure = writeWholeFile(folder / "no such folder" / "a", "x");
    ASSERT_TRUE(failure);
    EXPECT_FALSE(failure->opened);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 2); // nothing is left behind
    fs::remove_all(folder);
}

} // namespace
} // namespace synoscope
