// A folder for each test, records to store, and children that end badly.
#pragma once

#include "core/store/store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

// A folder that goes with the test; everybody may write to it.
class StoreTest : public testing::Test
{
protected:
    StoreTest();
    ~StoreTest() override;

    std::filesystem::path file() const { return folder / "test.synoscope"; }
    std::unique_ptr<synoscope::Store> opened(synoscope::OpenMode mode = synoscope::OpenMode::openOrCreate);
    synoscope::Reader reader();

    std::filesystem::path folder;
};

// The value, or a failed test that names the error.
template <typename T>
T must(synoscope::Expected<T> expected)
{
    if (!expected) {
        ADD_FAILURE() << expected.error().text() << " [" << expected.error().details << ']';
        throw std::runtime_error(expected.error().text());
    }
    return std::move(*expected);
}
inline void must(const synoscope::Expected<void>& expected)
{
    if (!expected)
        throw std::runtime_error(expected.error().text() + " [" + expected.error().details + ']');
}

// The error's text; fails the test when there is none.
template <typename T>
std::string sentence(const synoscope::Expected<T>& expected)
{
    EXPECT_FALSE(expected);
    return expected ? std::string() : expected.error().text();
}

std::string contents(const std::filesystem::path& file);
void write(const std::filesystem::path& file, const std::string& text);

// By SQLite itself, without a store.
void execute(const std::filesystem::path& file, const std::string& sql);
std::vector<std::string> rowsOf(const std::filesystem::path& file, const std::string& query); // columns joined by |

synoscope::ExperimentRecord someExperiment(std::string name = "demo");
// The number decides every value.
synoscope::CandidateRecord someCandidate(synoscope::ExperimentId experiment, std::int64_t number);

// Runs `body` in a forked child and returns what it returned; the child ends without this process's clean-up.
std::string inChild(const std::function<std::string()>& body);

void becomeNobody(); // in a child: root may write whatever the permissions say

// `test_store --writer FILE`: stores candidates until it is killed, and announces each when it is stored.
int runWriter(const std::filesystem::path& file);
