// SPDX-License-Identifier: Apache-2.0
#include "app/ecumenectl/words.h"

#include <fmt/format.h>

#include <array>
#include <tuple>
#include <utility>

#include "app/program.h"
#include "data/formats/registry.h"

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

  CLI::App& attachWord = addWord(app, w, "attach", "Reach the daemon of another machine by ssh, until Ctrl-C",
                                 [&w] { return attach(w.common, w.attach); });
  attachWord.add_option("host", w.attach.host, "What ssh takes: a host of ~/.ssh/config, or user@host")->required();
  attachWord.add_option("--program", w.attach.program, "ecumenectl over there: on its PATH, or a path")
      ->capture_default_str();
  attachWord.add_option("--ssh-config", w.attach.sshConfig, "What ssh reads in place of ~/.ssh/config")
      ->check(CLI::ExistingFile);
}

constexpr const char* kSlots = "cpu, gpu:0, slurm or slurm:PARTITION (default: gpu:0, without a GPU cpu)";

void addLaunch(CLI::App& app, Words& w) {
  CLI::App& launchWord = addWord(app, w, "launch", "Make a run and start it, or queue it where its slot is taken",
                                 [&w] { return launch(w.common, w.launch); });
  launchWord.add_option("--preset", w.launch.preset, "Which options to begin with: nano, demo, base, full")->required();
  launchWord.add_option("--name", w.launch.run, "Id of the run (default: from preset and time)");
  launchWord.add_option("--store", w.launch.store, "Id of a store of the daemon (default: its only one)");
  launchWord.add_option("--slot", w.launch.slot, kSlots);
  launchWord.add_option("--set", w.launch.settings, "An option of the run: KEY=VALUE; repeatable")
      ->allow_extra_args(false);
  launchWord.add_option("--begin-with", w.launch.beginWith, "A run whose trained parts it begins with; repeatable")
      ->allow_extra_args(false);
  launchWord.add_flag("--no-eval", w.launch.noEvaluation, "Leave out the evaluation after the last epoch");

  CLI::App& planWord = addWord(app, w, "plan", "What a launch would train and need, and how long its steps take",
                               [&w] { return plan(w.common, w.plan); });
  planWord.add_option("--preset", w.plan.preset, "As of launch")->required();
  planWord.add_option("--store", w.plan.store, "As of launch");
  planWord.add_option("--slot", w.plan.slot, kSlots);
  planWord.add_option("--set", w.plan.settings, "As of launch")->allow_extra_args(false);
  planWord.add_flag("--measure", w.plan.measure, "First make a few steps of it there");
  addWord(app, w, "slots", "Where runs can train", [&w] { return listSlots(w.common); });
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
       {"extend", "More epochs for a run, or how many in all", "epochs=+2 for two more, epochs=12 for twelve in all"},
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
  addWord(app, w, "log", "The end of what a run's trainer printed", [&w] { return showLog(w.common, w.id); })
      .add_option("run", w.id, "Run")
      ->required();
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
  exporting
      .add_option("--format", w.format,
                  "csv: a file with step,time,name,value; tensorboard: a folder; wandb: a project")
      ->check(CLI::IsMember({"csv", "tensorboard", "wandb"}))
      ->capture_default_str();
  exporting.add_option("--out", w.out, "File, folder or project")->required();
}

std::string formatLines() {
  std::string lines;
  for (const data::formats::Format& format : data::formats::formats())
    lines += fmt::format("  {:<18} {}\n", format.name, format.reads);
  return lines;
}

void addData(CLI::App& app, Words& w) {
  CLI::App& data = *app.add_subcommand("data", "Planets of the daemon's stores");
  data.require_subcommand(1);
  const char* store = "Id of a store of the daemon (default: its only one)";
  CLI::App& list = addWord(data, w, "list", "Planets of a store", [&w] { return listPlanets(w.common, w.planets); });
  list.add_option("--store", w.planets.store, store);
  list.add_option("--split", w.planets.split, "train, validation, test, real, observed or parts");
  list.add_option("--origin", w.planets.origin, "Where they come from: generated, gcm, observed, ...");
  list.add_option("--star", w.planets.star, "Type of star: M, K, G or F");
  list.add_option("--regime", w.planets.regime, "Climate regime: caps, eyeball, ...");
  list.add_option("--habitable", w.planets.habitable, "yes or no, by the labels")->check(CLI::IsMember({"yes", "no"}));
  for (auto [option, views, what] : {std::tuple{"--with", &w.planets.with, "Only those that have it: "},
                                     std::tuple{"--without", &w.planets.without, "Only those that have it not: "}}) {
    list.add_option(option, *views, std::string(what) + "climate, spectrum or network; may be given again")
        ->allow_extra_args(false)
        ->check(CLI::IsMember({"climate", "spectrum", "network"}));
  }
  list.add_flag("--leave-out-excluded", w.planets.leaveOutExcluded,
                "Not those that checks of quality keep out of training");
  list.add_option("--name", w.planets.name, "Part of a name, alias or id");

  CLI::App& generate = addWord(data, w, "generate", "Make generated planets in a store",
                               [&w] { return generatePlanets(w.common, w.generate); });
  generate.add_option("--store", w.generate.store, store);
  generate.add_option("--planets", w.generate.planets, "How many planets")
      ->check(CLI::Range(1U, 10000000U))
      ->capture_default_str();
  generate.add_option("--seed", w.generate.seed, "Seed: the same seed gives the same bytes")
      ->check(app::wholeNumber())
      ->capture_default_str();
  generate.add_option("--epochs", w.generate.epochs, "Ages of the star that each climate is solved at")
      ->check(CLI::Range(1U, 64U))
      ->capture_default_str();
  generate.add_flag("--no-wait", w.generate.noWait, "Return once the job is begun");

  CLI::App& importing =
      addWord(data, w, "import", "Send files and folders to the daemon, which reads them into a store",
              [&w] { return importFiles(w.common, w.import); });
  importing.add_option("files", w.import.files, "Files or folders")->required()->check(CLI::ExistingPath);
  importing.add_option("--store", w.import.store, store);
  importing.add_option("--set", w.import.settings, "What files do not say: KEY=VALUE; repeatable")
      ->allow_extra_args(false);
  importing.add_flag("--no-wait", w.import.noWait, "Return once the job is begun");
  importing.footer([] { return "Formats (--set format=NAME where a file does not tell):\n" + formatLines(); });

  addWord(app, w, "jobs", "All jobs, or one until its end", [&w] {
    return listJobs(w.common, w.job);
  }).add_option("job", w.job, "Number of the job");
  addWord(app, w, "cancel", "Stop a job; what the store has taken by then stays",
          [&w] { return cancelJob(w.common, w.job); })
      .add_option("job", w.job, "Number of the job")
      ->required();
}

void addCopies(CLI::App& app, Words& w) {
  CLI::App& pulling = addWord(app, w, "pull", "Copy what the daemon has to this machine; repeated, it goes on",
                              [&w] { return pull(w.common, w.copy); });
  pulling.add_option("what", w.copy.what, "RUN, RUN/step-0000001234 (or /newest, /best), STORE or STORE/PLANET")
      ->required();
  pulling.add_option("--to", w.copy.to, "Folder that it becomes, absent or empty; of a planet the store that takes it")
      ->check(app::namedPath("DIR"))
      ->required();
  CLI::App& pushing = addWord(app, w, "push", "Copy what this machine has to the daemon's; repeated, it goes on",
                              [&w] { return push(w.common, w.copy); });
  pushing.add_option("what", w.copy.what, "Folder of a run, of a checkpoint or of a store, or STORE/PLANET")
      ->required();
  pushing.add_option("--to", w.copy.to,
                     "Id of the new run, of the run that takes a checkpoint, or of a store (default: the same name, "
                     "the daemon's only store)");
  CLI::App& mirroring =
      addWord(app, w, "mirror", "Keep a run's journal, newest and best checkpoint and artifacts on this machine too",
              [&w] { return mirror(w.common, w.copy); });
  mirroring.add_option("run", w.copy.what, "Id of the run")->required();
  mirroring.add_option("--to", w.copy.to, "Folder of the mirror; absent, empty, or an earlier mirror of this run")
      ->check(app::namedPath("DIR"))
      ->required();
  mirroring.add_flag(
      "--follow", w.copy.follow,
      "Until the run has ended, over cuts of the connection and whatever the machine or the disk refuse");
}

void addSystem(CLI::App& app, Words& w) {
  addWord(app, w, "system", "CPU, memory, disk and GPUs of the daemon's machine, and the alerts that hold",
          [&w] { return showSystem(w.common); });
  addWord(app, w, "alerts", "What came up, and when it was over", [&w] {
    return listAlerts(w.common, w.rules);
  }).add_flag("--rules", w.rules, "What is looked for");
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
  addData(app, words);
  addModelWords([&](const char* name, const char* what,
                    std::function<int()> run) -> CLI::App& { return addWord(app, words, name, what, std::move(run)); },
                words.common, words.model);
  addCopies(app, words);
  addSystem(app, words);
}

}  // namespace ecumene::ecumenectl
