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

constexpr std::size_t kLargestCopiesFile = 1 << 20;
constexpr std::chrono::milliseconds kPause{20};
constexpr int kTries = 50;

QString text(const std::string& text) {
  return QString::fromStdString(text);
}

/// Locked, else invalid. Makes the folder and the file.
FileDescriptor locked(const std::filesystem::path& file, const char* what) {
  const std::string path = file.string() + what;
  FileDescriptor lock = openLockFile(path);
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

struct KeptCopy {
  RunCopy copy;
  std::int64_t window = 0;  ///< that goes on with it while it lives; 0: none
};

std::vector<KeptCopy> rowsOf(const std::filesystem::path& file) {
  std::vector<KeptCopy> rows;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return rows;
  const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(readFile(file, kLargestCopiesFile)));
  if (!json.isArray()) {
    throw Error("the list of copies is damaged", ErrorKind::kEnvironment)
        .on(file.string())
        .next("remove it, and ask for the copies again: they go on where they were");
  }
  for (const auto& value : json.array()) {
    const QJsonObject object = value.toObject();
    KeptCopy row;
    row.copy.from.host = object["host"].toString().toStdString();
    row.copy.from.runs = object["runs"].toString().toStdString();
    row.copy.run = object["run"].toString().toStdString();
    row.copy.folder = object["folder"].toString().toStdString();
    row.copy.mirror = object["mirror"].toBool();
    row.window = object["window"].toInteger();
    if (!row.copy.run.empty() && !row.copy.folder.empty()) rows.push_back(row);
  }
  return rows;
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
  for (const KeptCopy& row : rowsOf(file)) copies.push_back(row.copy);
  return copies;
}

std::vector<RunCopy> leftCopies(const std::filesystem::path& file, const CopyWindow& window) {
  std::vector<RunCopy> copies;
  for (const KeptCopy& row : rowsOf(file)) {
    if (!window.isAnother(row.window)) copies.push_back(row.copy);
  }
  return copies;
}

void writeCopies(const std::filesystem::path& file, std::int64_t window, const std::vector<RunCopy>& ours,
                 const std::set<std::string>& gone) {
  const FileDescriptor writing = forWriting(file);
  std::vector<KeptCopy> all;
  std::set<std::string> known = gone;
  for (const RunCopy& copy : ours) {
    known.insert(keyOf(copy));
    all.push_back({copy, window});
  }
  for (const KeptCopy& row : rowsOf(file)) {
    if (!known.contains(keyOf(row.copy))) all.push_back(row);
  }
  QJsonArray array;
  for (const KeptCopy& row : all) {
    array.append(QJsonObject{{"host", text(row.copy.from.host)},
                             {"runs", text(row.copy.from.runs)},
                             {"run", text(row.copy.run)},
                             {"folder", text(row.copy.folder)},
                             {"mirror", row.copy.mirror},
                             {"window", static_cast<qint64>(row.window)}});
  }
  writeFileAtomically(file, QJsonDocument(array).toJson().toStdString());
}

}  // namespace ecumene::ui::runs
