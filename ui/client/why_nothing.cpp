// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/why_nothing.h"

namespace ecumene::ui::client {

QString whyNothing(const Client& client, const QString& nobody) {
  const QString problem = client.problem();
  const bool named = client.name().isEmpty() || problem.startsWith(client.name() + ':');
  if (!problem.isEmpty()) return named ? problem : client.name() + QStringLiteral(": ") + problem;
  if (client.link() == Client::Link::kNone) return nobody;
  return QObject::tr("Looking for the daemon of %1…").arg(client.name());
}

}  // namespace ecumene::ui::client
