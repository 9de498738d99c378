#include "roles.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <poll.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

synoscope::ChildCommand role(std::vector<std::string> words)
{
    synoscope::ChildCommand command;
    command.words = {"/proc/self/exe", "--role"};
    command.words[0] = std::filesystem::read_symlink("/proc/self/exe").string();
    command.words.insert(command.words.end(), words.begin(), words.end());
    return command;
}

bool alive(int pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    if (!std::getline(file, text))
        return false;
    const std::size_t name = text.rfind(')');
    return name != std::string::npos && text.substr(name + 2, 1) != "Z";
}

namespace {

void hang()
{
    for (;;)
        std::this_thread::sleep_for(1h);
}

// Touches what it takes: a reservation alone is not memory.
void useMemory(std::size_t mebibytes)
{
    static std::vector<std::vector<char>> taken;
    for (std::size_t i = 0; i < mebibytes; ++i) {
        taken.emplace_back(1u << 20, 'x');
        std::this_thread::sleep_for(1ms);
    }
}

bool inputWithin(std::chrono::milliseconds time)
{
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, static_cast<int>(time.count())) > 0;
}

// Answers requests; the words are its protocol.
void worker()
{
    std::setvbuf(stdin, nullptr, _IONBF, 0); // what was sent can be seen from the descriptor until it is read
    std::cerr << "worker " << getpid() << " speaks on standard error" << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
        if (line == "crash")
            std::raise(SIGSEGV);
        else if (line == "leave")
            std::_Exit(3);
        else if (line == "hang" || line == "deaf")
            hang();
        else if (line == "eat")
            useMemory(4096);
        else if (line.rfind("count ", 0) == 0) {
            for (int i = 1; i <= std::atoi(line.c_str() + 6); ++i)
                std::cout << i << std::endl;
            std::cout << "end" << std::endl;
        } else if (line == "work") { // in small steps, until it is told to stop; says when it waits
            for (bool paused = false; line != "stop";) {
                if (!paused)
                    std::cout << "step" << std::endl;
                if (!inputWithin(20ms))
                    continue;
                if (!std::getline(std::cin, line))
                    break;
                paused = line == "pause";
                if (line != "stop")
                    std::cout << (paused ? "paused" : "resumed") << std::endl;
            }
            std::cout << "end" << std::endl;
        } else if (line == "slow") { // until it is told to stop
            std::cout << "begun" << std::endl;
            while (std::getline(std::cin, line) && line != "stop") {
            }
            std::cout << "end" << std::endl;
        } else {
            std::cout << "pid " << getpid() << std::endl << "end" << std::endl;
        }
    }
}

// Starts a child that hangs, says who it is, and waits to be killed.
void parentOfHanging()
{
    std::thread starter([] { // a thread that ends before the child does
        auto child = new auto(synoscope::ChildProcess::start(role({"hang"})));
        std::cout << (*child)->processId() << std::endl;
    });
    starter.join();
    hang();
}

int play(const std::vector<std::string>& words)
{
    const std::string& name = words[0];
    if (name == "hang")
        hang();
    else if (name == "exit")
        return std::atoi(words[1].c_str());
    else if (name == "signal") {
        std::signal(std::atoi(words[1].c_str()), SIG_DFL);
        std::raise(std::atoi(words[1].c_str()));
    } else if (name == "memory")
        useMemory(static_cast<std::size_t>(std::atoi(words[1].c_str())));
    else if (name == "cat") {
        for (std::string line; std::getline(std::cin, line);)
            std::cout << line << '\n';
    } else if (name == "flood") {
        for (;;)
            std::fputs("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", stdout);
    } else if (name == "noise") {
        for (int i = 0; i < 5000; ++i)
            std::cerr << "a long complaint about nothing in particular, number " << i << '\n';
        std::cout << "done" << std::endl;
    } else if (name == "unfinished")
        std::cout << "first\nsecond without an end" << std::flush;
    else if (name == "descriptors") {
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
            std::cout << entry.path().filename().string() << ' ' << std::filesystem::read_symlink(entry.path()).string()
                      << '\n';
    } else if (name == "worker")
        worker();
    else if (name == "parent")
        parentOfHanging();
    else
        return 99;
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc > 2 && std::string(argv[1]) == "--role")
        return play({argv + 2, argv + argc});
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
