// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/attach/tunnel.h"
#include "ui/client/client.h"

namespace ecumene::ui::client {

/// Dials the daemon of another machine by ssh, anew each time: what Client::connectTo takes. The way there ends with
/// the last copy of it.
Client::Dial dialThere(const engine::attach::Destination& to, const engine::attach::Asking& asking);

}  // namespace ecumene::ui::client
