// Where the program gets its session from; the window and its tests only know the port.
#pragma once

#include "app/workbench/session_port.h"

namespace synoscope {

std::unique_ptr<SessionPort> makeSession();

// The demo (tiny backbone, built-in data), made when it is not there.
void openDefaultExperiment(SessionPort& port);

} // namespace synoscope
