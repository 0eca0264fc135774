// SPDX-License-Identifier: Apache-2.0
// A program that runImportChild can start. A file named like a misbehaviour below makes it misbehave instead of
// reading.
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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
#include "data/formats/child/import_child.h"
#include "data/formats/child/import_walls.h"
#include "data/formats/child/import_wire.h"
#include "data/formats/registry.h"
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
int stayBehind() {
  stage("reading it as a test");
  ::close(kPipe);
  ::close(STDERR_FILENO);
  std::this_thread::sleep_for(std::chrono::minutes(10));
  return 0;
}
int spin() {
  formats::limitResources(std::uint64_t{3} << 30U, 1);
  stage("counting");
  for (volatile std::uint64_t i = 0;;) i = i + 1;
}
int spinOn() {
  ::signal(SIGXCPU, SIG_IGN);
  return spin();
}
int devour() {
  formats::limitResources(std::uint64_t{256} << 20U, 60);
  stage("hoarding");
  std::vector<std::vector<char>> hoard;
  try {
    // Four times the limit, so that a wall that fails does not take the machine with it.
    for (int i = 0; i < 64; ++i) hoard.emplace_back(std::size_t{16} << 20U, 'x');
    formats::sendFrame(kPipe, formats::FrameKind::kError, formats::encodeError(ecumene::Error("no wall of memory")));
  } catch (const std::bad_alloc&) {
    formats::sendFrame(kPipe, formats::FrameKind::kExcess, "memory wall after " + std::to_string(hoard.size()));
  }
  return 1;
}
int nonsense() {
  const std::string words = "this is no frame at all";
  return ::write(kPipe, words.data(), words.size()) > 0 ? 0 : 4;
}
int boast() {
  const std::uint32_t length = ~std::uint32_t{0};
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
  formats::sendFrame(kPipe, formats::FrameKind::kPart, formats::encodePart({}));
  return 0;
}
/// A planet of no more than a name and a star's light.
planet::Import bare(const std::string& name) {
  planet::Import import;
  import.planet.name = name;
  import.planet.scalars[planet::ScalarId::kStellarFlux] = planet::Measurement{static_cast<double>(name.size()), 0.0, 0};
  return import;
}
/// A part of two, and then a crash, an error, or no word on what follows.
void halfOfTwo() {
  formats::sendPart(kPipe, {.name = "first", .at = 0, .of = 2, .import = bare("first"), .refusal = {}});
  formats::sendPart(kPipe, {.name = "second", .at = 1, .of = 2, .import = bare("second"), .refusal = {}});
}
int crashAfterParts() {
  halfOfTwo();
  std::raise(SIGKILL);
  return 0;
}
int halfPart() {
  halfOfTwo();
  formats::sendFrame(kPipe, formats::FrameKind::kResult, planet::encode(planet::Import{}));
  return 0;
}
int noPart() {
  formats::sendFrame(kPipe, formats::FrameKind::kPart, formats::encodePart({}));
  return 0;
}
int endlessParts() {
  for (int i = 0; i < 100000; ++i) halfOfTwo();
  return 0;
}
int chatter() {
  stage("talking");
  for (int i = 0; i < 100000; ++i) {
    if (::write(STDERR_FILENO, "noise noise noise\n", 18) < 0) break;
  }
  return 7;
}

/// errno of a call that failed, 0 of one that did not.
int outcome(bool succeeded) {
  return succeeded ? 0 : errno;
}

/// What no parser needs; each gives the errno that it met, 0 where the door stands open. `file` is the one given.
const std::map<std::string, int (*)(const char* file)>& attempts() {
  static const std::map<std::string, int (*)(const char*)> list{
      {"connect", [](const char*) { return outcome(::socket(AF_INET, SOCK_STREAM, 0) >= 0); }},
      {"unix_socket", [](const char*) { return outcome(::socket(AF_UNIX, SOCK_STREAM, 0) >= 0); }},
      {"fork",
       [](const char*) {
         const pid_t pid = ::fork();
         if (pid == 0) ::_exit(0);
         return outcome(pid > 0);
       }},
      {"vfork", [](const char*) { return outcome(::syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0) >= 0); }},
      {"exec",
       [](const char*) {
         char* const words[] = {nullptr};
         ::execve("/bin/true", words, words);
         return errno;
       }},
      {"passwd", [](const char*) { return outcome(::open("/etc/passwd", O_RDONLY) >= 0); }},
      {"folder", [](const char*) { return outcome(::open("/tmp", O_RDONLY | O_DIRECTORY) >= 0); }},
      {"neighbour", [](const char* f) { return outcome(::open((std::string(f) + ".other").c_str(), O_RDONLY) >= 0); }},
      {"by_other_calls",
       [](const char* f) {
         const std::uint64_t how[3] = {O_RDONLY, 0, 0};
         return outcome(::syscall(SYS_openat2, AT_FDCWD, f, how, sizeof how) >= 0);
       }},
      {"write", [](const char* f) { return outcome(::open(f, O_RDWR) >= 0); }},
      {"create", [](const char* f) { return outcome(::creat((std::string(f) + ".made").c_str(), 0600) >= 0); }},
      {"truncate", [](const char* f) { return outcome(::truncate(f, 0) == 0); }},
      {"unlink", [](const char* f) { return outcome(::unlink(f) == 0); }},
      {"rename", [](const char* f) { return outcome(::rename(f, (std::string(f) + ".new").c_str()) == 0); }},
      {"mkdir", [](const char* f) { return outcome(::mkdir((std::string(f) + ".folder").c_str(), 0700) == 0); }},
      {"chmod", [](const char* f) { return outcome(::chmod(f, 0777) == 0); }},
      {"memory_file", [](const char*) { return outcome(::memfd_create("x", 0) >= 0); }},
      {"kill", [](const char*) { return outcome(::kill(::getppid(), 0) == 0); }},
      {"signal_by_fcntl", [](const char*) { return outcome(::fcntl(kPipe, F_SETOWN, ::getppid()) == 0); }},
      {"trace", [](const char*) { return outcome(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) == 0); }},
      {"raise_limits",
       [](const char*) {
         const rlimit most{RLIM_INFINITY, RLIM_INFINITY};
         return outcome(::setrlimit(RLIMIT_CPU, &most) == 0);
       }},
      {"own_code",
       [](const char*) {
         return outcome(::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
       }},
      {"inherited", [](const char*) {
         for (int fd = kPipe + 1; fd < 128; ++fd) {
           struct stat status {};
           // What the wall itself keeps open are regular files; the parent of the test holds a socket.
           if (::fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode)) return 0;
         }
         return EBADF;
       }}};
  return list;
}

/// Walls up, then one attempt, whose errno is said in words.
int attempt(const std::filesystem::path& file, formats::PathWall wall, int (*door)(const char*)) {
  formats::limitResources(std::uint64_t{3} << 30U, 60);
  formats::closeDoors(formats::filesToRead(file), kPipe, wall);
  const int met = door(file.c_str());
  const std::string words = met == 0 ? "the door is open" : std::strerror(met);
  formats::sendFrame(kPipe, formats::FrameKind::kError, formats::encodeError(ecumene::Error(words)));
  return 1;
}

/// Reads as any child does, behind the wall of kernels without Landlock.
int readOpened(const std::filesystem::path& file) {
  formats::closeDoors(formats::filesToRead(file), kPipe, formats::PathWall::kOpenedFiles);
  formats::sendPart(kPipe, {.name = {}, .import = formats::importFile(file, {}), .refusal = {}});
  return 0;
}

}  // namespace

/// A file "landlock-NAME" or "opened-NAME" makes the child attempt NAME behind that wall, one "opened.nc" or so is read
/// behind it; others misbehave by their name, and the rest is read.
int main(int argc, char** argv) {
  if (!formats::isImportChild(argc, argv)) return 2;
  const std::map<std::string, int (*)()> acts{
      {"crash", crash},        {"hang", hang},       {"stay_behind", stayBehind},
      {"spin", spin},          {"spin_on", spinOn},  {"devour", devour},
      {"nonsense", nonsense},  {"boast", boast},     {"silent", silent},
      {"forge", forge},        {"chatter", chatter}, {"crash_after_parts", crashAfterParts},
      {"half_part", halfPart}, {"no_part", noPart},  {"endless_parts", endlessParts}};
  const std::filesystem::path file = argv[6];
  const std::string name = file.filename().string();
  const std::size_t dash = name.find('-');
  const auto act = acts.find(name);
  const auto door = attempts().find(dash == std::string::npos ? "" : name.substr(dash + 1));
  // Behind the walls a sanitizer's leak checker cannot work.
  if (door != attempts().end()) {
    const bool opened = name.starts_with("opened");
    std::_Exit(attempt(file, opened ? formats::PathWall::kOpenedFiles : formats::PathWall::kLandlock, door->second));
  }
  if (name.starts_with("opened.")) std::_Exit(readOpened(file));
  std::_Exit(act == acts.end() ? formats::importChildMain(argc, argv) : act->second());
}
