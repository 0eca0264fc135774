// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/client/client.h"

namespace ecumene::ui::client {

/// What a workspace says where no daemon answers: why the last dial failed, that it is looked for, or, where nobody is
/// asked, `nobody`.
QString whyNothing(const Client& client, const QString& nobody);

}  // namespace ecumene::ui::client
