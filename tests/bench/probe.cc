// Puts single events into a topic at once, as an attentive producer would: for measuring when they become visible.
//
//   probe BROKERS TOPIC      each line on standard input is "KEY MESSAGE"; "sent" is printed when the broker has it
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "tests/support/kafka_producer.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: probe BROKERS TOPIC\n", stderr);
    return 2;
  }
  try {
    test_support::KafkaProducer producer(argv[1], {{"linger.ms", "0"}, {"socket.nagle.disable", "true"}});
    for (std::string line; std::getline(std::cin, line);) {
      const auto blank = line.find(' ');
      if (blank == std::string::npos) throw std::runtime_error("a line is KEY MESSAGE");
      test_support::KafkaMessage message;
      message.topic = argv[2];
      message.key = line.substr(0, blank);
      message.value = line.substr(blank + 1);
      producer.send(message);
      producer.flush();
      std::cout << "sent" << std::endl;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "probe: %s\n", error.what());
    return 3;
  }
}
