// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "app/answer_text.h"
#include "app/ecumene-train/commands.h"
#include "app/ecumene-train/result.h"
#include "data/base/error.h"
#include "engine/hf/generation.h"
#include "engine/hf/words.h"
#include "engine/inspect/inspector.h"
#include "engine/inspect/need.h"
#include "engine/inspect/opened_run.h"
#include "engine/train/run_content.h"
#include "engine/train/run_networks.h"
#include "engine/train/runs.h"

namespace ecumene::ecumene_train {
namespace {

using Json = nlohmann::ordered_json;
using app::numberOrWord;
using engine::inspect::OpenedRun;

/// The answer to one question. What is no UTF-8 in it is replaced, and then is no planet's id.
std::string ask(const AskedRun& asked, const Json& question) {
  return engine::inspect::Inspector(asked.folder, asked.place)
      .ask(question.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void printNetworks(const engine::networks::SamplingReport& report) {
  put("{} networks drawn, {} training networks, {} held-out ones\n\n", report.networks.size(), report.learned,
      report.heldOut);
  std::vector<std::pair<const char*, double>> shares = {{"balanced, of their reactions", report.balanced},
                                                        {"feasible", report.feasible},
                                                        {"thermodynamically consistent", report.consistent},
                                                        {"novel", report.novel},
                                                        {"distinct", report.distinct},
                                                        {"F1 with the nearest training network", report.nearestF1}};
  if (report.heldOut > 0) shares.emplace_back("F1 of held-out ones decoded", report.reconstructionF1);
  if (report.recovered > 0) shares.emplace_back("AUROC of removed reactions", report.recoveryAuroc);
  for (const auto& [what, share] : shares) put("{:<38} {:>6.3f}\n", what, share);
  put("\n{:>7} {:>9} {:>8} {:>10} {:>5} {:>10}\n", "network", "reactions", "feasible", "consistent", "novel",
      "nearest F1");
  const auto yes = [](bool is) { return is ? "yes" : "no"; };
  for (std::size_t i = 0; i < report.networks.size(); ++i) {
    const engine::networks::NetworkVerdict& verdict = report.verdicts[i];
    put("{:>7} {:>9} {:>8} {:>10} {:>5} {:>10.3f}\n", i, report.networks[i].size(), yes(verdict.feasible),
        yes(verdict.consistent), yes(verdict.novel), verdict.nearestF1);
  }
  put("The reactions themselves: --json\n");
}

}  // namespace

int sample(bool json, const AskedRun& asked, std::int64_t networks, std::uint64_t seed) {
  OpenedRun opened(asked.folder, asked.place);
  const data::store::Store store = engine::train::storeOf(opened.spec);
  engine::networks::SamplingOptions options;
  options.seed = seed;
  options.networks = networks;
  const auto report = engine::train::sampleRun(opened.network, opened.spec, opened.content, store, options);
  if (json) {
    std::fputs((engine::networks::toJson(report, *opened.content.vocabulary) + "\n").c_str(), stdout);
  } else {
    printNetworks(report);
  }
  return 0;
}

int attend(bool json, const AskedRun& asked, const std::string& planet, const AttendCommand& command) {
  const Json question = {{"ask", "attend"},
                         {"planet", planet},
                         {"archetype", command.archetype},
                         {"part", command.part},
                         {"layer", numberOrWord(command.layer)},
                         {"head", numberOrWord(command.head)},
                         {"token", command.token}};
  const std::string answer = ask(asked, question);
  std::fputs((json ? answer + "\n" : app::attentionText(Json::parse(answer))).c_str(), stdout);
  return 0;
}

int explain(bool json, const AskedRun& asked, const std::string& planet, const std::string& archetype,
            std::int64_t tokens) {
  const Json question = {{"ask", "explain"}, {"planet", planet}, {"archetype", archetype}, {"tokens", tokens}};
  const std::string answer = ask(asked, question);
  std::fputs((json ? answer + "\n" : app::explanationText(Json::parse(answer))).c_str(), stdout);
  return 0;
}

int inspect(const AskedRun& asked, bool whole) {
  using engine::inspect::Inspector;
  Inspector inspector(asked.folder, asked.place, whole ? Inspector::Arrays::kLine : Inspector::Arrays::kFile);
  inspector.serve(std::cin, std::cout);
  if (!std::cout) throw Error("cannot write the answers to standard output", ErrorKind::kEnvironment);
  return 0;
}

int inspectionNeed(bool json, const AskedRun& asked) {
  const auto run = engine::run::RunDirectory::open(asked.folder);
  const engine::config::RunSpec spec = engine::train::specAt(run, asked.place);
  const auto content = engine::train::loadContent(run, spec);
  const engine::inspect::Need need = engine::inspect::needOf(run, spec, content);
  const std::pair<const char*, std::int64_t> rows[] = {{"program", need.program},
                                                       {"weights", need.weights},
                                                       {"loading", need.loading},
                                                       {"activations", need.activations},
                                                       {"bytes", need.bytes()}};
  Json said = Json::object();
  for (const auto& [what, bytes] : rows) {
    said[what] = bytes;
    if (!json) put("{:<12} {:>16}\n", what, bytes);
  }
  if (json) print(said);
  return 0;
}

int logits(const std::string& folder, const std::string& ids) {
  const auto numbers = engine::hf::parseIds(ids);
  std::fputs((engine::hf::logitsJson(engine::hf::lastLogits(folder, numbers)) + "\n").c_str(), stdout);
  return 0;
}

int generate(bool json, const GenerateCommand& command, const engine::train::Place& place) {
  engine::hf::Sampling sampling;
  sampling.newTokens = command.tokens;
  sampling.temperature = command.temperature;
  sampling.topP = command.topP;
  sampling.seed = command.seed;
  std::string text;
  if (std::filesystem::exists(std::filesystem::path(command.folder) / "config.json")) {
    if (place.device != engine::train::Place{}.device || !place.store.empty()) {
      throw Error("--device and --data belong to runs")
          .on(command.folder)
          .expected("neither with a Hugging Face folder: it is read on the CPU");
    }
    text = engine::hf::generateFromFolder(command.folder, command.prompt, sampling);
  } else {
    OpenedRun opened(command.folder, place);
    text = engine::hf::generateText(*opened.network.model->language, *opened.content.tokeniser, command.prompt, {}, {},
                                    sampling);
  }
  text.insert(0, command.prompt);
  if (json) text = Json{{"text", text}}.dump(2, ' ', false, Json::error_handler_t::replace);
  std::fputs((text + "\n").c_str(), stdout);
  return 0;
}

}  // namespace ecumene::ecumene_train
