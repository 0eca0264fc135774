// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>

#include "data/base/files.h"
#include "engine/daemon/processes.h"

namespace ecumene::engine::attach {

/// A daemon on another machine, as the system's ssh reaches it: its configuration, agent, jump hosts and known hosts
/// hold.
struct Destination {
  std::string host;  ///< as ssh takes it: a host of its configuration, user@host, ssh://user@host:port
  std::string program = "ecumenectl";  ///< there: on the PATH of a login without a terminal, or a path
  std::string sshOptions;              ///< file for `ssh -F`; empty: the user's own configuration
  /// From the login on (questions of ssh come before it), until the program there has said where its daemon is.
  std::chrono::milliseconds patience = std::chrono::seconds(60);
};

/// Who answers ssh's questions (a new host key, a passphrase): its SSH_ASKPASS program and what that needs in its
/// environment. Without a program they are asked on the terminal.
struct Asking {
  std::filesystem::path program;
  std::map<std::string, std::string> environment;
};

/// The way to a daemon on another machine: one ssh, which starts the daemon there where none runs and forwards its
/// socket to one here. It ends with this object, and with this process however that ends; the daemon there goes on.
class Tunnel {
 public:
  /// `socket` is where the daemon shall answer here: in a folder of the user's own (mode 700), its path short enough
  /// for the kernel; a socket left over there is replaced. Waits for ssh and its questions until a stop is requested.
  /// Throws Error that says what the other machine, or ssh, refused, and what to do: of kind kInput where trying again
  /// changes nothing.
  Tunnel(const Destination& to, const std::filesystem::path& socket, const Asking& asking = {},
         const std::stop_token& stop = {});
  ~Tunnel();
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  [[nodiscard]] const std::filesystem::path& socket() const { return socket_; }
  /// ssh is there. Whether the other machine is, a call to the daemon says.
  [[nodiscard]] bool alive() const;

 private:
  /// The daemon's socket there, once ssh's output says it; whatever a login's own files print around it is left out.
  std::string daemonThere(const std::stop_token& stop);
  void forward(const std::string& there);
  [[noreturn]] void refuse(int code, const std::string& said, const std::string& printed) const;
  void end();

  const Destination to_;
  const std::filesystem::path control_, socket_;
  daemon::Attached ssh_;
};

}  // namespace ecumene::engine::attach
