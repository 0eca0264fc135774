// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "data/base/files.h"
#include "data/formats/common/inflate.h"

namespace ecumene::test {

/// A file that tests/oracles/spectrum_files.py wrote.
inline std::string writtenByAstropy(const std::string& name) {
  return readFile("tests/oracles/reference/spectrum_files/" + name, std::size_t{1} << 20U);
}

/// A FITS file of its, unpacked.
inline std::string fitsByAstropy(const std::string& name) {
  return data::formats::inflateGzip(writtenByAstropy(name + ".fits.gz"), std::size_t{1} << 20U, true);
}

}  // namespace ecumene::test
