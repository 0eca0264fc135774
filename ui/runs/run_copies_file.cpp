// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_copies_file.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "data/base/error.h"
#include "data/base/files.h"

namespace ecumene::ui::runs {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

QString text(const std::string& text) {
  return QString::fromStdString(text);
}

}  // namespace

std::string keyOf(const RunCopy& copy) {
  return copy.host + '\n' + copy.runs + '\n' + copy.run + '\n' + copy.folder + (copy.mirror ? "\nmirror" : "");
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
    copy.host = row["host"].toString().toStdString();
    copy.runs = row["runs"].toString().toStdString();
    copy.run = row["run"].toString().toStdString();
    copy.folder = row["folder"].toString().toStdString();
    copy.mirror = row["mirror"].toBool();
    if (!copy.run.empty() && !copy.folder.empty()) copies.push_back(copy);
  }
  return copies;
}

void writeCopies(const std::filesystem::path& file, const std::vector<RunCopy>& ours,
                 const std::set<std::string>& gone) {
  std::vector<RunCopy> all = ours;
  std::set<std::string> known = gone;
  for (const RunCopy& copy : ours) known.insert(keyOf(copy));
  for (const RunCopy& copy : readCopies(file)) {
    if (!known.contains(keyOf(copy))) all.push_back(copy);
  }
  QJsonArray rows;
  for (const RunCopy& copy : all) {
    rows.append(QJsonObject{{"host", text(copy.host)},
                            {"runs", text(copy.runs)},
                            {"run", text(copy.run)},
                            {"folder", text(copy.folder)},
                            {"mirror", copy.mirror}});
  }
  std::error_code problem;
  std::filesystem::create_directories(file.parent_path(), problem);
  if (problem) throw systemError("cannot make a folder", file.parent_path().string(), problem.value());
  writeFileAtomically(file, QJsonDocument(rows).toJson().toStdString());
}

}  // namespace ecumene::ui::runs
