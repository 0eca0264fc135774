// SPDX-License-Identifier: Apache-2.0
#include "app/ecumene-train/words.h"

#include <utility>

#include "app/program.h"
#include "data/base/error.h"
#include "data/base/say.h"

namespace ecumene::ecumene_train {
namespace {

CLI::App& addWord(CLI::App& app, Words& words, const char* name, const char* what, std::function<int()> run) {
  CLI::App& word = *app.add_subcommand(name, what);
  word.add_flag("--json", words.json, "Print results as JSON on stdout");
  word.callback([&words, run = std::move(run)] { words.run = run; });
  return word;
}

CLI::App& addRunWord(CLI::App& app, Words& words, const char* name, const char* what, std::function<int()> run) {
  CLI::App& word = addWord(app, words, name, what, std::move(run));
  word.add_option("run", words.folder, "Folder of the run")->required();
  return word;
}

/// A word that asks a run's weights something.
CLI::App& addAskingWord(CLI::App& app, Words& words, const char* name, const char* what, std::function<int()> run) {
  CLI::App& word = addWord(app, words, name, what, std::move(run));
  word.add_option("run", words.asked.folder, "Folder of the run")->required();
  return word;
}

/// Where it is asked. What the machine decides is said on stderr, beside progress.
void addPlace(CLI::App& word, Words& words) {
  words.asked.place.say = [](const std::string& line) { say("ecumene-train: " + line + "\n"); };
  word.add_option("--device", words.asked.place.device,
                  "cpu, cuda, cuda:N, or auto: the run's own where there is such a GPU, else the CPU")
      ->capture_default_str();
  word.add_option("--data", words.asked.place.store,
                  "Folder of the run's store, where it is no longer where the run learned from it");
}

void addSettings(CLI::App& word, Words& words) {
  word.add_option("--set", words.settings, "An option of the run: KEY=VALUE (train.lr=2e-4); repeatable")
      ->allow_extra_args(false);
}

/// What an option of the command line says is not said by --set too.
void refuse(const std::vector<std::string>& settings, const std::string& key, const char* option) {
  for (const std::string& setting : settings) {
    if (!setting.starts_with(key + "=")) continue;
    throw Error("the command says twice what this option is", ErrorKind::kUsage)
        .on("--set " + setting)
        .expected(std::string(option) + " alone")
        .next("leave out this --set");
  }
}

void addTraining(CLI::App& app, Words& w) {
  CLI::App& make = addWord(app, w, "new", "Make a run of a preset on a store", [&w] {
    refuse(w.settings, "data.store", "--data");
    return newRun(w.json, w.preset, w.store, w.folder, w.settings);
  });
  make.add_option("--preset", w.preset, "Which options to begin with: nano, demo, base, full")->required();
  make.add_option("--data", w.store, "Folder of the store")->required()->check(app::namedPath("DIR"));
  make.add_option("--out", w.folder, "Folder of the run; absent or empty")->required()->check(app::namedPath("DIR"));
  addSettings(make, w);
  for (const bool resume : {false, true}) {
    CLI::App& word = addRunWord(
        app, w, resume ? "resume" : "run",
        resume ? "Go on with a run from its newest checkpoint" : "Train a new run, then evaluate it", [&w, resume] {
          return train({w.folder, resume, w.plain, w.json, !w.noEvaluation});
        });
    word.add_flag("--plain", w.plain, "Lines in place of a progress bar");
    word.add_flag("--no-eval", w.noEvaluation, "Leave out the evaluation after the last epoch");
  }
}

void addAdaptation(CLI::App& app, Words& w) {
  CLI::App& word =
      addWord(app, w, "adapt", "Train the language part of a run, or of a Hugging Face folder, on a text file", [&w] {
        refuse(w.settings, "data.corpus", "--corpus");
        refuse(w.settings, "train.begin", "the run, or --hf,");
        w.adaptation.settings = w.settings;
        w.adaptation.json = w.json;
        return adapt(w.adaptation);
      });
  CLI::Option* const run = word.add_option("run", w.adaptation.run, "Folder of the run it begins with");
  word.add_option("--hf", w.adaptation.huggingFace, "Folder with config.json, safetensors and tokenizer.model")
      ->excludes(run);
  word.add_option("--corpus", w.adaptation.corpus,
                  "Plain text with empty lines between texts, or .jsonl with title and summary; a tenth is held out")
      ->required();
  word.add_option("--out", w.adaptation.out, "Folder of the new run; absent or empty")
      ->required()
      ->check(app::namedPath("DIR"));
  addSettings(word, w);
  word.add_flag("--plain", w.adaptation.plain, "Lines in place of a progress bar");
}

void addQuestions(CLI::App& app, Words& w) {
  CLI::App& evaluation = addAskingWord(app, w, "eval", "Evaluate a run's best weights and write its report",
                                       [&w] { return evaluate(w.json, w.asked, w.splits, !w.noAblation); });
  addPlace(evaluation, w);
  evaluation
      .add_option("--split", w.splits, "train, validation, test, real or observed; repeatable (default: all but train)")
      ->allow_extra_args(false);
  evaluation.add_flag("--no-ablation", w.noAblation, "Leave out the table over all subsets of the views");
  CLI::App& question = addAskingWord(app, w, "predict", "What the run's best weights say of a planet",
                                     [&w] { return predict(w.json, w.asked, w.prediction); });
  addPlace(question, w);
  question.add_option("--planet", w.prediction.planet, "Id of a planet of the run's store, or all")
      ->capture_default_str();
  question
      .add_option("--without", w.prediction.without,
                  "Hide a view: climate, graph, spectrum, text or scalars; repeatable")
      ->allow_extra_args(false);
  question.add_flag("--fluxes", w.prediction.fluxes,
                    "Also the fluxes that the graph part estimates for the reactions of each network");

  CLI::App& sampled = addAskingWord(app, w, "sample", "Draw metabolic networks from a run's graph part and judge them",
                                    [&w] { return sample(w.json, w.asked, w.networks, w.seed); });
  addPlace(sampled, w);
  sampled.add_option("--networks", w.networks, "How many")->check(CLI::Range(1, 100000))->capture_default_str();
  sampled.add_option("--seed", w.seed, "Same seed, same networks")->check(app::wholeNumber())->capture_default_str();
}

void addInspection(CLI::App& app, Words& w) {
  CLI::App& attention = addAskingWord(app, w, "attend", "What a token attends to, and what attends to it",
                                      [&w] { return attend(w.json, w.asked, w.planet, w.attention); });
  addPlace(attention, w);
  attention.add_option("--planet", w.planet, "Id of a planet of the run's store")->required();
  attention.add_option("--archetype", w.attention.archetype, "Which metabolism (default: the planet's first)");
  attention.add_option("--part", w.attention.part, "climate, graph, spectrum, language or fusion")
      ->capture_default_str();
  attention.add_option("--layer", w.attention.layer, "A number from 0, or rollout: all layers together")->required();
  attention.add_option("--head", w.attention.head, "A number from 0, or mean")->capture_default_str();
  attention.add_option("--token", w.attention.token, "Number of the token, in the list that the answer gives")
      ->required();

  CLI::App& text = addAskingWord(app, w, "explain", "Text that the run writes about a planet, its numbers checked",
                                 [&w] { return explain(w.json, w.asked, w.planet, w.archetype, w.explainTokens); });
  addPlace(text, w);
  text.add_option("--planet", w.planet, "Id of a planet of the run's store")->required();
  text.add_option("--archetype", w.archetype, "Which metabolism (default: the planet's first)");
  text.add_option("--tokens", w.explainTokens, "At most so many tokens")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();

  CLI::App& questions =
      addAskingWord(app, w, "inspect", "Answer questions on stdin, a line of JSON each, until it ends",
                    [&w] { return w.need ? inspectionNeed(w.json, w.asked) : inspect(w.asked, w.whole); });
  addPlace(questions, w);
  questions.add_flag("--whole", w.whole, "Every array in its answer's line: no files");
  questions.add_flag("--need", w.need, "Print the bytes of memory that it takes, and answer nothing");
}

void addLanguage(CLI::App& app, Words& w) {
  CLI::App& folder = addRunWord(app, w, "export", "Write a run's language part as a Hugging Face folder",
                                [&w] { return exportLanguage(w.json, w.folder, w.out); });
  folder.add_option("--out", w.out, "The folder to write; absent or empty")->required()->check(app::namedPath("DIR"));
  CLI::App& logit = addWord(app, w, "logits", "Logits behind a sequence of tokens, of a Hugging Face folder",
                            [&w] { return logits(w.generation.folder, w.ids); });
  logit.add_option("--hf", w.generation.folder, "Folder with config.json and safetensors")->required();
  logit.add_option("--ids", w.ids, "Tokens: 1,2,3")->required();
  CLI::App& text = addWord(app, w, "generate", "Text that a language model writes behind a prompt",
                           [&w] { return generate(w.json, w.generation, w.asked.place); });
  addPlace(text, w);
  text.add_option("--hf", w.generation.folder, "A Hugging Face folder, or a run")->required();
  text.add_option("--prompt", w.generation.prompt, "What it goes on from")->required();
  text.add_option("--tokens", w.generation.tokens, "At most so many new tokens")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  text.add_option("--temperature", w.generation.temperature, "0: always the likeliest token")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  text.add_option("--top-p", w.generation.topP, "Draw among the likeliest tokens that hold this share")
      ->check(CLI::Range(1e-6, 1.0))
      ->capture_default_str();
  text.add_option("--seed", w.generation.seed, "Same seed, same text")
      ->check(app::wholeNumber())
      ->capture_default_str();
}

void addReference(CLI::App& app, Words& w) {
  CLI::App& count =
      addWord(app, w, "params", "Count a preset's parameters by part, and their memory, without making them",
              [&w] { return countParameters(w.json, w.preset, w.settings); });
  count.add_option("--preset", w.preset, "Which preset")->required();
  addSettings(count, w);
  CLI::App& timing =
      addWord(app, w, "measure", "Make a few steps of a preset on a store, and say how long one takes", [&w] {
        refuse(w.settings, "data.store", "--data");
        w.measurement.preset = w.preset;
        w.measurement.store = w.store;
        w.measurement.scratch = w.folder;
        w.measurement.settings = w.settings;
        return measure(w.json, w.measurement);
      });
  timing.add_option("--preset", w.preset, "Which preset")->required();
  timing.add_option("--data", w.store, "Folder of the store")->required()->check(app::namedPath("DIR"));
  timing.add_option("--scratch", w.folder, "A folder to work in; absent or empty; it is removed")->required();
  timing.add_option("--steps", w.measurement.steps, "How many steps are timed")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  addSettings(timing, w);
  addWord(app, w, "options", "Every option of a run", [&w] { return options(w.json); });
}

}  // namespace

void addWords(CLI::App& app, Words& words) {
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done; 1 refused (what is named is not there, damaged or in use; no such layer, head or token) or\n"
      "interrupted; 2 the command line is wrong, its --set too; 3 internal, or the machine's fault (disk, memory, "
      "GPU).");
  addTraining(app, words);
  addAdaptation(app, words);
  addQuestions(app, words);
  addInspection(app, words);
  addLanguage(app, words);
  addReference(app, words);
}

}  // namespace ecumene::ecumene_train
