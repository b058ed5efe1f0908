# Compiler settings and the three kinds of target: a library per folder, a program, a test binary.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
add_compile_definitions(CHAIQIN_VERSION="${PROJECT_VERSION}")
add_compile_options(-Wall -Wextra -Wpedantic -Wno-missing-field-initializers)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# chaiqin_library(NAME DEPS …): every .cpp of the folder but main.cpp; headers are included as "NAME/file.hpp".
function(chaiqin_library name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/services/${name}/*.cpp
                                      ${CMAKE_SOURCE_DIR}/services/${name}/*/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(chaiqin_${name} STATIC ${sources})
    target_include_directories(chaiqin_${name} PUBLIC ${CMAKE_SOURCE_DIR}/services ${CMAKE_SOURCE_DIR})
    target_link_libraries(chaiqin_${name} PUBLIC ${ARG_DEPS})
  else()
    add_library(chaiqin_${name} INTERFACE)
    target_include_directories(chaiqin_${name} INTERFACE ${CMAKE_SOURCE_DIR}/services ${CMAKE_SOURCE_DIR})
    target_link_libraries(chaiqin_${name} INTERFACE ${ARG_DEPS})
  endif()
endfunction()

# chaiqin_program(FOLDER OUTPUT DEPS …): FOLDER/main.cpp with the folder's library.
function(chaiqin_program folder output)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  add_executable(${output} ${CMAKE_SOURCE_DIR}/services/${folder}/main.cpp)
  target_link_libraries(${output} PRIVATE chaiqin_${folder} ${ARG_DEPS})
endfunction()

# chaiqin_service(LIBRARIES … ADAPTERS …): the library of the current folder, and the program that joins it with
# adapters: services/agency_matcher becomes chaiqin-agency-matcher.
function(chaiqin_service)
  cmake_parse_arguments(ARG "" "" "LIBRARIES;ADAPTERS" ${ARGN})
  get_filename_component(name ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  string(REPLACE "_" "-" program chaiqin-${name})
  chaiqin_library(${name} DEPS ${ARG_LIBRARIES})
  chaiqin_program(${name} ${program} DEPS ${ARG_ADAPTERS})
endfunction()

# chaiqin_test(NAME LABEL DEPS …): every .cpp of the current folder's NAME as one GoogleTest binary.
function(chaiqin_test name label)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(sources)
    add_executable(${label}_${name} ${sources})
    target_include_directories(${label}_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_definitions(${label}_${name} PRIVATE CHAIQIN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_link_libraries(${label}_${name} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${label}_${name} TEST_PREFIX "${label}." PROPERTIES LABELS ${label}
                         DISCOVERY_TIMEOUT 60)
  endif()
endfunction()
