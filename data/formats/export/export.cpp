// SPDX-License-Identifier: Apache-2.0
#include "data/formats/export/export.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <set>
#include <sstream>
#include <string_view>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/target_folder.h"
#include "data/formats/common/licence_sidecar.h"
#include "data/formats/common/shown_text.h"
#include "data/formats/export/writers.h"

namespace ecumene::data::formats {
namespace {

namespace fs = std::filesystem;

/// The folder under another name until all is in it; gone with what is in it if that does not come to pass.
class Unfinished {
 public:
  explicit Unfinished(const fs::path& target) {
    const std::string name = "." + target.filename().string() + ".incomplete-";
    folder_ = target.parent_path() / (name + std::to_string(::getpid()));
    std::error_code problem;
    fs::create_directories(target.parent_path(), problem);
    if (problem) throw systemError("cannot make the folder", target.parent_path().string(), problem.value());
    // What processes that were killed have left.
    for (const auto& entry : fs::directory_iterator(target.parent_path(), problem)) {
      const std::string other = entry.path().filename().string();
      if (!other.starts_with(name)) continue;
      pid_t maker = 0;
      const char* end = other.data() + other.size();
      if (std::from_chars(other.data() + name.size(), end, maker).ptr != end || maker <= 0) continue;
      const bool lives = maker != ::getpid() && (::kill(maker, 0) == 0 || errno != ESRCH);
      if (!lives) fs::remove_all(entry.path(), problem);
    }
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

/// Whether the text is "MIT", "CC-BY-4.0" or such, or several joined by AND and OR: identifiers of SPDX's list
/// (spdx.org/licenses) have a version, but for a few, or are made up as LicenseRef-.
bool isSpdxExpression(const std::string& text) {
  constexpr auto kWithoutVersion = std::to_array<std::string_view>(
      {"0BSD", "ISC", "MIT", "MIT-0", "NCSA", "NTP", "PostgreSQL", "Unlicense", "WTFPL", "X11", "Zlib"});
  const auto isLicence = [&](std::string_view id) {
    const bool letters = std::all_of(id.begin(), id.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
             c == '+';
    });
    bool version = false;
    for (std::size_t i = 1; i + 1 < id.size(); ++i) {
      version = version || (id[i] == '-' && id[i + 1] >= '0' && id[i + 1] <= '9');
    }
    return letters && (version || id.starts_with("LicenseRef-") ||
                       std::find(kWithoutVersion.begin(), kWithoutVersion.end(), id) != kWithoutVersion.end());
  };
  std::istringstream words(text);
  bool joint = true;  // what the next word is not
  for (std::string word; words >> word; joint = !joint) {
    if (!joint && word != "AND" && word != "OR") return false;
    if (joint && !isLicence(word)) return false;
  }
  return !joint;
}

/// Files of one export.
class Parts {
 public:
  Parts(fs::path folder, Exported& exported) : folder_(std::move(folder)), exported_(exported) {}

  fs::path add(const std::string& name) {
    exported_.files.push_back(name);
    return folder_ / name;
  }
  void add(const std::string& name, const std::string& content) { writeFileAtomically(add(name), content); }

  /// `licence` beside the file as REUSE has it, which takes expressions of SPDX only.
  void licence(const std::string& file, const std::string& licence) {
    if (licence.empty() || licence == "unknown") return;
    if (isSpdxExpression(licence)) {
      add(licenceFileBeside(file).string(), std::string(kLicenceTag) + " " + licence + "\n");
    } else {
      leaveOut(file, "a licence file, as its licence is no expression of SPDX: " + shownText(licence));
    }
  }

  void leaveOut(const std::string& file, const std::string& what) { exported_.leftOut.push_back(file + ": " + what); }

 private:
  fs::path folder_;
  Exported& exported_;
};

/// The licence of a part; none where what it came from has several, or a part of it none.
std::string licenceOf(const planet::Planet& planet, const PartOf& part) {
  std::set<std::string> licences;
  for (const planet::Provenance& from : planet.provenance) {
    if (isOf(from, part)) licences.insert(from.licence);
  }
  return licences.size() == 1 ? *licences.begin() : "";
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
  const std::vector<std::string> origin = originLines(planet, {"network"});
  const auto write = [&](const std::string& id, const planet::MetabolicNetwork& network) {
    const std::string name = fileName(id, taken);
    std::vector<std::string> left;
    try {
      parts.add(name, sbmlNetwork(network, origin, left));
      parts.licence(name, licenceOf(planet, {"network"}));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      left = {"the whole network: " + std::string(error.what())};
    }
    for (const std::string& what : left) exported.leftOut.push_back(name + ": " + what);
  };
  for (const planet::MetabolicNetwork& network : planet.networks) write(network.id, network);
  for (const planet::MetabolismCase& c : planet.metabolisms) {
    write(std::string(planet::name(c.metabolism.archetype)) + "-" + std::to_string(c.metabolism.variant),
          c.metabolism.network);
  }
}

/// A catalogue is of observed planets: the row of another would come back as an observation.
void writeScalars(const planet::Planet& planet, Parts& parts, Exported& exported) {
  constexpr const char* kFile = "catalogue.csv";
  if (planet.origin == planet::Origin::kObserved) {
    const auto row = catalogueRow(planet, exported.leftOut);
    if (!row) return;
    parts.add(kFile, *row);
    return parts.licence(kFile, licenceOf(planet, {"scalars"}));
  }
  std::string names;
  for (const planet::ScalarInfo& info : planet::scalars()) {
    if (planet.scalars[info.id]) names += (names.empty() ? "" : ", ") + std::string(info.name);
  }
  if (names.empty()) return;
  parts.leaveOut(kFile, "scalars of a planet that is not observed, but for what planet.json states: " + names);
}

/// What no format here has a place for.
void leaveOutTheRest(const planet::Planet& planet, Exported& exported) {
  const auto leaveOut = [&](bool there, std::string what) {
    if (there) exported.leftOut.push_back("planet: " + std::move(what));
  };
  std::string names;
  for (const std::string& alias : planet.aliases) names += (names.empty() ? "" : ", ") + alias;
  leaveOut(!names.empty() && !planet.climate && planet.spectra.empty(), "its other names: " + names);
  leaveOut(planet.labels.has_value(), "the labels of its climate, which an import makes again");
  leaveOut(planet.climateFlags.has_value(), "the flags of the model that made its climate");
  leaveOut(!planet.metabolisms.empty(), "the growth windows and the viability of its metabolisms");
  leaveOut(planet.origin == planet::Origin::kGenerated && planet.climate && !planet.spectra.empty(),
           "the noise of its simulated spectra, which the import of a folder with its climate draws anew");
  leaveOut(std::any_of(planet.texts.begin(), planet.texts.end(),
                       [](const planet::Text& text) { return text.metabolism.has_value(); }),
           "which metabolism a text is about");
  leaveOut(!planet.quality.empty(), "the marks of its quality");
}

void writeParts(const planet::Planet& planet, Parts& parts, Exported& exported) {
  if (planet.climate) {
    writeClimate(planet, parts.add("climate.nc"));
    parts.licence("climate.nc", licenceOf(planet, {"climate"}));
    parts.add("planet.json", planetSidecar(planet));
    if (!planet.climate->grid.epochGyr.empty()) exported.leftOut.push_back("climate.nc: all ages but the present");
  }
  for (std::size_t i = 0; i < planet.spectra.size(); ++i) {
    const std::string name = "spectrum-" + std::to_string(i + 1) + ".ecsv";
    parts.add(name, ecsvSpectrum(planet, i));
    parts.licence(name, licenceOf(planet, {"spectrum", i}));
  }
  writeNetworks(planet, parts, exported);
  if (!planet.texts.empty()) {
    parts.add("texts.jsonl", textLines(planet.texts));
    const std::string& licence = planet.texts.front().licence;
    const bool one = std::all_of(planet.texts.begin(), planet.texts.end(),
                                 [&](const planet::Text& text) { return text.licence == licence; });
    if (one) parts.licence("texts.jsonl", licence);
  }
  writeScalars(planet, parts, exported);
  leaveOutTheRest(planet, exported);
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
  if (exported.files.empty()) {
    Error nothing("the planet holds nothing to export");
    if (!exported.leftOut.empty()) nothing.found(exported.leftOut.front());
    throw nothing.on(planet.id);
  }
  folder.finish(exported.folder);
  return exported;
}

}  // namespace ecumene::data::formats
