# SPDX-License-Identifier: Apache-2.0
# cmake -DFOLDER=resources/presets -DPRESETS="nano;demo" -DOUTPUT=file.cpp -P embed_presets.cmake
# Writes embeddedPresets() with the bytes of each FOLDER/<preset>.toml.
set(rows "")
foreach(name IN LISTS PRESETS)
  file(READ ${FOLDER}/${name}.toml text)
  string(APPEND rows "    {\"${name}\", R\"toml(${text})toml\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// SPDX-License-Identifier: Apache-2.0
#include \"engine/config/embedded_presets.h\"

namespace ecumene::engine::config {

std::span<const EmbeddedPreset> embeddedPresets() {
  static constexpr EmbeddedPreset kPresets[] = {
${rows}  };
  return kPresets;
}

}  // namespace ecumene::engine::config
")
