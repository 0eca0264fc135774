// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iterator>
#include <vector>

namespace ecumene::engine::train {

/// Moves rows behind those of `to`.
template <class Row>
void append(std::vector<Row>& to, std::vector<Row> rows) {
  to.insert(to.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

}  // namespace ecumene::engine::train
