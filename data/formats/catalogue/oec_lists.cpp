// SPDX-License-Identifier: Apache-2.0
#include "data/formats/catalogue/oec_lists.h"

namespace ecumene::data::formats {

bool isLeftOut(CatalogueRows& rows, const std::string& lists, const std::string& planet) {
  if (lists.find("Retracted") != std::string::npos) {
    rows.count("planets are left out: the catalogue lists them as retracted", planet);
    return true;
  }
  if (lists.find("Controversial") != std::string::npos) {
    rows.count("planets are taken that the catalogue lists as controversial", planet);
  }
  return false;
}

}  // namespace ecumene::data::formats
