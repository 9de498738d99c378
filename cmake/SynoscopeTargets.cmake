# The few shapes of target this project has. Sources are what lies in the folder.

option(SYNOSCOPE_TESTS "Build the tests" ON)
option(SYNOSCOPE_FUZZ "Build the readers' libFuzzer programs (needs clang)" OFF)
option(SYNOSCOPE_WERROR "Treat warnings as errors" OFF)
set(SYNOSCOPE_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize= (address,undefined or thread)")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)

add_library(synoscope_options INTERFACE)
target_include_directories(synoscope_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(synoscope_options INTERFACE -Wall -Wextra)
if(SYNOSCOPE_WERROR)
    target_compile_options(synoscope_options INTERFACE -Werror)
endif()
if(MOLD_PROGRAM)
    target_link_options(synoscope_options INTERFACE -fuse-ld=mold)
endif()
if(SYNOSCOPE_SANITIZE)
    target_compile_options(synoscope_options INTERFACE -fsanitize=${SYNOSCOPE_SANITIZE} -fno-omit-frame-pointer -g1)
    target_link_options(synoscope_options INTERFACE -fsanitize=${SYNOSCOPE_SANITIZE})
endif()

# synoscope_library(graph LINK symbolic ...): the static library synoscope_graph of this folder, alias synoscope::graph.
function(synoscope_library name)
    cmake_parse_arguments(ARG "" "" "LINK;SYSTEM" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
    add_library(synoscope_${name} STATIC ${sources})
    add_library(synoscope::${name} ALIAS synoscope_${name})
    list(TRANSFORM ARG_LINK PREPEND synoscope::)
    target_link_libraries(synoscope_${name} PUBLIC synoscope_options ${ARG_LINK} ${ARG_SYSTEM})
endfunction()

# synoscope_widgets(tree LINK common ...): a static library with Qt, for what lies below widgets/ and app/workbench.
function(synoscope_widgets name)
    synoscope_library(${name} ${ARGN})
    set_target_properties(synoscope_${name} PROPERTIES AUTOMOC ON)
    target_compile_definitions(synoscope_${name} PUBLIC QT_NO_KEYWORDS QT_NO_CAST_TO_ASCII)
    target_link_libraries(synoscope_${name} PUBLIC Qt6::Widgets)
endfunction()

# What is compiled into every test program besides its own sources.
set(SYNOSCOPE_TEST_SOURCES "")
if(SYNOSCOPE_SANITIZE MATCHES "address")
    set(SYNOSCOPE_TEST_SOURCES ${CMAKE_SOURCE_DIR}/tests/known_leaks.cpp)
endif()

# synoscope_qt_test(tree_view LINK tree ...): one Qt Test program of the single file tst_tree_view.cpp, one ctest test.
function(synoscope_qt_test name)
    cmake_parse_arguments(ARG "" "" "LINK;SYSTEM" ${ARGN})
    add_executable(tst_${name} tst_${name}.cpp ${SYNOSCOPE_TEST_SOURCES})
    set_target_properties(tst_${name} PROPERTIES AUTOMOC ON)
    list(TRANSFORM ARG_LINK PREPEND synoscope::)
    target_link_libraries(tst_${name} PRIVATE ${ARG_LINK} ${ARG_SYSTEM} Qt6::Test Qt6::Widgets)
    target_compile_definitions(tst_${name} PRIVATE QT_NO_KEYWORDS SYNOSCOPE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                               SYNOSCOPE_BINARY_DIR="${CMAKE_BINARY_DIR}")
    add_test(NAME widgets.${name} COMMAND tst_${name})
    set_tests_properties(widgets.${name} PROPERTIES ENVIRONMENT QT_QPA_PLATFORM=offscreen TIMEOUT 300)
endfunction()

# synoscope_test(graph LINK graph ...): the GoogleTest program test_graph of this folder, each case a ctest test.
function(synoscope_test name)
    cmake_parse_arguments(ARG "" "" "LINK;SYSTEM" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    add_executable(test_${name} ${sources} ${SYNOSCOPE_TEST_SOURCES})
    list(TRANSFORM ARG_LINK PREPEND synoscope::)
    target_link_libraries(test_${name} PRIVATE ${ARG_LINK} ${ARG_SYSTEM} GTest::gtest_main GTest::gmock)
    target_compile_definitions(test_${name} PRIVATE SYNOSCOPE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                               SYNOSCOPE_BINARY_DIR="${CMAKE_BINARY_DIR}")
    gtest_discover_tests(test_${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX ${name}. PROPERTIES TIMEOUT 300)
endfunction()
