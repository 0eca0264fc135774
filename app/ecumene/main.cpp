// SPDX-License-Identifier: GPL-3.0-or-later
// ecumene: the workstation.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>

#include "app/ecumene/program.h"
#include "app/edge.h"
#include "data/base/error.h"
#include "ui/client/ssh_questions.h"

int main(int argc, char** argv) {
  using namespace ecumene;
  app::openStandardStreams();
  // ssh runs us once more to ask a question of the window.
  if (const char* asking = std::getenv(ui::client::SshQuestions::kVariable); asking != nullptr && argc == 2) {
    return ui::client::askAnotherProcess(asking, argv[1]);
  }
  ecumene_app::Words words;
  CLI::App parser{"Ecumene's workstation: planets, and models that learn from them."};
  parser.set_version_flag("--version", ECUMENE_VERSION);
  parser.add_option("--store", words.store, "Folder of planets that is opened");
  parser.add_option("--runs", words.runs, "Folder whose sub-folders are runs");
  auto* snapshot = parser.add_option("--snapshot", words.snapshot,
                                     "Draw a workspace to a file and end: welcome, runs, climate, data");
  parser
      .add_option("--launch", words.launch,
                  "NAME=PRESET: train this preset as a run of this name; one that was killed or interrupted goes on, "
                  "others stay")
      ->excludes(snapshot);
  struct {
    const char* word;
    std::string& value;
    const char* sentence;
  } const rows[] = {
      {"--of", words.of,
       "With --snapshot: id of what is drawn: a planet for climate, which needs one, and data; a run for runs"},
      {"--out", words.out, "With --snapshot: the PNG file"},
      {"--dock", words.dock, "With --snapshot: a panel in front of the others: runsMachine, dataJobs, ..."},
      {"--view", words.view, "With --snapshot: the workspace's view state, JSON (as sessions keep it)"}};
  for (const auto& row : rows) parser.add_option(row.word, row.value, row.sentence)->needs(snapshot);
  parser.add_option("--size", words.size, "Size of the window: 1280x800");
  parser.add_option("--theme", words.theme, "system, light or dark, this time")
      ->check(CLI::IsMember({"system", "light", "dark"}));
  parser.footer("Exit codes: 0 done; 1 refused; 2 usage; 3 internal, or the machine's fault.");
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parser.exit(error) == 0 ? 0 : app::kUsage;
  }
  try {
    return ecumene_app::runDesktop(argc, argv, words);
  } catch (const Error& error) {
    return app::report("ecumene", error, false);
  } catch (const std::exception& error) {
    return app::report("ecumene", internalError(error.what()), false);
  }
}
