// SPDX-License-Identifier: Apache-2.0
#include "data/formats/registry.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/formats/exoplasim.h"
#include "data/formats/nasa_csv.h"
#include "data/formats/sbml.h"
#include "data/formats/spectrum_table.h"
#include "data/formats/text_jsonl.h"

namespace ecumene::data::formats {
namespace {

// One line per format. Signatures come before formats that are recognised by their columns.
const std::vector<Format>& table() {
  static const std::vector<Format> list{
      exoplasimFormat(), sbmlFormat(), nasaCsvFormat(), textJsonlFormat(), spectrumTableFormat(),
  };
  return list;
}

constexpr std::array<OptionInfo, 3> kCommonOptions{{
    {"format", "name of the format, where content and name do not settle it"},
    {"planet", "name of the planet that the file describes"},
    {"licence", "licence of the file, kept with the data"},
}};

std::string readHead(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) throw systemError("cannot open the file", path.string(), errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw systemError("cannot inspect the file", path.string(), errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error("this is not a plain file").on(path.string()).next("name the files inside a folder one by one");
  }
  std::string head(kHeadBytes, '\0');
  std::size_t size = 0;
  while (size < head.size()) {
    const ssize_t got = ::read(file.get(), head.data() + size, head.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw systemError("cannot read the file", path.string(), errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  head.resize(size);
  return head;
}

std::string formatNames() {
  std::string names;
  for (const Format& format : formats()) names += (names.empty() ? "" : ", ") + std::string(format.name);
  return names;
}

bool reads(std::span<const OptionInfo> options, std::string_view key) {
  return std::any_of(options.begin(), options.end(), [&](const OptionInfo& option) { return key == option.key; });
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
    const bool known = reads(kCommonOptions, key) || std::any_of(formats().begin(), formats().end(),
                                                                 [&](const auto& f) { return reads(f.options, key); });
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
  const std::string head = readHead(path);
  if (head.empty()) throw Error("the file is empty").on(path.filename().string());
  if (const std::string* name = options.find("format"); name != nullptr) {
    return *std::find_if(formats().begin(), formats().end(), [&](const Format& f) { return f.name == *name; });
  }
  std::vector<const Format*> possible;
  std::string tried;
  for (const Format& format : formats()) {
    const Sniff sniff = format.sniff(path, head);
    if (sniff.match == Match::kCertain) return format;
    if (sniff.match == Match::kPossible) possible.push_back(&format);
    tried += (tried.empty() ? "" : "; ") + std::string(format.name) + ": " + sniff.why;
  }
  if (possible.size() == 1) return *possible.front();
  Error error(possible.empty() ? "no format fits the file" : "several formats fit the file");
  error.on(path.filename().string()).found(tried).next("name it with --set format=NAME, one of " + formatNames());
  throw error;
}

planet::Import importFile(const std::filesystem::path& path, const ImportOptions& options) {
  const Format& format = detect(path, options);
  planet::Import import;
  try {
    import = format.read(path, options);
    import.kind = format.kind;
    planet::validate(import.planet);
  } catch (Error& error) {
    if (error.object().empty()) error.on(path.filename().string());
    throw error.within("while reading " + path.filename().string() + " as " + std::string(format.name));
  }
  planet::Provenance& provenance = import.provenance;
  provenance.part = std::string(planet::name(format.kind));
  provenance.source = path.filename().string();
  provenance.sha256 = sha256OfFile(path);
  provenance.generator = "ecumene importer " + std::string(format.name);
  provenance.assumptions = import.assumptions;
  if (const std::string* licence = options.find("licence"); licence != nullptr) provenance.licence = *licence;
  const bool hasPlanet = import.entries.empty() && import.texts.empty();
  if (hasPlanet) import.planet.provenance.push_back(provenance);
  return import;
}

}  // namespace ecumene::data::formats
