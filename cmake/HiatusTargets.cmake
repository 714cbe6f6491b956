# Every target of the house is made by one of these, so that warnings, definitions and include roots are said once.

set(HIATUS_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
                    -Wold-style-cast -Wextra-semi)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 takes the inside of an empty std::optional for uninitialised once it optimises.
  list(APPEND HIATUS_WARNINGS -Wduplicated-cond -Wlogical-op -Wno-maybe-uninitialized)
endif()

function(hiatus_common target)
  target_compile_options(${target} PRIVATE ${HIATUS_WARNINGS})
  if(HIATUS_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  hiatus_sanitize(${target})
  hiatus_precompiled(${target})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
endfunction()

# A third of the time of a clean build went into reading these again for every file. Nothing of our own is among them. The
# presets for development build without, so that a file that does not include what it uses is found out.
if(HIATUS_PCH)
  add_library(hiatus_prelude OBJECT ${PROJECT_SOURCE_DIR}/cmake/prelude.cpp)
  target_compile_options(hiatus_prelude PRIVATE ${HIATUS_WARNINGS} -fPIC) # -Wpedantic defines a macro
  target_precompile_headers(hiatus_prelude PRIVATE
    <algorithm> <chrono> <deque> <functional> <map> <memory> <optional> <set> <sstream> <string> <unordered_map> <variant> <vector>
    <google/protobuf/extension_set.h> <google/protobuf/generated_message_reflection.h> <google/protobuf/map.h>
    <google/protobuf/message.h> <google/protobuf/repeated_field.h> <google/protobuf/unknown_field_set.h>)
  target_link_libraries(hiatus_prelude PRIVATE protobuf::libprotobuf)
endif()

function(hiatus_precompiled target)
  if(HIATUS_PCH)
    # -fPIC as those of Qt have anyway: one set of headers for all. GCC 12 warns of the inside of std::string where it was
    # precompiled; the presets for development look at the bounds of arrays.
    target_compile_options(${target} PRIVATE -fPIC "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow>")
    target_precompile_headers(${target} REUSE_FROM hiatus_prelude)
  endif()
endfunction()

function(hiatus_sanitize target)
  if(HIATUS_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${HIATUS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${HIATUS_SANITIZE})
  endif()
endfunction()

# hiatus_library(NAME [QT] SOURCES … LINKS …): static library hiatus_NAME, alias Hiatus::NAME. Without QT: no Qt, no
# AUTOMOC, no QObject; what such a library does is a pure function of its inputs.
function(hiatus_library name)
  cmake_parse_arguments(arg "QT" "" "SOURCES;LINKS" ${ARGN})
  set(target hiatus_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(Hiatus::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${target} PUBLIC ${arg_LINKS})
  if(arg_QT)
    hiatus_qt(${target})
  endif()
  hiatus_common(${target})
  set_property(GLOBAL APPEND PROPERTY HIATUS_LIBRARIES ${target})
endfunction()

function(hiatus_program name)
  cmake_parse_arguments(arg "QT" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINKS})
  if(arg_QT)
    hiatus_qt(${name})
  endif()
  hiatus_common(${name})
endfunction()

function(hiatus_qt target)
  set_target_properties(${target} PROPERTIES AUTOMOC ON)
  target_compile_definitions(${target} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH)
endfunction()

# hiatus_test(GROUP NAME [QT] SOURCES … LINKS … [TIMEOUT s] [LABELS …]): a QtTest program registered as GROUP.NAME.
function(hiatus_test group name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINKS;LABELS;ARGS" ${ARGN})
  set(target tst_${group}_${name})
  if(NOT arg_SOURCES)
    set(arg_SOURCES tst_${name}.cpp)
  endif()
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE Qt6::Test ${arg_LINKS})
  hiatus_qt(${target})
  hiatus_common(${target})
  add_test(NAME ${group}.${name} COMMAND ${target} ${arg_ARGS})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  set_tests_properties(${group}.${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${group};${arg_LABELS}")
endfunction()
