// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/why_nothing.h"

namespace ecumene::ui::client {

QString whyNothing(const Client& client, const QString& nobody) {
  const QString problem = client.problem();
  if (!problem.isEmpty()) return client.name().isEmpty() ? problem : client.name() + QStringLiteral(": ") + problem;
  if (client.link() == Client::Link::kNone) return nobody;
  return QObject::tr("Looking for the daemon of %1…").arg(client.name());
}

}  // namespace ecumene::ui::client
