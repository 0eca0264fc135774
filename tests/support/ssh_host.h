// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace ecumene::test {

/// Another machine: a real sshd on a free port of the loopback, whose logins have a home, runtime folder and data of
/// their own. Its name in clientConfig() is "pod".
class SshHost {
 public:
  SshHost() {
    ::mkdir("/run/sshd", 0755);  // sshd of root wants it; of another user it does not look
    for (const char* name : {"client", "other-client", "host", "other-host"}) {
      shell("ssh-keygen -q -t ed25519 -N '' -f '" + (folder_ / name).string() + "'");
    }
    copy("client.pub", "authorized");
    for (const char* name : {"there", "there/run"}) {
      std::filesystem::create_directories(folder_ / name);
      std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
    }
    port_ = freePort();
    know("host");
    writeClientConfig("client", "yes");
    start("host");
  }
  ~SshHost() { stop(); }
  SshHost(const SshHost&) = delete;
  SshHost& operator=(const SshHost&) = delete;

  [[nodiscard]] std::string clientConfig() const { return folder_ / "config"; }
  /// Folder of the logins' files: run/ is XDG_RUNTIME_DIR, data is XDG_DATA_HOME.
  [[nodiscard]] std::filesystem::path there() const { return folder_ / "there"; }
  [[nodiscard]] const TempFolder& folder() const { return folder_; }

  /// Gives a key that login uses ("client", "other-client") a passphrase.
  void protect(const std::string& key, const std::string& passphrase) const {
    shell("ssh-keygen -q -p -P '' -N '" + passphrase + "' -f '" + (folder_ / key).string() + "'");
  }

  /// Begins with this host key ("host", "other-host"); waits until it answers.
  void start(const char* hostKey) {
    std::ofstream(folder_ / "sshd_config")
        << "Port " << port_ << "\nListenAddress 127.0.0.1\nHostKey " << (folder_ / hostKey).string()
        << "\nAuthorizedKeysFile " << (folder_ / "authorized").string()
        << "\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
           "KbdInteractiveAuthentication no\nPermitRootLogin yes\nLogLevel ERROR\n"
        << "SetEnv XDG_RUNTIME_DIR=" << (there() / "run").string() << " XDG_DATA_HOME=" << (there() / "data").string()
        << " ECUMENE_STORE=" << (there() / "store").string() << "\n";
    const std::string config = folder_ / "sshd_config", log = folder_ / "sshd.log";
    const char* words[] = {"/usr/sbin/sshd", "-D", "-f", config.c_str(), "-E", log.c_str(), nullptr};
    if (::posix_spawn(&sshd_, words[0], nullptr, nullptr, const_cast<char**>(words), environ) != 0) {
      throw std::runtime_error("sshd does not start: is openssh-server installed?");
    }
    for (int i = 0; i < 500 && !answers(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  /// Ends sshd and all of its logins' connections.
  void stop() {
    if (sshd_ == 0) return;
    cut();
    ::kill(sshd_, SIGTERM);
    ::waitpid(sshd_, nullptr, 0);
    sshd_ = 0;
  }
  /// Ends the connections; new ones are taken.
  void cut() const {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string pid = entry.path().filename();
      if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
      std::ifstream file(entry.path() / "stat");
      std::string stat;
      std::getline(file, stat);
      // Behind the name, which may hold anything, stand the state and the parent.
      const std::size_t name = stat.rfind(") ");
      if (name != std::string::npos && std::atoi(stat.c_str() + name + 4) == sshd_)
        ::kill(std::atoi(pid.c_str()), SIGKILL);
    }
  }
  /// Whom the client knows at this address: the public half of a host key.
  void know(const char* hostKey) {
    std::ifstream key(folder_ / (std::string(hostKey) + ".pub"));
    std::string kind, text;
    key >> kind >> text;
    std::ofstream(folder_ / "known") << "[127.0.0.1]:" << port_ << " " << kind << " " << text << "\n";
  }
  void knowNobody() { std::ofstream(folder_ / "known"); }
  void writeClientConfig(const char* key, const char* strict) {
    const std::string user = ::getpwuid(::getuid())->pw_name;
    std::ofstream(clientConfig()) << "Host pod\n  HostName 127.0.0.1\n  Port " << port_ << "\n  User " << user
                                  << "\n  IdentityFile " << (folder_ / key).string()
                                  << "\n  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile "
                                  << (folder_ / "known").string() << "\n  GlobalKnownHostsFile /dev/null\n"
                                  << "  StrictHostKeyChecking " << strict
                                  << "\nHost nowhere\n  HostName ecumene.invalid\n";
  }
  void copy(const char* from, const char* to) const {
    std::filesystem::copy_file(folder_ / from, folder_ / to, std::filesystem::copy_options::overwrite_existing);
  }

 private:
  static void shell(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  }
  static int freePort() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
  }
  [[nodiscard]] bool answers() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool connected = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return connected;
  }

  TempFolder folder_;
  int port_ = 0;
  pid_t sshd_ = 0;
};

}  // namespace ecumene::test
