# SPDX-License-Identifier: Apache-2.0
# cmake -DFOLDER=resources/colour-maps -DMAPS="viridis;ice" -DOUTPUT=file.cpp -P embed_colour_maps.cmake
# Writes embeddedColourMaps() with the text of each FOLDER/<map>.txt.
set(rows "")
foreach(name IN LISTS MAPS)
  file(READ ${FOLDER}/${name}.txt text)
  string(APPEND rows "    {\"${name}\", R\"table(${text})table\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// SPDX-License-Identifier: Apache-2.0
#include \"viz/scene/embedded_colour_maps.h\"

namespace ecumene::viz::scene {

std::span<const EmbeddedColourMap> embeddedColourMaps() {
  static constexpr EmbeddedColourMap kMaps[] = {
${rows}  };
  return kMaps;
}

}  // namespace ecumene::viz::scene
")
