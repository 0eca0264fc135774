// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalogue/sending.h"

#include <QFileInfo>
#include <algorithm>
#include <utility>

#include "engine/protocol/import_files.h"
#include "ui/look/plural.h"

namespace ecumene::ui::catalogue {
namespace {

namespace protocol = engine::protocol;

/// What became of a drop.
struct Sent {
  qint64 job = 0;
  protocol::ImportFiles files;
};

/// One message for all files that stay here.
Error leftOut(const std::vector<Error>& refused) {
  Error error = refused.front();
  if (refused.size() > 1) error.within("sending; " + std::to_string(refused.size() - 1) + " more were not sent");
  return error;
}

/// The file of a planet in it.
std::filesystem::path fileOf(const std::filesystem::path& path) {
  std::error_code ignored;
  const std::string name = path.string();
  return std::filesystem::exists(path, ignored) ? name : name.substr(0, name.rfind(": "));
}

}  // namespace

Sending::Sending(client::Client* client, QObject* parent) : QObject(parent), client_(client) {
  connect(client_, &client::Client::daemonChanged, this, [this] {
    if (client_->isUp() || drops_.isEmpty()) return;
    // The answer of a daemon that is left never comes.
    cancel();
    emit failed(Error("sending was given up: another machine or folder is shown now", ErrorKind::kCancelled)
                    .next("import the files again where they shall be"));
  });
}

Sending::~Sending() {
  for (const auto& drop : drops_) drop->stop.request_stop();
}

void Sending::send(const QStringList& paths, const QStringList& settings, bool inside) {
  if (!client_->isUp() || client_->store().empty()) {
    emit failed(Error("there is no store to import into").next("open a folder of planets (Ctrl+O)"));
    return;
  }
  auto drop = std::make_shared<Drop>();
  drop->paths = paths;
  drops_ << drop;
  std::vector<std::filesystem::path> named;
  for (const QString& path : paths) named.emplace_back(path.toStdString());
  std::vector<std::string> set;
  for (const QString& setting : settings) set.push_back(setting.toStdString());
  // Each drop is its own topic: none is forgotten for a newer one.
  static int number = 0;
  client_->ask(
      QStringLiteral("drop %1").arg(++number), this,
      [drop, inside, named = std::move(named), set = std::move(set),
       store = client_->store()](client::Daemon& daemon) mutable {
        const std::stop_token stop = drop->stop.get_token();
        if (inside) std::transform(named.begin(), named.end(), named.begin(), fileOf);
        Sent sent{0, protocol::filesToImport(named, stop)};
        drop->files = static_cast<std::size_t>(std::count_if(sent.files.files.begin(), sent.files.files.end(),
                                                             [](const auto& file) { return !file.beside; }));
        const auto goes = [&](std::uint64_t here, std::uint64_t total) {
          drop->total = total;
          drop->sent = here;
        };
        const auto waits = [&](const std::string&, bool now) { drop->waits = now; };
        sent.job = protocol::importFiles(daemon, store, set, sent.files, stop, {goes, waits}).id();
        return sent;
      },
      [this, drop](const Sent& sent) {
        end(drop);
        emit begun(sent.job, QString::fromStdString(sent.files.base.string()));
        if (!sent.files.refused.empty()) emit failed(leftOut(sent.files.refused));
      },
      [this, drop](const Error& error) {
        end(drop);
        if (error.kind() != ErrorKind::kCancelled) emit failed(error);
      },
      client::Client::Lane::kTransfer);
  emit changed();
}

void Sending::cancel() {
  for (const auto& drop : drops_) drop->stop.request_stop();
  drops_.clear();
  emit changed();
}

void Sending::end(const std::shared_ptr<Drop>& drop) {
  drops_.removeOne(drop);
  emit changed();
}

QString Sending::words() const {
  if (drops_.isEmpty()) return {};
  const Drop& drop = *drops_.first();
  const auto files = static_cast<qint64>(drop.files.load());
  if (files == 0) return tr("Looking for files in what was dropped");
  const bool one = files == 1 && drop.paths.size() == 1;
  return (drop.waits ? tr("Another client sends the same: waiting with %1") : tr("Sending %1 to the daemon"))
      .arg(one ? QFileInfo(drop.paths.first()).fileName()
               : look::plural(files, tr("%1 file"), tr("%1 files")).arg(files));
}

std::optional<double> Sending::share() const {
  if (drops_.isEmpty() || drops_.first()->files == 0) return std::nullopt;
  const std::uint64_t total = drops_.first()->total;
  return total == 0 ? 0.0 : static_cast<double>(drops_.first()->sent) / static_cast<double>(total);
}

}  // namespace ecumene::ui::catalogue
