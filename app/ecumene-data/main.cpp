// SPDX-License-Identifier: Apache-2.0
// ecumene-data: makes, imports, lists, checks and solves the data that models are trained on.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>

#include "data/base/error.h"
#include "data/commands/commands.h"
#include "data/commands/json.h"
#include "data/commands/terminal.h"
#include "data/formats/import_child.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

constexpr int kUsage = 2;
constexpr int kInternal = 3;

int exitCode(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInput:
    case ErrorKind::kCancelled:
      return 1;
    case ErrorKind::kUsage:
      return kUsage;
    case ErrorKind::kEnvironment:
    case ErrorKind::kInternal:
      return kInternal;
  }
  return kInternal;
}

void report(const Error& error, bool json) {
  fmt::print(stderr, "ecumene-data: {}\n", error.what());
  if (json) {
    const commands::Json object = {{"error",
                                    {{"what", error.failure()},
                                     {"object", error.object()},
                                     {"expected", error.expectation()},
                                     {"found", error.finding()},
                                     {"next", error.nextStep()}}}};
    fmt::print("{}\n", commands::printed(object));
  }
}

std::map<std::string, std::string> keyValues(const std::vector<std::string>& words) {
  std::map<std::string, std::string> set;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw Error("not a setting", ErrorKind::kUsage).on("--set " + word).expected("KEY=VALUE, as in units.depth=ppm");
    }
    if (!set.emplace(word.substr(0, equals), word.substr(equals + 1)).second) {
      throw Error("the key is given twice", ErrorKind::kUsage).on("--set " + word);
    }
  }
  return set;
}

std::uint64_t wholeNumber(const std::string& option, const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) {
    throw Error("not a whole number", ErrorKind::kUsage).on(option + " " + text).expected("0 to 18446744073709551615");
  }
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  if (formats::isImportChild(argc, argv)) return formats::importChildMain(argc, argv);

  CLI::App app{"Makes, imports, lists, checks and solves the planets that Ecumene trains on."};
  app.set_version_flag("--version", ECUMENE_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(
      "Exit codes: 0 all done; 1 some refused, or cancelled; 2 usage; 3 internal, or the machine's fault (disk, "
      "permission).");

  commands::Common common;
  std::string store;
  app.add_flag("--json", common.json, "Print results as JSON on stdout");
  app.add_option("--store", store, "Folder of the store (default: $ECUMENE_STORE, else the user's data folder)");
  app.add_option("--threads", common.threads, "Threads for heavy work; 0: one per core")->check(CLI::Range(0U, 1024U));

  std::function<int()> run;

  std::uint64_t planets = 512;
  std::string seed = "42";
  CLI::App* generate = app.add_subcommand("generate", "Make generated planets; those already in the store are kept");
  generate->add_option("--planets", planets, "How many planets")
      ->check(CLI::Range(1U, 10000000U))
      ->capture_default_str();
  generate->add_option("--seed", seed, "Seed: the same seed gives the same bytes")->capture_default_str();
  generate->callback([&] { run = [&] { return commands::generate(common, planets, wholeNumber("--seed", seed)); }; });

  std::vector<std::string> paths;
  std::vector<std::string> set;
  CLI::App* import = app.add_subcommand("import", "Read files or folders into the store, each whole or not at all");
  import->add_option("paths", paths, "Files or folders")->required();
  import
      ->add_option("--set", set,
                   "Settle what a file does not say: KEY=VALUE (units.depth=ppm, planet=NAME); repeatable")
      ->allow_extra_args(false);
  import->callback([&] {
    run = [&] {
      return commands::importFiles(common, {paths.begin(), paths.end()}, keyValues(set));
};
});

app.add_subcommand("list", "All planets with regime, labels and parts, and the shares of the set")->callback([&] {
  run = [&] { return commands::list(common); };
});

std::string id;
CLI::App* show = app.add_subcommand("show", "One planet: scalars, variables, labels, spectra, networks, provenance");
show->add_option("id", id, "Id of a planet")->required();
show->callback([&] { run = [&] { return commands::show(common, id); }; });

app.add_subcommand("check", "Read every byte again: checksums, catalogue, quality checks")->callback([&] {
  run = [&] { return commands::check(common); };
});
app.add_subcommand("splits", "How many planets and systems each split holds")->callback([&] {
  run = [&] { return commands::splits(common); };
});

CLI::App* remove = app.add_subcommand("remove", "Take a planet out of the store");
remove->add_option("id", id, "Id of a planet")->required();
remove->callback([&] { run = [&] { return commands::remove(common, id); }; });

commands::FbaOptions flux;
CLI::App* fba = app.add_subcommand("fba", "Flux balance of a network file, or of a stored network (ID or ID:NETWORK)");
fba->add_option("network", flux.fileOrId, "An SBML file, or an id")->required();
fba->add_option("--knockout", flux.knockOuts, "Reaction to delete; repeatable")->allow_extra_args(false);
fba->add_option("--gene-knockout", flux.geneKnockOuts, "Gene to delete; repeatable")->allow_extra_args(false);
fba->add_option("--bound", flux.bounds, "Bounds of a reaction: ID=lo:hi; repeatable")->allow_extra_args(false);
fba->add_flag("--pfba", flux.parsimonious, "Among the optima, the one of least total flux");
fba->callback([&] { run = [&] { return commands::fba(common, flux); }; });

try {
  app.parse(argc, argv);
} catch (const CLI::ParseError& error) {
  return app.exit(error) == 0 ? 0 : kUsage;
}

try {
  common.store = store.empty() ? commands::defaultStore() : std::filesystem::path(store);
  common.stop = commands::stopOnSignals();
  const int code = run();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw Error("cannot write the results to standard output", ErrorKind::kEnvironment)
        .next("is the disk full, or the pipe closed?");
  }
  return code;
} catch (const Error& error) {
  report(error, common.json);
  return exitCode(error.kind());
} catch (const std::exception& error) {
  report(internalError(error.what()), common.json);
  return kInternal;
}
}
