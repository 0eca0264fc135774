// SPDX-License-Identifier: Apache-2.0
#include "app/ecumenectl/words.h"

#include <array>
#include <utility>

namespace ecumene::ecumenectl {
namespace {

CLI::App& addWord(CLI::App& app, Words& words, const char* name, const char* what, std::function<int()> run) {
  CLI::App& word = *app.add_subcommand(name, what);
  word.add_flag("--json", words.common.json, "Print results as JSON on stdout");
  word.callback([&words, run = std::move(run)] { words.run = run; });
  return word;
}

void addDaemon(CLI::App& app, Words& w) {
  CLI::App& daemon = *app.add_subcommand("daemon", "Start the daemon, stop it, or see what it is");
  daemon.require_subcommand(1);
  CLI::App& start = addWord(daemon, w, "start", "Start the daemon; the words behind -- are ecumened's",
                            [&w] { return startDaemon(w.common, w.ids); });
  start.add_option("words", w.ids, "--runs DIR, --store ID=DIR, ...");
  addWord(daemon, w, "stop", "End the daemon; runs go on", [&w] { return stopDaemon(w.common); });
  addWord(daemon, w, "status", "Who serves", [&w] { return showDaemon(w.common); });
}

void addLaunch(CLI::App& app, Words& w) {
  CLI::App& launchWord = addWord(app, w, "launch", "Make a run and start it, or queue it where its slot is taken",
                                 [&w] { return launch(w.common, w.launch); });
  launchWord.add_option("--preset", w.launch.preset, "Which options to begin with: nano, demo, base, full")->required();
  launchWord.add_option("--name", w.launch.run, "Id of the run (default: from preset and time)");
  launchWord.add_option("--store", w.launch.store, "Id of a store of the daemon (default: its only one)");
  launchWord.add_option("--slot", w.launch.slot, "cpu, gpu:0 or gpu:0,1 (default: gpu:0, without a GPU cpu)");
  launchWord.add_option("--set", w.launch.settings, "An option of the run: KEY=VALUE; repeatable")
      ->allow_extra_args(false);
  launchWord.add_option("--begin-with", w.launch.beginWith, "A run whose trained parts it begins with; repeatable")
      ->allow_extra_args(false);
  launchWord.add_flag("--no-eval", w.launch.noEvaluation, "Leave out the evaluation after the last epoch");
}

void addAsking(CLI::App& app, Words& w) {
  struct Row {
    const char *word, *what, *argument;
  };
  static constexpr std::array<Row, 6> kRows{
      {{"pause", "Pause a run at its next step", nullptr},
       {"resume", "Go on with a run that is paused, or start one that has ended from its newest checkpoint", nullptr},
       {"stop", "End a run behind a checkpoint, or take it from the queue", nullptr},
       {"checkpoint", "Write a checkpoint now", nullptr},
       {"extend", "More epochs for a run", "epochs=+2 for two more, epochs=12 for twelve in all"},
       {"set", "Change an option while the run goes on", "KEY=VALUE of a live option"}}};
  for (const Row& row : kRows) {
    CLI::App& word = addWord(app, w, row.word, row.what, [&w, name = std::string(row.word)] {
      return ask(w.common, w.id, name, w.argument, w.wait);
    });
    word.add_option("run", w.id, "Id of the run")->required();
    if (row.argument != nullptr) word.add_option("argument", w.argument, row.argument)->required();
    word.add_option("--wait", w.wait, "Seconds to wait for the trainer's answer")
        ->check(CLI::Range(0.0, 60.0))
        ->capture_default_str();
  }
}

void addLooking(CLI::App& app, Words& w) {
  addWord(app, w, "runs", "All runs", [&w] { return listRuns(w.common); });
  addWord(app, w, "show", "One run: state, checkpoints, commands, options", [&w] { return showRun(w.common, w.id); })
      .add_option("run", w.id, "Id of the run")
      ->required();
  CLI::App& watching = addWord(app, w, "watch", "All runs, or the metrics of one, as they come",
                               [&w] { return watch(w.common, w.id, w.once); });
  watching.add_option("run", w.id, "Id of the run");
  watching.add_flag("--once", w.once, "As it is now");
  addWord(app, w, "compare", "Runs beside each other, and the options that differ",
          [&w] { return compare(w.common, w.ids); })
      .add_option("runs", w.ids, "Ids of two or more runs")
      ->required()
      ->expected(2, 50);
  addWord(app, w, "options", "Every option of a preset", [&w] { return listOptions(w.common, w.preset); })
      .add_option("--preset", w.preset, "nano, demo, base or full")
      ->required();
  CLI::App& exporting = addWord(app, w, "export-metrics", "Write all metrics of a run",
                                [&w] { return exportMetrics(w.common, w.id, w.format, w.out); });
  exporting.add_option("run", w.id, "Id of the run")->required();
  exporting.add_option("--format", w.format, "csv: a file with step,time,name,value; tensorboard: a folder")
      ->check(CLI::IsMember({"csv", "tensorboard"}))
      ->capture_default_str();
  exporting.add_option("--out", w.out, "File or folder")->required();
}

}  // namespace

void addWords(CLI::App& app, Words& words) {
  app.require_subcommand(1);
  app.add_option("--socket", words.common.socket, "The daemon's socket (default: this user's)");
  app.footer("Exit codes: 0 done; 1 refused; 2 usage; 3 internal, no daemon, or the machine's fault (disk, memory).");
  addDaemon(app, words);
  addLaunch(app, words);
  addAsking(app, words);
  addLooking(app, words);
}

}  // namespace ecumene::ecumenectl
