// Short canonical events for tests that write a log by hand.
#pragma once

#include <string>

namespace test_support {

/// The event `type` of `subject` at `time` (RFC 3339), with `data` as the inside of a JSON object. Its id is made of
/// type, subject, time and data, so that different events have different ids.
inline std::string event_line(const std::string& type, const std::string& subject, const std::string& time,
                              const std::string& data = {}) {
  std::string id = type + "/" + subject + "/" + time + "/" + data;
  for (char& c : id) c = c == '"' ? '\'' : c;
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/test","type":")" + type + R"(","time":")" + time +
         R"(","subject":")" + subject + R"(","data":{)" + data + "}}";
}

}  // namespace test_support
