// SPDX-License-Identifier: Apache-2.0
#include "data/formats/registry.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/formats/catalogue/ipac.h"
#include "data/formats/catalogue/nasa_csv.h"
#include "data/formats/catalogue/oec_csv.h"
#include "data/formats/catalogue/oec_xml.h"
#include "data/formats/climate/cf_netcdf.h"
#include "data/formats/climate/exoplasim.h"
#include "data/formats/climate/thousandworlds.h"
#include "data/formats/common/licence_sidecar.h"
#include "data/formats/common/no_data.h"
#include "data/formats/common/shown_text.h"
#include "data/formats/common/text_file.h"
#include "data/formats/metabolism/cobra_json.h"
#include "data/formats/metabolism/sbml.h"
#include "data/formats/spectra/spectrum_fits.h"
#include "data/formats/spectra/spectrum_netcdf.h"
#include "data/formats/spectra/spectrum_table.h"
#include "data/formats/text/plain_text.h"
#include "data/formats/text/text_jsonl.h"

namespace ecumene::data::formats {
namespace {

// One line per format. Signatures come before formats that are recognised by their columns.
const std::vector<Format>& table() {
  static const std::vector<Format> list{
      exoplasimFormat(),    cfNetcdfFormat(),       thousandworldsFormat(), sbmlFormat(),      cobraJsonFormat(),
      nasaCsvFormat(),      ipacFormat(),           oecXmlFormat(),         oecCsvFormat(),    textJsonlFormat(),
      spectrumFitsFormat(), spectrumNetcdfFormat(), spectrumTableFormat(),  plainTextFormat(),
  };
  return list;
}

constexpr std::array<OptionInfo, 3> kCommonOptions{{
    {"format", "name of the format, where content and name do not settle it"},
    {"planet", "name of the planet that the file describes"},
    {"licence", "licence of the file, kept with the data; else that of FILE.license beside it"},
}};

/// The file's beginning as the sniff functions take it.
struct Head {
  std::string bytes, plain;
  bool complete = false;  ///< it is the whole file
};

Head readHead(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) throw systemError("cannot open the file", path.string(), errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw systemError("cannot inspect the file", path.string(), errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error("this is not a plain file").on(path.string()).next("name the files inside a folder one by one");
  }
  constexpr std::size_t kByteOrderMark = 3;
  std::string head(kHeadBytes + kByteOrderMark, '\0');
  std::size_t size = 0;
  while (size < head.size()) {
    const ssize_t got = ::read(file.get(), head.data() + size, head.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw systemError("cannot read the file", path.string(), errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  head.resize(size);
  Head out{head, head, size < kHeadBytes + kByteOrderMark};
  if (looksLikeText(head)) out.plain = plainText(head).substr(0, kHeadBytes);
  return out;
}

std::string formatNames() {
  std::string names;
  for (const Format& format : formats()) names += (names.empty() ? "" : ", ") + std::string(format.name);
  return names;
}

/// What a format said of a file.
struct Look {
  std::string_view format;
  std::string why;
};

/// "exoplasim, cf_netcdf: not ...; ipac: ...": each reason once.
std::string reasonsOf(const std::vector<Look>& looks) {
  std::string text;
  for (const Look& look : looks) {
    const auto isSame = [&](const Look& other) { return other.why == look.why; };
    if (&*std::find_if(looks.begin(), looks.end(), isSame) != &look) continue;
    std::string names;
    for (const Look& other : looks) {
      if (isSame(other)) names += (names.empty() ? "" : ", ") + std::string(other.format);
    }
    text += (text.empty() ? "" : "; ") + names + ": " + look.why;
  }
  return text;
}

/// What a file is that no format reads: said by the nearest formats first, then by the file itself.
Error noFormat(const Head& head, const std::string& nearest) {
  if (std::optional<Error> wide = wideTextObjection(head.bytes); wide)
    return Error("no format fits the file: " + wide->failure()).next(wide->nextStep());
  if (!nearest.empty()) {
    return Error("no format fits the file; the nearest: " + nearest).next("to read it as one: --set format=NAME");
  }
  if (std::optional<Error> objection = textObjection(head.bytes, head.complete); objection) {
    Error error("no format fits the file: " + objection->failure());
    if (!objection->finding().empty())
      error.found(objection->object() + (objection->object().empty() ? "" : ", ") + objection->finding());
    return error.next(objection->nextStep());
  }
  return Error("no format fits the file").next("to read it as one of " + formatNames() + ": --set format=NAME");
}

bool reads(std::span<const OptionInfo> options, std::string_view key) {
  return std::any_of(options.begin(), options.end(), [&](const OptionInfo& option) { return key == option.key; });
}

bool holdsPlanet(const planet::Import& import) {
  return import.kind != planet::ImportKind::kCatalogue && import.kind != planet::ImportKind::kText;
}

/// One planet has one name, however its files spell it; the file's spelling stays as an alias.
void settleName(planet::Import& import) {
  if (!holdsPlanet(import) || import.kind == planet::ImportKind::kNetwork) return;
  const std::string standard = planet::standardName(import.planet.name);
  if (standard == import.planet.name) return;
  import.assumptions.push_back("'" + import.planet.name + "' is the planet " + standard);
  import.planet.aliases.push_back(std::exchange(import.planet.name, standard));
}

/// Planets without stated parameters are their own systems: by name, or by file for climates, which are named after
/// folders.
void settleSystem(planet::Import& import) {
  if (!import.planet.systemKey.empty()) return;
  const std::string what = import.kind == planet::ImportKind::kClimate
                               ? "file " + import.provenance.sha256
                               : "planet " + planet::normalisedName(import.planet.name);
  constexpr std::size_t kKeyLength = 16;
  import.planet.systemKey = sha256(what).substr(0, kKeyLength);
}

}  // namespace

const std::string* ImportOptions::find(const std::string& key) const {
  const auto entry = set.find(key);
  return entry == set.end() ? nullptr : &entry->second;
}

std::span<const Format> formats() {
  return table();
}

std::span<const OptionInfo> commonOptions() {
  return kCommonOptions;
}

void checkOptions(const ImportOptions& options) {
  for (const auto& [key, value] : options.set) {
    const bool known = reads(kCommonOptions, key) ||
                       std::any_of(formats().begin(), formats().end(),
                                   [&word = key](const auto& format) { return reads(format.options, word); });
    if (!known) {
      std::string keys;
      for (const OptionInfo& option : kCommonOptions) keys += std::string(option.key) + ", ";
      for (const Format& format : formats()) {
        for (const OptionInfo& option : format.options) {
          if (keys.find(std::string(option.key) + ", ") == std::string::npos) keys += std::string(option.key) + ", ";
        }
      }
      throw Error("no importer reads this option", ErrorKind::kUsage)
          .on("--set " + key + "=" + value)
          .expected("one of " + keys.substr(0, keys.size() - 2));
    }
  }
  if (const std::string* name = options.find("format"); name != nullptr) {
    const auto row = std::find_if(formats().begin(), formats().end(), [&](const Format& f) { return f.name == *name; });
    if (row == formats().end()) {
      throw Error("unknown format", ErrorKind::kUsage).on("--set format=" + *name).expected("one of " + formatNames());
    }
  }
}

const Format& detect(const std::filesystem::path& path, const ImportOptions& options) {
  checkOptions(options);
  const Head head = readHead(path);
  if (head.plain.find_first_not_of(" \t\r\n") == std::string::npos)
    throw Error("the file is empty").on(path.filename().string());
  if (const std::string* name = options.find("format"); name != nullptr) {
    return *std::find_if(formats().begin(), formats().end(), [&](const Format& f) { return f.name == *name; });
  }
  if (std::optional<Error> known = knownNoData(head.plain); known) throw known->on(path.filename().string());
  const std::string file = path.filename().string();
  std::vector<const Format*> possible;
  std::vector<Look> near, others;
  for (const Format& format : formats()) {
    const Sniff sniff = format.sniff(path, head.plain);
    if (sniff.match == Match::kCertain) return format;
    if (sniff.match == Match::kPossible) possible.push_back(&format);
    const std::string why = sniff.why.starts_with(file + ": ") ? sniff.why.substr(file.size() + 2) : sniff.why;
    (sniff.match == Match::kNo ? others : near).push_back({format.name, why});
  }
  if (possible.size() == 1) return *possible.front();
  const std::string nearest = reasonsOf(near);
  Error refusal = possible.empty() ? noFormat(head, nearest) : Error("several formats fit the file");
  if (!possible.empty()) refusal.found(nearest).next("name it: --set format=NAME, one of " + formatNames());
  std::vector<std::string> looks;
  for (const std::vector<Look>* list : {&near, &others}) {
    for (const Look& look : *list) looks.push_back(std::string(look.format) + ": " + look.why);
  }
  throw UnknownFormat(refusal.on(file), std::move(looks));
}

std::vector<std::filesystem::path> filesToRead(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files{path, licenceFileBeside(path)};
  for (const Format& format : formats()) {
    for (const std::string_view pattern : format.beside) {
      std::string name(pattern);
      if (const std::size_t star = name.find('*'); star != std::string::npos)
        name.replace(star, 1, path.stem().string());
      files.push_back(path.parent_path() / name);
    }
  }
  return files;
}

namespace {

/// Throws Error where planet::validate does not take the name of a planet, which may be that of its file.
void requireShownName(const std::string& name) {
  constexpr std::size_t kLongestShown = 200;
  planet::Planet named;
  named.name = name;
  try {
    planet::validate(named);
  } catch (Error& error) {
    throw error.found("'" + shownText(name.substr(0, kLongestShown)) + "'").next("give it another: --set planet=NAME");
  }
}

/// Checks what a reader gave and says where it is from.
void complete(const Format& format, const planet::Provenance& file, planet::Import& import) {
  import.kind = format.kind;
  requireShownName(import.planet.name);
  planet::validate(import.planet);
  settleName(import);
  planet::Provenance& provenance = import.provenance;
  provenance.part = file.part;
  provenance.source = file.source;
  provenance.sha256 = file.sha256;
  provenance.generator = file.generator;
  if (!file.licence.empty()) provenance.licence = file.licence;
  import.assumptions.insert(import.assumptions.end(), file.assumptions.begin(), file.assumptions.end());
  provenance.assumptions = import.assumptions;
  if (!holdsPlanet(import)) return;
  import.planet.provenance.push_back(provenance);
  settleSystem(import);
}

}  // namespace

void importParts(const Format& format, const std::filesystem::path& path, const ImportOptions& given,
                 const TakePart& take) {
  const std::string name = path.filename().string();
  const auto explained = [&](Error error) {
    if (error.object().empty()) error.on(name);
    return error.within("while reading " + name + " as " + std::string(format.name));
  };
  try {
    ImportOptions options = given;
    planet::Provenance file;
    file.part = std::string(planet::name(format.kind));
    file.source = name;
    file.generator = "ecumene importer " + std::string(format.name);
    if (options.find("licence") == nullptr) {
      if (const std::optional<std::string> beside = licenceBeside(path); beside) {
        options.set["licence"] = *beside;
        file.assumptions.push_back("licence " + *beside + ": stated by " + name + ".license beside the file");
      }
    }
    if (const std::string* licence = options.find("licence"); licence != nullptr) file.licence = *licence;
    if (format.read != nullptr) {
      ImportedPart part{.name = {}, .import = format.read(path, options)};
      file.sha256 = sha256OfFile(path);
      complete(format, file, part.import);
      take(std::move(part));
      return;
    }
    file.sha256 = sha256OfFile(path);
    format.readParts(path, options, [&](ImportedPart&& part) {
      try {
        if (!part.refusal) complete(format, file, part.import);
      } catch (const Error& error) {
        part.refusal = error;
      }
      if (part.refusal) part.refusal = explained(std::move(*part.refusal));
      take(std::move(part));
    });
  } catch (const Error& error) {
    throw explained(error);
  }
}

planet::Import importFile(const std::filesystem::path& path, const ImportOptions& given) {
  OnePart one(path.filename().string());
  importParts(detect(path, given), path, given, one.take());
  return one.import();
}

TakePart OnePart::take() {
  return [this](ImportedPart&& part) {
    if (part_) throw Error("the file holds many planets, where one is wanted").on(file_);
    part_ = std::move(part);
  };
}

planet::Import OnePart::import() {
  if (!part_) throw internalError("a file gave no part");
  if (part_->refusal) throw Error(*part_->refusal);
  return std::move(part_->import);
}

}  // namespace ecumene::data::formats
