// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ecumene::test {

/// A file made to hurt: small on disk, huge or endless when read.
struct HostileFile {
  std::string name, content;
};

/// Bombs of size, entities, depth and width for every kind of container that is read.
std::vector<HostileFile> hostileFiles();

}  // namespace ecumene::test
