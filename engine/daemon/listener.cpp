// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/listener.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

#include "data/base/error.h"

namespace ecumene::engine::daemon {
namespace {

constexpr int kBacklog = SOMAXCONN;  ///< where it is full, clients are refused
constexpr std::chrono::milliseconds kWithoutDescriptors{200};

FileDescriptor listenOn(const std::string& path) {
  FileDescriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) throw systemError("cannot make a socket", path, errno);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  ::unlink(path.c_str());
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(fd.get(), kBacklog) != 0) {
    throw systemError("cannot listen on the socket", path, errno);
  }
  return fd;
}

bool isOurUser(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::getuid();
}

}  // namespace

Listener::Listener(std::filesystem::path socket, std::function<void(int)> take)
    : socket_(std::move(socket)),
      take_(std::move(take)),
      listening_(listenOn(socket_.string())),
      wake_(::eventfd(0, EFD_CLOEXEC)) {
  if (!wake_.valid()) throw systemError("cannot make an event", socket_.string(), errno);
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Listener::~Listener() {
  thread_.request_stop();
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
  thread_.join();
  ::unlink(socket_.c_str());
}

void Listener::work(const std::stop_token& stop) {
  std::array<pollfd, 2> waited{pollfd{listening_.get(), POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0}};
  while (!stop.stop_requested()) {
    if (::poll(waited.data(), waited.size(), -1) < 0 && errno != EINTR) return;
    if (stop.stop_requested()) return;
    FileDescriptor connection(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!connection.valid()) {
      // Out of descriptors: those who wait stay in the backlog until some are free.
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) std::this_thread::sleep_for(kWithoutDescriptors);
      continue;
    }
    if (isOurUser(connection.get())) take_(connection.release());
  }
}

}  // namespace ecumene::engine::daemon
