// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/support/import_text.h"

namespace {

using namespace ecumene;
using test::importText;
using test::refusalOf;

TEST(LightCurve, IsRefusedByItsColumnsOrItsDates) {
  // With the separator at the end of each row that some programs write.
  const std::string named = refusalOf("BJD - 2454833, Raw Flux\n1862.50, 0.995,\n1862.52, 0.997,\n");
  EXPECT_NE(named.find("this is a light curve"), std::string::npos) << named;
  const std::string dates = refusalOf("2460124.5 1.0 0.1 001\n2460124.6 1.0 0.1 001\n", {}, "lc.dat");
  EXPECT_NE(dates.find("Julian dates from 2460124.5"), std::string::npos) << dates;
}

TEST(LightCurve, IsNotWhatTheUserSaysIsASpectrumOrWhatHasWavelengths) {
  EXPECT_EQ(refusalOf("time,wavelength (um),depth (ppm)\n1,1.0,5000\n1,1.5,5100\n"), "");
  const data::formats::ImportOptions told{{{"columns.wavelength", "1"},
                                           {"columns.depth", "2"},
                                           {"units.wavelength", "um"},
                                           {"units.depth", "ppm"},
                                           {"format", "spectrum_table"}}};
  EXPECT_EQ(importText("time,x\n1.0,5000\n1.5,5100\n", told).planet.spectra.at(0).size(), 2U);
}

}  // namespace
