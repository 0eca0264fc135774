// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace ecumene::data::formats {

/// Largest SBML text that is read, plain or after inflation. The largest published networks have some 60 MB.
inline constexpr std::size_t kLargestSbmlBytes = std::size_t{256} << 20U;
/// Deepest nesting of XML elements that is read; libSBML recurses once for each level.
inline constexpr std::size_t kDeepestXml = 200;

/// The XML text of an SBML file, plain, gzip or bzip2, as UTF-8. Refuses what would make an XML reader do more than
/// read: a document type declaration (the only place for entities, internal or external), another encoding, NUL bytes,
/// nesting beyond kDeepestXml. Throws Error with the line.
std::string readSbmlText(const std::filesystem::path& path);

}  // namespace ecumene::data::formats
