// SPDX-License-Identifier: Apache-2.0
#include "app/ecumene-data/words.h"

#include <algorithm>
#include <map>
#include <span>
#include <sstream>
#include <utility>

#include "app/program.h"
#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/registry.h"
#include "data/physics/generator/generator.h"

namespace ecumene::ecumene_data {
namespace {

namespace commands = data::commands;

std::map<std::string, std::string> keyValues(const std::vector<std::string>& settings) {
  std::map<std::string, std::string> set;
  for (const std::string& word : settings) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw Error("not a setting", ErrorKind::kUsage).on("--set " + word).expected("KEY=VALUE, as in units.depth=ppm");
    }
    if (equals + 1 == word.size()) throw Error("the setting has no value", ErrorKind::kUsage).on("--set " + word);
    if (!set.emplace(word.substr(0, equals), word.substr(equals + 1)).second) {
      throw Error("the key is given twice", ErrorKind::kUsage).on("--set " + word);
    }
  }
  return set;
}

/// Every word has these too, so that its --help shows them and they may stand before or after it.
void addCommonOptions(CLI::App& app, Words& words) {
  app.add_flag("--json", words.common.json, "Print results as JSON on stdout");
  app.add_option("--store", words.store, "Folder of the store (default: $ECUMENE_STORE, else the user's data folder)")
      ->check(app::namedPath("DIR"));
  app.add_option("--threads", words.common.threads, "Threads for heavy work; 0: one per core")
      ->check(CLI::Range(0U, 1024U));
}

CLI::App& addWord(CLI::App& app, Words& words, const char* name, const char* what, std::function<int()> run) {
  CLI::App& word = *app.add_subcommand(name, what);
  addCommonOptions(word, words);
  word.callback([&words, run = std::move(run)] { words.run = run; });
  return word;
}

void addGenerate(CLI::App& app, Words& w) {
  CLI::App& word = addWord(app, w, "generate", "Make generated planets; those already in the store are kept",
                           [&w] { return commands::generate(w.common, w.planets, w.seed, w.epochs); });
  word.add_option("--planets", w.planets, "How many planets")->check(CLI::Range(1U, 10000000U))->capture_default_str();
  word.add_option("--seed", w.seed, "Seed: the same seed gives the same bytes")
      ->check(app::wholeNumber())
      ->capture_default_str();
  word.add_option("--epochs", w.epochs, "Ages of the star that each climate is solved at; the last is the present")
      ->check(CLI::Range(std::size_t{1}, data::physics::generator::kMostEpochs))
      ->capture_default_str();
}

std::vector<std::filesystem::path> pathsOf(const Words& w) {
  std::vector<std::filesystem::path> paths(w.paths.begin(), w.paths.end());
  if (!w.list.empty()) {
    constexpr std::size_t kLargestList = std::size_t{256} << 20U;
    std::istringstream lines(readFile(w.list, kLargestList));
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      if (line.find('\0') != std::string::npos) {
        throw Error("a name in the list holds a zero byte", ErrorKind::kUsage)
            .on(w.list + ": line " + std::to_string(number))
            .expected("one name a line");
      }
      if (!line.empty()) paths.emplace_back(line);
    }
  }
  if (paths.empty()) throw Error("nothing is to be imported", ErrorKind::kUsage).next("name files or folders");
  return paths;
}

/// Keys of --set, those of one meaning on one line.
std::string keyLines(std::span<const data::formats::OptionInfo> options) {
  std::vector<std::pair<std::string_view, std::string>> lines;  // by meaning
  for (const data::formats::OptionInfo& option : options) {
    auto line = std::find_if(lines.begin(), lines.end(), [&](const auto& l) { return l.first == option.meaning; });
    if (line == lines.end()) line = lines.insert(lines.end(), {option.meaning, ""});
    line->second += (line->second.empty() ? "" : ", ") + std::string(option.key);
  }
  std::string text;
  for (const auto& [meaning, keys] : lines) text += "      " + keys + ": " + std::string(meaning) + "\n";
  return text;
}

/// What is read, and what may be settled by --set.
std::string formatList() {
  std::string text = "Formats, with their keys of --set\n  all\n" + keyLines(data::formats::commonOptions());
  for (const data::formats::Format& format : data::formats::formats()) {
    text += "  " + std::string(format.name) + ": " + std::string(format.reads) + "\n" + keyLines(format.options);
  }
  return text;
}

void addImport(CLI::App& app, Words& w) {
  CLI::App& word = addWord(app, w, "import", "Read files or folders into the store, each whole or not at all",
                           [&w] { return commands::importFiles(w.common, pathsOf(w), keyValues(w.settings)); });
  word.add_option("paths", w.paths, "Files or folders")->check(app::namedPath("PATH"));
  word.add_option("--list", w.list, "A file with more of them, one a line");
  word.add_option("--set", w.settings,
                  "Settle what a file does not say: KEY=VALUE (units.depth=ppm, planet=NAME); repeatable")
      ->allow_extra_args(false);
  word.footer(formatList);
}

void addList(CLI::App& app, Words& w) {
  addWord(app, w, "list", "All planets with regime, labels and parts, and the shares of the set",
          [&w] { return commands::list(w.common); });
}

void addShow(CLI::App& app, Words& w) {
  CLI::App& word =
      addWord(app, w, "show", "One planet: scalars, truth, variables, labels, spectra, networks, provenance",
              [&w] { return commands::show(w.common, w.id); });
  word.add_option("id", w.id, "Id of a planet, or a name that catalogues or texts have")->required();
}

void addExport(CLI::App& app, Words& w) {
  CLI::App& word = addWord(app, w, "export", "Write a planet as NetCDF, SBML, ECSV, JSON lines and CSV",
                           [&w] { return commands::exportFiles(w.common, w.id, w.folder, w.force); });
  word.add_option("id", w.id, "Id of a planet")->required();
  word.add_option("--to", w.folder, "Folder in which the folder ID is made, whole or not at all")
      ->required()
      ->check(app::namedPath("DIR"));
  word.add_flag("--force", w.force, "Replace the folder ID that is there, if it holds nothing but an export");
}

void addCheck(CLI::App& app, Words& w) {
  addWord(app, w, "check", "Read every byte again: checksums, catalogue, quality checks",
          [&w] { return commands::check(w.common); });
}

void addSplits(CLI::App& app, Words& w) {
  addWord(app, w, "splits", "How many planets and systems each split holds",
          [&w] { return commands::splits(w.common); });
}

void addRemove(CLI::App& app, Words& w) {
  CLI::App& word =
      addWord(app, w, "remove", "Take a planet out of the store", [&w] { return commands::remove(w.common, w.id); });
  word.add_option("id", w.id, "Id of a planet")->required();
}

void addFba(CLI::App& app, Words& w) {
  CLI::App& word = addWord(app, w, "fba", "Flux balance of a network file, or of a stored network (ID or ID:NETWORK)",
                           [&w] { return commands::fba(w.common, w.flux); });
  word.add_option("network", w.flux.fileOrId, "An SBML file, a planet's id, or ID:NETWORK as `show` lists them")
      ->required();
  word.add_option("--knockout", w.flux.knockOuts, "Reaction to delete; repeatable")->allow_extra_args(false);
  word.add_option("--gene-knockout", w.flux.geneKnockOuts, "Gene to delete; repeatable")->allow_extra_args(false);
  word.add_option("--bound", w.flux.bounds, "Bounds of a reaction: ID=lo:hi; repeatable")->allow_extra_args(false);
  word.add_flag("--pfba", w.flux.parsimonious, "Among the optima, the one of least total flux");
}

}  // namespace

void addWords(CLI::App& app, Words& words) {
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 all done; 1 some refused, or cancelled; 2 usage; 3 internal, or the machine's fault (disk, "
      "permission, a limit of the shell).");
  addCommonOptions(app, words);
  addGenerate(app, words);
  addImport(app, words);
  addList(app, words);
  addShow(app, words);
  addExport(app, words);
  addCheck(app, words);
  addSplits(app, words);
  addRemove(app, words);
  addFba(app, words);
}

}  // namespace ecumene::ecumene_data
