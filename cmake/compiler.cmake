add_library(floorwatch_options INTERFACE)
target_include_directories(floorwatch_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(floorwatch_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
# clang takes libstdc++'s use of its own std::get_temporary_buffer, in std::stable_sort, for ours, and so the statement
# expressions of librdkafka's RD_KAFKA_V macros.
target_compile_options(floorwatch_options INTERFACE
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations;-Wno-gnu-statement-expression-from-macro-expansion>)
target_compile_definitions(floorwatch_options INTERFACE FLOORWATCH_VERSION="${PROJECT_VERSION}")

if(FLOORWATCH_SANITIZE)
  add_compile_options(-fsanitize=${FLOORWATCH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FLOORWATCH_SANITIZE})
  # clang takes the end of a reversed array for an object of no size, though nobody reads there.
  add_compile_options($<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=object-size>)
  if(FLOORWATCH_SANITIZE MATCHES thread)
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)  # g++ warns of Boost.Asio's fences, which TSan does not model.
  endif()
  # With its checks inlined, g++ 12 sees uninitialized values in Boost's headers that are none.
  target_compile_options(floorwatch_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
if(FLOORWATCH_FUZZ)
  # libFuzzer searches by what an input reaches in the libraries; only the targets link its main.
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# A folder is a library: all its .cc files, also those of its subfolders; main.cc belongs to the program.
function(floorwatch_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PRIVATE floorwatch_options)
endfunction()
