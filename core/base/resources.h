// Where the program's own files lie (resources/ in the source tree): problems, the zoo of operators, icons, themes.
#pragma once

#include <filesystem>
#include <string>

namespace synoscope {

// The folder itself, e.g. resourceFolder() / "problems" / "conv2d-tiny.json". The first of these that is a folder:
// the environment variable SYNOSCOPE_RESOURCES, share/synoscope beside the folder of the running program (an
// installation), the source tree this was built from. Found once, on the first call; safe from any thread.
const std::filesystem::path& resourceFolder();

// The file that a word stands for: the word itself where it is a path (has a '/' or a '.') or such a file is in the current
// folder, else the one of that name that comes with the program: shippedFile("conv2d-tiny", "problems", ".json").
std::filesystem::path shippedFile(const std::string& word, const char* folder, const char* suffix);

// The program that measures and trains (it is linked with libtorch): libexec/synoscope/synoscope-worker, seen from the folder
// above the running program's, in the build tree as in an installation.
std::filesystem::path workerProgram();

} // namespace synoscope
