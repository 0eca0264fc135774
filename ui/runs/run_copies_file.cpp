// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_copies_file.h"

#include <fcntl.h>
#include <sys/file.h>

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "data/base/error.h"
#include "data/base/files.h"

namespace ecumene::ui::runs {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;
constexpr std::chrono::milliseconds kPause{20};
constexpr int kTries = 50;

QString text(const std::string& text) {
  return QString::fromStdString(text);
}

/// Locked, else invalid. Makes the folder and the file.
FileDescriptor locked(const std::filesystem::path& file, const char* what) {
  std::error_code problem;
  std::filesystem::create_directories(file.parent_path(), problem);
  if (problem) throw systemError("cannot make a folder", file.parent_path().string(), problem.value());
  const std::string path = file.string() + what;
  FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.valid()) throw systemError("cannot open a lock", path, errno);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK && errno != EINTR) throw systemError("cannot take a lock", path, errno);
  return {};
}

FileDescriptor forWriting(const std::filesystem::path& file) {
  for (int tries = 0; tries < kTries; ++tries) {
    if (FileDescriptor lock = locked(file, ".lock"); lock.valid()) return lock;
    std::this_thread::sleep_for(kPause);
  }
  throw Error("the list of copies is being written by another window", ErrorKind::kEnvironment).on(file.string());
}

}  // namespace

FileDescriptor takeCopies(const std::filesystem::path& file) {
  return locked(file, ".owner");
}

std::string keyOf(const RunCopy& copy) {
  return copy.from.host + '\n' + copy.from.runs + '\n' + copy.run + '\n' + copy.folder +
         (copy.mirror ? "\nmirror" : "");
}

std::vector<RunCopy> readCopies(const std::filesystem::path& file) {
  std::vector<RunCopy> copies;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return copies;
  const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(readFile(file, kMostBytes)));
  if (!json.isArray()) {
    throw Error("the list of copies is damaged", ErrorKind::kEnvironment)
        .on(file.string())
        .next("remove it, and ask for the copies again: they go on where they were");
  }
  for (const auto& value : json.array()) {
    const QJsonObject row = value.toObject();
    RunCopy copy;
    copy.from.host = row["host"].toString().toStdString();
    copy.from.runs = row["runs"].toString().toStdString();
    copy.run = row["run"].toString().toStdString();
    copy.folder = row["folder"].toString().toStdString();
    copy.mirror = row["mirror"].toBool();
    if (!copy.run.empty() && !copy.folder.empty()) copies.push_back(copy);
  }
  return copies;
}

void writeCopies(const std::filesystem::path& file, const std::vector<RunCopy>& ours,
                 const std::set<std::string>& gone) {
  const FileDescriptor writing = forWriting(file);
  std::vector<RunCopy> all = ours;
  std::set<std::string> known = gone;
  for (const RunCopy& copy : ours) known.insert(keyOf(copy));
  for (const RunCopy& copy : readCopies(file)) {
    if (!known.contains(keyOf(copy))) all.push_back(copy);
  }
  QJsonArray rows;
  for (const RunCopy& copy : all) {
    rows.append(QJsonObject{{"host", text(copy.from.host)},
                            {"runs", text(copy.from.runs)},
                            {"run", text(copy.run)},
                            {"folder", text(copy.folder)},
                            {"mirror", copy.mirror}});
  }
  writeFileAtomically(file, QJsonDocument(rows).toJson().toStdString());
}

}  // namespace ecumene::ui::runs
