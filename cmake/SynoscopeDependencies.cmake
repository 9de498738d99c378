# Libraries from outside, each as a target.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
pkg_check_modules(GRAPHVIZ REQUIRED IMPORTED_TARGET libgvc libcgraph)
find_package(Protobuf REQUIRED)
find_package(ONNX CONFIG REQUIRED) # after Protobuf, which its target onnx_proto needs
find_package(Torch REQUIRED)
find_package(Halide REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets PrintSupport Svg Test LinguistTools)
find_package(QCustomPlotQt6 REQUIRED) # after Qt6: its config does not find its own needs
if(SYNOSCOPE_TESTS)
    find_package(GTest REQUIRED)
    find_package(benchmark REQUIRED)
    include(GoogleTest)
endif()
qt_standard_project_setup()
set(CMAKE_AUTOMOC OFF) # only where there is Qt: synoscope_widgets
set(CMAKE_AUTOUIC OFF)

# For programs that synthesise: a state is many small blocks, and threads are not to wait for each other's. Sanitizers bring an
# allocator of their own.
add_library(synoscope_allocator INTERFACE)
add_library(synoscope::allocator ALIAS synoscope_allocator)
if(NOT SYNOSCOPE_SANITIZE)
    target_link_libraries(synoscope_allocator INTERFACE PkgConfig::JEMALLOC)
endif()

# torch's own target carries include paths of the system; SYSTEM keeps its headers' warnings out of ours.
add_library(synoscope_torch INTERFACE)
target_link_libraries(synoscope_torch INTERFACE ${TORCH_LIBRARIES})
target_include_directories(synoscope_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
add_library(synoscope::torch ALIAS synoscope_torch)
