// Boost.JSON without its compiled library. A file of its own, so that a program that also brings another copy of it
// in an archive links only one.
#include <boost/json/src.hpp>
