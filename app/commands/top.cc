#include "app/commands/top.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "app/commands/command.h"
#include "app/top/floor_screen.h"
#include "app/top/floor_view.h"
#include "app/top/http_reader.h"

namespace app {
namespace {

namespace asio = boost::asio;

struct TopOptions {
  std::string url = "http://127.0.0.1:9464";
  std::string interval = "1s";
  std::string longest_wait = "60s";
  double target_percent = 80;
  bool once = false;
  bool no_colour = false;
};

// On a terminal the table is redrawn in place on a page of its own; elsewhere every round is printed below the last.
// Gives the terminal back as it was. Confined to the thread that makes it.
class Canvas {
 public:
  explicit Canvas(bool redraws) : redraws_(redraws) {
    if (redraws_) print("\x1b[?1049h\x1b[?25l");
  }
  ~Canvas() {
    if (redraws_) print("\x1b[?25h\x1b[?1049l");
  }
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void show(const std::string& text) {
    if (!redraws_) return print(text + "\n");
    std::string page = "\x1b[H";
    for (const char byte : text) page += byte == '\n' ? "\x1b[K\n" : std::string(1, byte);
    print(page + "\x1b[J");
  }

 private:
  static void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  bool redraws_;
};

class Top {
 public:
  Top(asio::io_context& context, const TopOptions& options, HttpAddress address)
      : context_(context),
        reader_(context.get_executor(), std::move(address)),
        once_(options.once),
        interval_(*core::parse_duration(options.interval)),
        on_terminal_(!options.once && isatty(STDOUT_FILENO) == 1),
        canvas_(on_terminal_) {
    screen_.url = options.url;
    screen_.target = options.target_percent / 100;
    screen_.longest_wait = *core::parse_duration(options.longest_wait);
    screen_.colours = on_terminal_ && !options.no_colour;
  }

  /// Asks and draws until the context is stopped, or once. The exit status.
  asio::awaitable<int> watch() {
    for (;;) {
      const auto view = co_await ask();
      if (view) {
        complaint_.clear();
        fit_terminal();
        canvas_.show(draw_floor(*view, screen_));
      } else {
        complain(view.error().message);
      }
      if (once_) co_return view ? kDone : kEnvironmentFailed;
      asio::steady_timer timer(context_, interval_);
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

 private:
  asio::awaitable<core::Result<FloorView>> ask() {
    FloorAnswers answers;
    answers.at = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
    const std::pair<const char*, std::string*> questions[] = {
        {"/api/v1/figures?by=queue&window=day", &answers.day},
        {"/api/v1/figures?by=queue&window=30m", &answers.half_hour},
        {"/metrics", &answers.metrics},
        {"/readyz", &answers.readiness},
    };
    for (const auto& [target, text] : questions) {
      auto answer = co_await reader_.get(target);
      if (!answer) co_return core::fail("no answer from " + screen_.url + ": " + answer.error().message);
      const bool not_ready = answer->status == 503 && text == &answers.readiness;
      if (answer->status != 200 && !not_ready) {
        co_return core::fail(screen_.url + target + " answers with status " + std::to_string(answer->status) +
                             problem_words(answer->body));
      }
      *text = std::move(answer->body);
    }
    co_return read_floor(answers);
  }

  // A terminal shows what is wrong now; a log says it once.
  void complain(const std::string& message) {
    if (on_terminal_) return canvas_.show(message + "\nasking again; Ctrl-C ends\n");
    if (message != complaint_) std::fprintf(stderr, "floorwatch top: %s\n", message.c_str());
    complaint_ = message;
  }

  void fit_terminal() {
    winsize size{};
    if (!on_terminal_ || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return;
    screen_.lines = size.ws_row - 1U;  // The last line stays free, so that nothing scrolls.
    screen_.columns = size.ws_col;
  }

  asio::io_context& context_;
  HttpReader reader_;
  bool once_;
  core::Millis interval_;
  bool on_terminal_;
  Canvas canvas_;
  ScreenOptions screen_;
  std::string complaint_;
};

int run_top(const TopOptions& options) {
  asio::io_context context(1);
  Top top(context, options, *parse_http_address(options.url));
  int exit_code = kDone;
  asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) context.stop();
  });
  asio::co_spawn(context, top.watch(), [&](const std::exception_ptr& failure, int status) {
    if (failure) std::rethrow_exception(failure);
    exit_code = status;
    context.stop();
  });
  context.run();
  return exit_code;
}

std::string check_duration(const std::string& text) {
  const auto span = core::parse_duration(text);
  return span && *span > core::Millis{0} ? ""
                                         : "'" + text + "' is no span of time; allowed is for example 500ms, 1s, 2m";
}

std::string check_url(const std::string& text) {
  return parse_http_address(text) ? "" : "'" + text + "' is no address; allowed is http://HOST[:PORT]";
}

}  // namespace

void add_top(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<TopOptions>();
  CLI::App* command =
      app.add_subcommand("top", "Shows the queues of a running floorwatch as a table that refreshes itself");
  command->add_option("--url", options->url, "Address of the running service")
      ->check(CLI::Validator(check_url, "URL"))
      ->capture_default_str();
  command->add_option("--interval", options->interval, "Time between two rounds")
      ->check(CLI::Validator(check_duration, "SPAN"))
      ->capture_default_str();
  command
      ->add_option("--target", options->target_percent, "Service level in percent below which a queue is marked with !")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command->add_option("--longest-wait", options->longest_wait, "Oldest wait from which a queue is marked with !")
      ->check(CLI::Validator(check_duration, "SPAN"))
      ->capture_default_str();
  command->add_flag("--once", options->once, "Prints one table and ends; exit 3 if the service does not answer");
  command->add_flag("--no-colour", options->no_colour, "Marks only with !");
  command->footer(
      "Offered, answered and abandoned are the client's day so far; SL is the service level, ASA the mean wait of the\n"
      "answered. Without a terminal every round is printed below the last.\n\n"
      "Example: floorwatch top --url http://127.0.0.1:9464 --target 75");
  command->callback([options, &exit_code] { exit_code = run_top(*options); });
}

}  // namespace app
