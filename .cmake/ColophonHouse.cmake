# SPDX-License-Identifier: Apache-2.0
# The house rules as CMake: how a module is declared, with which flags it is built, and which module may
# link which. A module that links one that is not below it stops the configuration (colophon_check_house).
include_guard(GLOBAL)

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_AUTOMOC ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Debug)
endif()

find_program(COLOPHON_CCACHE ccache)
if(COLOPHON_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The sloppiness is what ccache asks for with precompiled headers.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${COLOPHON_CCACHE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-fpch-preprocess)
    endif()
endif()

include("${CMAKE_CURRENT_LIST_DIR}/HouseRules.cmake")

add_library(colophon_options INTERFACE)
target_compile_options(colophon_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-psabi)
target_compile_definitions(colophon_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_KEYWORDS QT_NO_FOREACH
    $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 takes the frame of a coroutine for an object that is freed twice or never set.
    target_compile_options(colophon_options INTERFACE -fcoroutines -Wno-mismatched-new-delete -Wno-maybe-uninitialized)
endif()
if(COLOPHON_SANITIZE)
    target_compile_options(colophon_options INTERFACE -fsanitize=${COLOPHON_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(colophon_options INTERFACE -fsanitize=${COLOPHON_SANITIZE})
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(colophon_options INTERFACE -fstack-protector-strong -D_GLIBCXX_ASSERTIONS)
    target_link_options(colophon_options INTERFACE -Wl,-z,relro,-z,now)
endif()

# colophon_module(<folder> [MODULES …] [PUBLIC …] [PRIVATE …])
# Declares the one target of a folder: its sources are what lies in the folder. MODULES are modules of the house, PUBLIC
# and PRIVATE libraries from outside.
function(colophon_module name)
    cmake_parse_arguments(M "" "" "MODULES;PUBLIC;PRIVATE" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp *.h)
    add_library(colophon_${name} STATIC ${sources})
    add_library(Colophon::${name} ALIAS colophon_${name})
    list(TRANSFORM M_MODULES PREPEND Colophon:: OUTPUT_VARIABLE modules)
    target_link_libraries(colophon_${name} PUBLIC ${modules} ${M_PUBLIC} PRIVATE ${M_PRIVATE} colophon_options)
    if(NOT name STREQUAL "widgets")
        target_include_directories(colophon_${name} PUBLIC ${CMAKE_SOURCE_DIR}/models)
    else()
        target_include_directories(colophon_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    endif()
    target_precompile_headers(colophon_${name} PRIVATE
        <QByteArray> <QHash> <QList> <QMap> <QObject> <QString> <QStringList> <QCoroTask>
        <algorithm> <expected> <functional> <memory> <optional> <vector>)
    set_property(GLOBAL APPEND PROPERTY COLOPHON_MODULES ${name})
endfunction()

# Stops the configuration when a module links what the rules do not allow it.
function(colophon_check_house)
    get_property(modules GLOBAL PROPERTY COLOPHON_MODULES)
    foreach(module IN LISTS modules)
        get_target_property(links colophon_${module} LINK_LIBRARIES)
        colophon_check_links(${module} ${links})
    endforeach()
endfunction()
