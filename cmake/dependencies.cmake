# Everything comes from Debian 12's packages; deploy/packages.sh lists them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(date REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(prometheus-cpp REQUIRED)
pkg_check_modules(rdkafka REQUIRED IMPORTED_TARGET rdkafka)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)

# Headers that every folder may use: Boost (containers, Asio, Beast, JSON), tl::expected.
add_library(floorwatch_headers INTERFACE)
target_link_libraries(floorwatch_headers INTERFACE Boost::headers Threads::Threads)

# jemalloc takes 0.1-0.2 CPU seconds per million events off librdkafka's allocations; sanitizers bring their own.
add_library(floorwatch_allocator INTERFACE)
if(NOT FLOORWATCH_SANITIZE)
  find_library(JEMALLOC_LIBRARY jemalloc REQUIRED)
  target_link_libraries(floorwatch_allocator INTERFACE ${JEMALLOC_LIBRARY})
endif()

# The thread sanitizer crashes on the C11 threads of Debian's librdkafka unless a program brings them as POSIX threads.
add_library(floorwatch_threads INTERFACE)
if(FLOORWATCH_SANITIZE MATCHES thread)
  target_sources(floorwatch_threads INTERFACE ${PROJECT_SOURCE_DIR}/tests/support/c11_threads.cc)
endif()
