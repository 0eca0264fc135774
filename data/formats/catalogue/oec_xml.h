// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// Systems of the Open Exoplanet Catalogue (Rein 2012, arXiv:1211.7121) as its XML, one system a file or several in
/// <systems>, plain, gzip or bzip2: planets of stars, of binaries however deeply nested, and of none, with all their
/// names. Masses and radii in Jupiter's and the Sun's become those of planet::scalars(); errorplus and errorminus
/// become sigma, a lone upperlimit or lowerlimit stays a limit. Planets of a binary have no star of their own and so
/// none of a star's values. Errors name the element and its line.
Format oecXmlFormat();

}  // namespace ecumene::data::formats
