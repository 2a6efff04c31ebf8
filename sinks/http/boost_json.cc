// The one place where Boost.JSON is compiled. Nothing else may stand here.
#include <boost/json/src.hpp>
