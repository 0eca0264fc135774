// SPDX-License-Identifier: Apache-2.0
// A program that runImportChild can start. A file named like a misbehaviour below makes it misbehave instead of
// reading.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "data/base/error.h"
#include "data/formats/import_child.h"
#include "data/formats/import_walls.h"
#include "data/formats/import_wire.h"
#include "data/planet/collection.h"

namespace {

using namespace ecumene::data;
constexpr int kPipe = 3;

void stage(const std::string& words) {
  formats::sendFrame(kPipe, formats::FrameKind::kStage, words);
}

int crash() {
  stage("reading it as a test");
  std::raise(SIGKILL);  // a sanitizer would catch SIGSEGV
  return 0;
}
int hang() {
  stage("reading it as a test");
  std::this_thread::sleep_for(std::chrono::minutes(10));
  return 0;
}
int spin() {
  formats::limitResources(std::uint64_t{3} << 30U, 1);
  stage("counting");
  for (volatile std::uint64_t i = 0;;) i = i + 1;
}
int devour() {
  formats::limitResources(std::uint64_t{256} << 20U, 60);
  std::vector<std::vector<char>> hoard;
  try {
    // Four times the limit, so that a wall that fails does not take the machine with it.
    for (int i = 0; i < 64; ++i) hoard.emplace_back(std::size_t{16} << 20U, 'x');
    formats::sendFrame(kPipe, formats::FrameKind::kError, formats::encodeError(ecumene::Error("no wall of memory")));
  } catch (const std::bad_alloc&) {
    formats::sendFrame(kPipe, formats::FrameKind::kError,
                       formats::encodeError(ecumene::Error("memory wall after " + std::to_string(hoard.size()))));
  }
  return 1;
}
int nonsense() {
  const std::string words = "this is no frame at all";
  return ::write(kPipe, words.data(), words.size()) > 0 ? 0 : 4;
}
int boast() {
  const std::uint64_t length = ~std::uint64_t{0};
  std::string frame(1, 'R');
  frame.append(reinterpret_cast<const char*>(&length), sizeof length);
  return ::write(kPipe, frame.data(), frame.size()) > 0 ? 0 : 4;
}
int silent() {
  return 0;
}
int forge() {
  std::vector<std::byte> bytes = planet::encode(planet::Import{});
  bytes[bytes.size() / 2] ^= std::byte{1};
  formats::sendFrame(kPipe, formats::FrameKind::kResult, bytes);
  return 0;
}
int chatter() {
  stage("talking");
  for (int i = 0; i < 100000; ++i) {
    if (::write(STDERR_FILENO, "noise noise noise\n", 18) < 0) break;
  }
  return 7;
}

/// Tries what no parser needs behind the walls and reports each door as closed or open.
int doors() {
  formats::limitResources(std::uint64_t{3} << 30U, 60);
  formats::closeDoors();
  std::string open;
  const auto attempt = [&](const char* name, bool succeeded) {
    if (succeeded) open += std::string(" ") + name;
  };
  attempt("socket", ::socket(AF_INET, SOCK_STREAM, 0) >= 0);
  attempt("unix_socket", ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  attempt("fork", pid > 0);
  char* const words[] = {nullptr};
  ::execve("/bin/true", words, words);
  attempt("exec", errno != EPERM);
  attempt("create", ::open("/tmp/ecumene-import-test", O_CREAT | O_WRONLY, 0600) >= 0);
  attempt("write_open", ::open("/dev/null", O_RDWR) >= 0);
  attempt("unlink", ::unlink("/nowhere/at/all") == 0 || errno != EPERM);
  attempt("mkdir", ::mkdir("/tmp/ecumene-import-test-folder", 0700) == 0);
  formats::sendFrame(kPipe, formats::FrameKind::kError,
                     formats::encodeError(ecumene::Error(open.empty() ? "all doors are closed" : "open:" + open)));
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (!formats::isImportChild(argc, argv)) return 2;
  const std::map<std::string, int (*)()> acts{
      {"crash", crash}, {"hang", hang},     {"spin", spin},   {"devour", devour},   {"nonsense", nonsense},
      {"boast", boast}, {"silent", silent}, {"forge", forge}, {"chatter", chatter}, {"doors", doors}};
  const auto act = acts.find(std::filesystem::path(argv[6]).filename().string());
  // Behind the walls a sanitizer's leak checker cannot work.
  std::_Exit(act == acts.end() ? formats::importChildMain(argc, argv) : act->second());
}
