// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/here.h"

#include <sys/prctl.h>

#include <QCryptographicHash>
#include <QThread>
#include <algorithm>
#include <cctype>
#include <csignal>
#include <stop_token>

#include "engine/protocol/socket.h"

namespace ecumene::ui::client {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "ecumene " ECUMENE_VERSION;
constexpr int kStartMs = 30000, kEndMs = 15000, kPollMs = 50;

/// None where nobody is there. One that is and says nothing is not replaced: it has its runs.
std::shared_ptr<Daemon> answering(const fs::path& socket, const std::stop_token& stop) {
  try {
    return std::make_shared<Daemon>(socket, kProgram, stop);
  } catch (const Error& error) {
    if (!engine::protocol::isUnreachable(error) || engine::protocol::isSilent(error)) throw;
    return nullptr;
  }
}

Error givenUp() {
  return Error("the daemon is not waited for any more", ErrorKind::kCancelled);
}

/// Beside the usual socket, one for a folder of runs.
fs::path socketOf(const fs::path& runs) {
  const QByteArray hash =
      QCryptographicHash::hash(QByteArray::fromStdString(runs.string()), QCryptographicHash::Sha256);
  return engine::protocol::defaultSocket().parent_path() / ("runs-" + hash.toHex().left(12).toStdString() + ".sock");
}

/// An id that no store has yet, from the folder's name.
std::string idFor(const fs::path& folder, const std::map<std::string, fs::path>& taken) {
  std::string stem;
  for (const char c : folder.filename().string()) {
    stem += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-' ? c : '-';
  }
  if (stem.empty() || std::isalnum(static_cast<unsigned char>(stem.front())) == 0) stem = "store" + stem;
  stem.resize(std::min<std::size_t>(stem.size(), 48));
  std::string id = stem;
  for (int i = 2; taken.contains(id); ++i) id = stem + "-" + std::to_string(i);
  return id;
}

void start(const fs::path& socket, const fs::path& runs, const std::map<std::string, fs::path>& stores,
           const fs::path& programs, const std::stop_token& stop) {
  QStringList words = {"--detach", "--socket", QString::fromStdString(socket.string())};
  if (!runs.empty()) words << "--runs" << QString::fromStdString(runs.string());
  for (const auto& [id, folder] : stores) words << "--store" << QString::fromStdString(id + "=" + folder.string());
  QProcess process;
  process.setStandardInputFile(QProcess::nullDevice());
  process.start(QString::fromStdString((programs / "ecumened").string()), words, QIODevice::ReadOnly);
  if (!process.waitForStarted()) {
    throw Error("the daemon is not installed", ErrorKind::kEnvironment)
        .on((programs / "ecumened").string())
        .next("build it: tools/build");
  }
  for (int waited = 0; !process.waitForFinished(kPollMs); waited += kPollMs) {
    if (process.state() == QProcess::NotRunning) break;
    if (!stop.stop_requested() && waited < kStartMs) continue;
    process.kill();
    process.waitForFinished();
    if (stop.stop_requested()) throw givenUp();
    throw Error("the daemon did not start in time", ErrorKind::kEnvironment).on(socket.string());
  }
  if (process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0) return;
  throw Error("the daemon did not start", ErrorKind::kEnvironment)
      .on(socket.string())
      .found(process.readAllStandardError().trimmed().toStdString());
}

bool serves(const Daemon& daemon, const Folders& folders) {
  return folders.runs.empty() || fs::path(daemon.daemon().runs()) == folders.runs;
}

std::map<std::string, fs::path> storesOf(const Daemon& daemon) {
  std::map<std::string, fs::path> stores;
  for (int i = 0; i < daemon.daemon().stores_size(); ++i) {
    stores[daemon.daemon().stores(i)] = daemon.daemon().store_folders(i);
  }
  return stores;
}

/// Adds the folders that are not among the stores; how many there were.
std::size_t add(std::map<std::string, fs::path>& stores, const std::vector<fs::path>& folders) {
  std::size_t added = 0;
  for (const fs::path& folder : folders) {
    const auto is = [&](const auto& known) { return known.second == folder; };
    if (std::any_of(stores.begin(), stores.end(), is)) continue;
    stores[idFor(folder, stores)] = folder;
    ++added;
  }
  return added;
}

}  // namespace

std::shared_ptr<Daemon> reachHere(const Folders& folders, const fs::path& programs, Served& last,
                                  const std::stop_token& stop) {
  fs::path socket = engine::protocol::defaultSocket();
  std::shared_ptr<Daemon> daemon = answering(socket, stop);
  if (daemon && !serves(*daemon, folders)) {
    socket = socketOf(folders.runs);
    daemon = answering(socket, stop);
  }
  if (daemon) last = {daemon->daemon().runs(), storesOf(*daemon)};
  const std::size_t lacking = add(last.stores, folders.stores);
  if (daemon && lacking == 0) return daemon;
  if (daemon) {
    const std::stop_callback abandon(stop, [&] { daemon->abandon(); });
    daemon->endDaemon();
  }
  start(socket, last.runs.empty() ? folders.runs : last.runs, last.stores, programs, stop);
  daemon = answering(socket, stop);
  if (!daemon) throw engine::protocol::unreachable(socket.string());
  last = {daemon->daemon().runs(), storesOf(*daemon)};
  return daemon;
}

OwnDaemon::OwnDaemon(const Folders& folders, const fs::path& programs) : folders_(folders) {
  const fs::path folder = folder_.path().toStdString();
  const fs::path runs = folders.runs.empty() ? folder / "runs" : folders.runs;
  std::map<std::string, fs::path> stores;
  add(stores, folders.stores);
  QStringList words = {"--socket", QString::fromStdString((folder / "d.sock").string()), "--runs",
                       QString::fromStdString(runs.string())};
  for (const auto& [id, store] : stores) words << "--store" << QString::fromStdString(id + "=" + store.string());
  process_.setStandardInputFile(QProcess::nullDevice());
  process_.setStandardOutputFile(QProcess::nullDevice());
  process_.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
  process_.start(QString::fromStdString((programs / "ecumened").string()), words, QIODevice::ReadOnly);
}

OwnDaemon::~OwnDaemon() {
  process_.terminate();
  process_.waitForFinished(kEndMs);
}

std::shared_ptr<Daemon> OwnDaemon::reach(const std::stop_token& stop) const {
  const auto hasAll = [&](const std::shared_ptr<Daemon>& daemon) {
    if (!daemon || !serves(*daemon, folders_)) return false;
    std::map<std::string, fs::path> stores = storesOf(*daemon);
    return add(stores, folders_.stores) == 0;
  };
  const fs::path own = fs::path(folder_.path().toStdString()) / "d.sock";
  for (int waited = 0; waited < kStartMs; waited += kPollMs) {
    if (stop.stop_requested()) throw givenUp();
    if (std::shared_ptr<Daemon> daemon = answering(own, stop)) return daemon;
    if (!folders_.runs.empty()) {
      for (const fs::path& socket : {engine::protocol::defaultSocket(), socketOf(folders_.runs)}) {
        std::shared_ptr<Daemon> daemon = answering(socket, stop);
        if (hasAll(daemon)) return daemon;
      }
    }
    QThread::msleep(kPollMs);
  }
  throw Error("the daemon of this picture did not start", ErrorKind::kEnvironment)
      .next("is ecumened beside this program, and may you write into the folder of the runs?");
}

}  // namespace ecumene::ui::client
