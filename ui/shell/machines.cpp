// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/machines.h"

#include <QRegularExpression>

#include "data/base/error.h"
#include "data/base/files.h"

namespace ecumene::ui::shell {
namespace {

namespace fs = std::filesystem;

constexpr qsizetype kMost = 8;
constexpr qsizetype kMostNamed = 32;
constexpr std::size_t kLargestFile = std::size_t{1} << 16U;

}  // namespace

QStringList machinesOf(const fs::path& file) {
  if (!fs::exists(file)) return {};
  QStringList hosts;
  for (const QString& line : QString::fromStdString(readFile(file, kLargestFile)).split('\n', Qt::SkipEmptyParts)) {
    const QString host = line.trimmed();
    if (!host.isEmpty() && !hosts.contains(host) && hosts.size() < kMost) hosts << host;
  }
  return hosts;
}

QStringList hostsOfSshConfig(const fs::path& file) {
  QString text;
  try {
    text = QString::fromStdString(readFile(file, kLargestFile));
  } catch (const Error&) {
    return {};
  }
  QStringList hosts;
  for (const QString& line : text.split('\n')) {
    // "Host a b", "Host=a" and "Host = a" are the same to ssh.
    QStringList words = line.trimmed().split(QRegularExpression(QStringLiteral("[\\s=]+")), Qt::SkipEmptyParts);
    if (words.size() < 2 || words.takeFirst().compare("Host", Qt::CaseInsensitive) != 0) continue;
    for (QString host : words) {
      host.remove('"');
      if (host.startsWith('#')) break;
      const bool isPattern = host.contains(QRegularExpression(QStringLiteral("[*?!]")));
      if (!isPattern && !hosts.contains(host) && hosts.size() < kMostNamed) hosts << host;
    }
  }
  return hosts;
}

void rememberMachine(const fs::path& file, const QString& host) {
  QStringList hosts = machinesOf(file);
  hosts.removeAll(host);
  hosts.prepend(host);
  std::error_code failure;
  fs::create_directories(file.parent_path(), failure);
  if (failure) {
    throw systemError("cannot make the folder of the machines", file.parent_path().string(), failure.value());
  }
  writeFileAtomically(file, hosts.mid(0, kMost).join('\n').toStdString() + "\n");
}

}  // namespace ecumene::ui::shell
