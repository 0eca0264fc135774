// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace ecumene::data::formats {

/// Largest SBML text that is read, plain or after inflation. The largest published networks have some 60 MB.
inline constexpr std::size_t kLargestSbmlBytes = std::size_t{256} << 20U;
/// Deepest nesting of XML elements that is read; libSBML recurses once for each level.
inline constexpr std::size_t kDeepestXml = 200;

bool isGzip(std::string_view bytes);

/// Inflates gzip members until the end of `bytes`. With `whole` a truncated, damaged or too long stream throws Error
/// naming the compressed byte; without, whatever can be had up to `most` bytes is given (for looking at a beginning).
std::string inflateGzip(std::string_view bytes, std::size_t most, bool whole);

/// The XML text of an SBML file, plain or gzip, as UTF-8. Refuses what would make an XML reader do more than read: a
/// document type declaration (the only place for entities, internal or external), another encoding, NUL bytes, nesting
/// beyond kDeepestXml. Throws Error with the line.
std::string readSbmlText(const std::filesystem::path& path);

}  // namespace ecumene::data::formats
