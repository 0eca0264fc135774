// SPDX-License-Identifier: Apache-2.0
#include "data/commands/terminal.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "data/base/say.h"
#include "data/formats/common/shown_text.h"

namespace ecumene::data::commands {
namespace {

constexpr int kBarWidth = 28;
constexpr std::size_t kShownBytes = 40;  ///< of the latest piece: of a path its end
constexpr auto kRedrawInterval = std::chrono::milliseconds(100);

int signalEvent = -1;

extern "C" void onSignal(int number) {
  const std::uint64_t one = 1;
  // write is async-signal-safe; the thread below turns the event into a stop request.
  [[maybe_unused]] const ssize_t wrote = ::write(signalEvent, &one, sizeof one);
  (void)std::signal(number, SIG_DFL);
}

/// Display width of UTF-8 text: one column a code point.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

bool isNumber(std::string_view cell) {
  if (!cell.empty() && (cell.front() == '-' || cell.front() == '+')) cell.remove_prefix(1);
  return !cell.empty() && std::isdigit(static_cast<unsigned char>(cell.front())) != 0;
}

}  // namespace

ProgressBar::ProgressBar(std::string what)
    : what_(std::move(what)),
      onTerminal_(::isatty(STDERR_FILENO) == 1),
      inLines_(std::getenv("ECUMENE_PROGRESS") != nullptr),
      start_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  if (drawn_) say("\r\033[K");
}

Progress ProgressBar::progress() {
  return [this](std::size_t done, std::size_t total, std::string_view what) { update(done, total, what); };
}

void ProgressBar::update(std::size_t done, std::size_t total, std::string_view what) {
  if ((!onTerminal_ && !inLines_) || total == 0) return;
  const std::lock_guard lock(mutex_);
  if (inLines_) {
    say(fmt::format("progress {} {} {}\n", done, total, formats::shownText(what)));
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (!started_) {
    // Pieces that were there before (a resumed work) say nothing about the rate.
    started_ = true;
    first_ = done;
    start_ = now;
  }
  if (drawn_ && done < total && now - last_ < kRedrawInterval) return;
  last_ = now;
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double share = static_cast<double>(done) / static_cast<double>(total);
  const int filled = static_cast<int>(share * kBarWidth);
  std::string left = "estimating";
  if (done > first_) {
    const double perPiece = seconds / static_cast<double>(done - first_);
    left = formatDuration(perPiece * static_cast<double>(total - done)) + " left";
  }
  say(fmt::format("\r\033[K{} [{}{}] {}/{} {:3.0f} %  {}  {}", what_,
                  std::string(static_cast<std::size_t>(filled), '#'),
                  std::string(static_cast<std::size_t>(kBarWidth - filled), '.'), done, total, 100.0 * share, left,
                  formats::shownText(what.substr(what.size() - std::min(what.size(), kShownBytes)))));
}

std::stop_token stopOnSignals() {
  static std::stop_source source;
  static const bool installed = [] {
    signalEvent = ::eventfd(0, EFD_CLOEXEC);
    std::thread([] {
      std::uint64_t count = 0;
      while (::read(signalEvent, &count, sizeof count) < 0) {
      }
      source.request_stop();
    }).detach();
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
      if (std::signal(number, onSignal) == SIG_IGN) (void)std::signal(number, SIG_IGN);
    }
    return true;
  }();
  (void)installed;
  return source.get_token();
}

Error cancelledError() {
  return Error("cancelled", ErrorKind::kCancelled)
      .next("what was finished before is kept; the same command does the rest");
}

std::string formatTable(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const std::string& cell : header) widths.push_back(width(cell));
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size() && c < widths.size(); ++c) widths[c] = std::max(widths[c], width(row[c]));
  }
  std::string text;
  const auto line = [&](const std::vector<std::string>& cells, const std::vector<std::string>& alignBy) {
    std::string row;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::string padding(widths[c] - width(cells[c]), ' ');
      const bool right = c < alignBy.size() && isNumber(alignBy[c]);
      row += (c == 0 ? "" : "  ") + (right ? padding + cells[c] : cells[c] + padding);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  };
  line(header, rows.empty() ? header : rows.front());
  for (const auto& row : rows) line(row, row);
  return text;
}

std::string formatDuration(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace ecumene::data::commands
