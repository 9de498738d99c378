// The test program is also the child that its tests start: `test_jobs --role NAME ARGUMENTS...`.
#pragma once

#include "core/jobs/child_process.h"

#include <string>
#include <vector>

synoscope::ChildCommand role(std::vector<std::string> words);

// Whether a process with this number is there and no zombie.
bool alive(int pid);
