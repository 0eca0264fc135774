// SPDX-License-Identifier: Apache-2.0
#include "data/formats/export/export.h"

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/target_folder.h"
#include "data/formats/common/licence_sidecar.h"
#include "data/formats/export/writers.h"

namespace ecumene::data::formats {
namespace {

namespace fs = std::filesystem;

/// The folder under another name until all is in it; gone with what is in it if that does not come to pass.
class Unfinished {
 public:
  explicit Unfinished(const fs::path& target)
      : folder_(target.parent_path() /
                ("." + target.filename().string() + ".incomplete-" + std::to_string(::getpid()))) {
    std::error_code problem;
    fs::create_directories(target.parent_path(), problem);
    if (problem) throw systemError("cannot make the folder", target.parent_path().string(), problem.value());
    fs::remove_all(folder_, problem);  // of a process that was killed and had this number
    if (!fs::create_directory(folder_, problem)) {
      throw systemError("cannot make the folder", folder_.string(), problem.value());
    }
  }
  ~Unfinished() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  [[nodiscard]] const fs::path& path() const { return folder_; }

  /// Puts the folder in place, where there is always the old one or the new one.
  void finish(const fs::path& target) {
    for (const auto& entry : fs::directory_iterator(folder_)) syncToDisk(entry.path());
    syncToDisk(folder_);
    putInPlace(folder_, target);
    syncToDisk(target.parent_path());
  }

 private:
  fs::path folder_;
};

/// Files of one export.
class Parts {
 public:
  Parts(fs::path folder, Exported& exported) : folder_(std::move(folder)), exported_(exported) {}

  fs::path add(const std::string& name) {
    exported_.files.push_back(name);
    return folder_ / name;
  }
  void add(const std::string& name, const std::string& content) { writeFileAtomically(add(name), content); }

  /// `licence` beside the file as REUSE has it, if it is one.
  void licence(const std::string& file, const std::string& licence) {
    const bool shown = std::all_of(licence.begin(), licence.end(), [](char c) { return c >= ' ' && c <= '~'; });
    constexpr std::size_t kLongest = 200;
    if (licence.empty() || licence == "unknown" || licence.size() > kLongest || !shown) return;
    const std::string name = licenceFileBeside(file).string();
    add(name, std::string(kLicenceTag) + " " + licence + "\n");
  }

 private:
  fs::path folder_;
  Exported& exported_;
};

std::string licenceOf(const planet::Planet& planet, const std::string& part) {
  for (const planet::Provenance& from : planet.provenance) {
    if (from.part.starts_with(part) && !from.licence.empty()) return from.licence;
  }
  return {};
}

/// A file name of an id; two ids that give one get numbers.
std::string fileName(const std::string& id, std::set<std::string>& taken) {
  const std::string plain = planet::idFromName(id);
  std::string name = plain;
  for (int n = 2; !taken.insert(name).second; ++n) name = plain + "-" + std::to_string(n);
  return "network-" + name + ".xml";
}

void writeNetworks(const planet::Planet& planet, Parts& parts, Exported& exported) {
  std::set<std::string> taken;
  const std::vector<std::string> origin = originLines(planet, "network");
  const auto write = [&](const std::string& id, const planet::MetabolicNetwork& network) {
    const std::string name = fileName(id, taken);
    std::vector<std::string> left;
    parts.add(name, sbmlNetwork(network, origin, left));
    parts.licence(name, licenceOf(planet, "network"));
    for (const std::string& what : left) exported.leftOut.push_back(name + ": " + what);
  };
  for (const planet::MetabolicNetwork& network : planet.networks) write(network.id, network);
  for (const planet::MetabolismCase& c : planet.metabolisms) {
    write(std::string(planet::name(c.metabolism.archetype)) + "-" + std::to_string(c.metabolism.variant),
          c.metabolism.network);
  }
}

/// Whether it has variables on levels, and nothing that places the levels.
bool losesLevels(const planet::ClimateCube& cube) {
  return cube.find(planet::VariableId::kSurfaceAirPressure) == nullptr &&
         std::any_of(cube.fields.begin(), cube.fields.end(),
                     [](const planet::Field& field) { return planet::info(field.id).onLevels; });
}

void writeParts(const planet::Planet& planet, Parts& parts, Exported& exported) {
  if (planet.climate) {
    writeClimate(planet, parts.add("climate.nc"));
    parts.licence("climate.nc", licenceOf(planet, "climate"));
    parts.add("planet.json", planetSidecar(planet));
    if (losesLevels(*planet.climate)) {
      exported.leftOut.push_back(
          "climate.nc: a surface pressure, which the planet has not: to read its variables on levels again takes "
          "--set surface_pressure=PA");
    }
    if (!planet.climate->grid.epochGyr.empty()) exported.leftOut.push_back("climate.nc: all ages but the present");
  }
  for (std::size_t i = 0; i < planet.spectra.size(); ++i) {
    const std::string name = "spectrum-" + std::to_string(i + 1) + ".ecsv";
    parts.add(name, ecsvSpectrum(planet, planet.spectra[i]));
    parts.licence(name, licenceOf(planet, "spectrum"));
  }
  writeNetworks(planet, parts, exported);
  if (!planet.texts.empty()) {
    parts.add("texts.jsonl", textLines(planet.texts));
    const std::string& licence = planet.texts.front().licence;
    const bool one = std::all_of(planet.texts.begin(), planet.texts.end(),
                                 [&](const planet::Text& text) { return text.licence == licence; });
    if (one) parts.licence("texts.jsonl", licence);
  }
  if (const auto row = catalogueRow(planet, exported.leftOut)) {
    parts.add("catalogue.csv", *row);
    parts.licence("catalogue.csv", licenceOf(planet, "scalars"));
  }
}

/// Whether an export may have written the file.
bool isOurs(const fs::path& file) {
  std::error_code problem;
  if (!fs::is_regular_file(fs::symlink_status(file, problem))) return false;
  std::string name = file.filename().string();
  if (fs::path(name).extension() == ".license") name = fs::path(name).stem().string();
  const auto isNamed = [&](std::string_view start, std::string_view end) {
    return name.starts_with(start) && name.ends_with(end);
  };
  return name == "climate.nc" || name == "planet.json" || name == "texts.jsonl" || name == "catalogue.csv" ||
         isNamed("spectrum-", ".ecsv") || isNamed("network-", ".xml");
}

/// Throws Error where a folder cannot be replaced without loss of what is not ours.
void requireReplaceable(const fs::path& folder) {
  if (fs::is_symlink(folder)) throw Error("it is a link, which is not replaced").on(folder.string());
  requireAbsentOrEmpty(folder, [&](const std::string& name) { return isOurs(folder / name); });
}

}  // namespace

Exported exportPlanet(const planet::Planet& planet, const fs::path& parent, bool replace) {
  if (!planet::isValidId(planet.id)) throw internalError("a planet without id is exported");
  Exported exported;
  exported.folder = fs::absolute(parent) / planet.id;
  std::error_code problem;
  if (fs::symlink_status(exported.folder, problem).type() != fs::file_type::not_found && !replace) {
    throw Error("it is there already", ErrorKind::kUsage)
        .on(exported.folder.string())
        .next("--force puts the new one in its place");
  }
  requireReplaceable(exported.folder);
  Unfinished folder(exported.folder);
  Parts parts(folder.path(), exported);
  writeParts(planet, parts, exported);
  if (exported.files.empty()) throw Error("the planet holds nothing to export").on(planet.id);
  folder.finish(exported.folder);
  return exported;
}

}  // namespace ecumene::data::formats
