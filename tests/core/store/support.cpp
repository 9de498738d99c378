#include "support.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace synoscope;

StoreTest::StoreTest()
{
    std::string name = (std::filesystem::temp_directory_path() / "synoscope-test-XXXXXX").string();
    if (!mkdtemp(name.data()))
        throw std::runtime_error("no temporary folder");
    folder = std::filesystem::canonical(name);
    chmod(name.c_str(), 0777);
}

StoreTest::~StoreTest()
{
    std::error_code ignored;
    std::filesystem::permissions(folder, std::filesystem::perms::all, ignored);
    std::filesystem::remove_all(folder, ignored);
}

std::unique_ptr<Store> StoreTest::opened(OpenMode mode)
{
    return must(Store::open(file(), mode));
}

Reader StoreTest::reader()
{
    return must(Reader::open(file()));
}

std::string contents(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const std::filesystem::path& file, const std::string& text)
{
    std::ofstream stream(file, std::ios::binary);
    stream << text;
}

namespace {

std::vector<std::string> ask(const std::filesystem::path& file, const std::string& sql)
{
    sqlite3* db = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
    std::vector<std::string> rows;
    const auto take = [](void* to, int count, char** values, char**) {
        std::string& row = static_cast<std::vector<std::string>*>(to)->emplace_back();
        for (int i = 0; i < count; ++i)
            row += (i > 0 ? "|" : "") + std::string(values[i] ? values[i] : "NULL");
        return 0;
    };
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), take, &rows, nullptr), SQLITE_OK) << sqlite3_errmsg(db) << ": " << sql;
    sqlite3_close(db);
    return rows;
}

} // namespace

void execute(const std::filesystem::path& file, const std::string& sql)
{
    (void)ask(file, sql);
}

std::vector<std::string> rowsOf(const std::filesystem::path& file, const std::string& query)
{
    return ask(file, query);
}

ExperimentRecord someExperiment(std::string name)
{
    ExperimentRecord e;
    e.name = std::move(name);
    e.problem = R"({"name": "conv2d"})";
    e.backbone = "resnet8";
    e.dataset = "builtin";
    e.settings = R"({"seed": 1})";
    return e;
}

CandidateRecord someCandidate(ExperimentId experiment, std::int64_t number)
{
    // A spread that is not the order of discovery.
    const auto scattered = static_cast<double>((static_cast<std::uint64_t>(number) * 2654435761u) % 1000003);
    CandidateRecord c;
    c.experiment = experiment;
    c.hash = fmt::format("{:032x}", static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15ull);
    c.fingerprint = fmt::format("{:016x}", number / 2);
    c.pgraph = fmt::format("pgraph 1\nname candidate{}\ninput n:N c:C_in y:H x:W\n{}output n c y x\n", number,
                           std::string(600, '#') + '\n');
    c.path = {static_cast<std::uint64_t>(number), 0xffffffffffffffffull, 42};
    c.moves = fmt::format("reduce C_in, unfold y k={}, share w0.{}, expand C_out, merge", 3 + number % 4, number % 17);
    c.flops = {1e6 + scattered, 2e6 + scattered};
    c.totalFlops = 3e6 + 2 * scattered;
    c.flopsRatio = scattered / 1000003;
    c.parameters = 1000 + number % 977;
    c.iteration = number * 3;
    return c;
}

std::string inChild(const std::function<std::string()>& body)
{
    int ends[2];
    if (pipe(ends) != 0)
        throw std::runtime_error("no pipe");
    const pid_t pid = fork();
    if (pid == 0) {
        std::string result;
        try {
            result = body();
        } catch (const std::exception& error) {
            result = std::string("exception: ") + error.what();
        }
        [[maybe_unused]] const ssize_t told = ::write(ends[1], result.data(), result.size());
        _exit(0);
    }
    close(ends[1]);
    std::string result;
    char buffer[4096];
    for (ssize_t length; (length = read(ends[0], buffer, sizeof buffer)) > 0;)
        result.append(buffer, static_cast<std::size_t>(length));
    close(ends[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    EXPECT_TRUE(WIFEXITED(status)) << "the child ended by signal " << WTERMSIG(status);
    return result;
}

void becomeNobody()
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        throw std::runtime_error("cannot give up the rights of root");
}

int runWriter(const std::filesystem::path& file)
{
    auto store = must(Store::open(file));
    Reader reader = must(store->reader());
    const auto experiments = must(reader.experiments());
    const ExperimentId experiment =
        experiments.empty() ? must(store->addExperiment(someExperiment())) : experiments[0].id;
    std::int64_t number = must(reader.count({}));
    for (;; ++number) {
        const CandidateRecord candidate = someCandidate(experiment, number);
        const auto added = must(store->addCandidate(candidate));
        std::printf("%s\n", candidate.hash.c_str()); // announced only now
        std::fflush(stdout);
        auto iteration = IterationRecord{experiment, number, "path " + std::to_string(number), {}, added.id};
        must(store->addIterations({&iteration, 1}));
        must(store->setIterationReward(experiment, number, 0.5));
        EvaluationRecord evaluation;
        evaluation.candidate = added.id;
        evaluation.status = EvaluationStatus::running;
        evaluation.id = must(store->addEvaluation(evaluation));
        must(store->addEpoch({evaluation.id, 1, 2.0, 0.1, 1.0}));
    }
}

int main(int argc, char** argv)
{
    if (argc == 3 && std::string(argv[1]) == "--writer")
        return runWriter(argv[2]);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
