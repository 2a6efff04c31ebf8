#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <boost/beast/http.hpp>
#include <stdexcept>

namespace test_support {
namespace {

namespace http = boost::beast::http;
constexpr int kTimeoutSeconds = 30;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

HttpAnswer parse(const std::string& bytes, bool head) {
  http::response_parser<http::string_body> parser;
  parser.body_limit(std::uint64_t{1} << 32);
  parser.skip(head);
  parser.eager(true);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(bytes), error);
  if (!error) parser.put_eof(error);
  if (error) throw std::runtime_error("no HTTP answer: " + error.message());
  HttpAnswer answer;
  answer.status = parser.get().result_int();
  answer.body = parser.get().body();
  for (const auto& field : parser.get()) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    answer.headers[name] = std::string(field.value());
  }
  return answer;
}

}  // namespace

RawConnection::RawConnection(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in address = loopback(port);
  const timeval timeout{kTimeoutSeconds, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(socket_);
    throw std::runtime_error("nobody listens on port " + std::to_string(port));
  }
}

RawConnection::~RawConnection() { close(socket_); }

void RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the other side has closed: what it said before can still be read
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string RawConnection::read_until(std::string_view end) {
  std::string all;
  std::array<char, 64 * 1024> buffer;
  while (end.empty() || all.find(end) == std::string::npos) {
    const ssize_t size = recv(socket_, buffer.data(), buffer.size(), 0);
    if (size <= 0) break;
    all.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return all;
}

bool RawConnection::readable_within(int milliseconds) {
  pollfd waiting{socket_, POLLIN, 0};
  return poll(&waiting, 1, milliseconds) == 1;
}

HttpAnswer http_get(std::uint16_t port, const std::string& target, const std::map<std::string, std::string>& headers,
                    const std::string& method) {
  RawConnection connection(port);
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  connection.send(request + "\r\n");
  return parse(connection.read_to_close(), method == "HEAD");
}

HttpAnswer http_post(std::uint16_t port, const std::string& target, const std::string& body,
                     const std::string& content_type) {
  RawConnection connection(port);
  connection.send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " +
                  content_type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  return parse(connection.read_to_close(), false);
}

std::string gunzip(const std::string& packed) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string plain;
  std::array<char, 64 * 1024> buffer;
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    state = inflate(&stream, Z_NO_FLUSH);
    plain.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  const bool whole = state == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (!whole) throw std::runtime_error("not one whole gzip stream");
  return plain;
}

}  // namespace test_support
