// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "app/ecumene-train/commands.h"
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
using engine::inspect::OpenedRun;

/// A number as a number, a word as a text.
Json numberOrWord(const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 9 && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? Json(std::stoll(text)) : Json(text);
}

/// The answer to one question. What is no UTF-8 in it is replaced, and then is no planet's id.
std::string ask(const AskedRun& asked, const Json& question) {
  return engine::inspect::Inspector(asked.folder, asked.place)
      .ask(question.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void printNetworks(const engine::networks::SamplingReport& report) {
  fmt::print("{} networks drawn, {} training networks, {} held-out ones\n\n", report.networks.size(), report.learned,
             report.heldOut);
  std::vector<std::pair<const char*, double>> shares = {{"balanced, of their reactions", report.balanced},
                                                        {"feasible", report.feasible},
                                                        {"thermodynamically consistent", report.consistent},
                                                        {"novel", report.novel},
                                                        {"distinct", report.distinct},
                                                        {"F1 with the nearest training network", report.nearestF1}};
  if (report.heldOut > 0) shares.emplace_back("F1 of held-out ones decoded", report.reconstructionF1);
  if (report.recovered > 0) shares.emplace_back("AUROC of removed reactions", report.recoveryAuroc);
  for (const auto& [what, share] : shares) fmt::print("{:<38} {:>6.3f}\n", what, share);
  fmt::print("\n{:>7} {:>9} {:>8} {:>10} {:>5} {:>10}\n", "network", "reactions", "feasible", "consistent", "novel",
             "nearest F1");
  const auto yes = [](bool is) { return is ? "yes" : "no"; };
  for (std::size_t i = 0; i < report.networks.size(); ++i) {
    const engine::networks::NetworkVerdict& verdict = report.verdicts[i];
    fmt::print("{:>7} {:>9} {:>8} {:>10} {:>5} {:>10.3f}\n", i, report.networks[i].size(), yes(verdict.feasible),
               yes(verdict.consistent), yes(verdict.novel), verdict.nearestF1);
  }
  fmt::print("The reactions themselves: --json\n");
}

std::string wordOf(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// "12 climate patch, latitude_deg 30 to 60": what stands for a token, behind its number.
std::string tokenWords(std::size_t index, const Json& token) {
  std::string said = fmt::format("{:>5}", index);
  for (const auto& [key, value] : token.items()) {
    if (value.is_array()) {
      said += fmt::format(", {} {:.4g} to {:.4g}", key, value.at(0).get<double>(), value.at(1).get<double>());
    } else {
      said += " " + wordOf(value);
    }
  }
  return said;
}

/// The tokens with the most weight.
void printMost(const char* title, const Json& answer, const char* key) {
  if (!answer.contains(key)) return;
  constexpr std::size_t kShown = 12;
  const auto weights = answer.at(key).get<std::vector<double>>();
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return weights[a] > weights[b]; });
  order.resize(std::min(order.size(), kShown));
  fmt::print("\n{}, {} of {} tokens:\n", title, order.size(), weights.size());
  for (const std::size_t i : order) fmt::print("{:>8.4f} {}\n", weights[i], tokenWords(i, answer.at("tokens")[i]));
}

void printAttention(const Json& answer) {
  fmt::print("{}: {}, layer {}, head {}\n", answer.at("sample").get<std::string>(),
             answer.at("part").get<std::string>(), wordOf(answer.at("layer")), wordOf(answer.at("head")));
  printMost("attends to", answer, "attends_to");
  printMost("is attended to by", answer, "attended_by");
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
  if (json) {
    std::fputs((answer + "\n").c_str(), stdout);
  } else {
    printAttention(Json::parse(answer));
  }
  return 0;
}

int explain(bool json, const AskedRun& asked, const std::string& planet, const std::string& archetype,
            std::int64_t tokens) {
  const Json question = {{"ask", "explain"}, {"planet", planet}, {"archetype", archetype}, {"tokens", tokens}};
  const std::string answer = ask(asked, question);
  if (json) {
    std::fputs((answer + "\n").c_str(), stdout);
    return 0;
  }
  const Json said = Json::parse(answer);
  std::string lines = said.at("sample").get<std::string>() + ": " + said.at("source").get<std::string>() + "\n\n" +
                      said.at("text").get<std::string>() + "\n\n";
  for (const Json& number : said.at("numbers")) {
    lines += number.at("written").get<std::string>() + ": " + number.at("verdict").get<std::string>();
    if (number.contains("quantity")) lines += ", " + number.at("quantity").get<std::string>();
    if (number.contains("known")) {
      lines += ", known: " + number.at("known").dump() + " (" + number.at("source").get<std::string>() + ")";
    }
    lines += "\n";
  }
  std::fputs(lines.c_str(), stdout);
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
  const auto content = engine::train::loadContent(run.folder(), spec);
  const engine::inspect::Need need = engine::inspect::needOf(run, spec, content);
  const std::pair<const char*, std::int64_t> rows[] = {{"program", need.program},
                                                       {"weights", need.weights},
                                                       {"loading", need.loading},
                                                       {"activations", need.activations},
                                                       {"bytes", need.bytes()}};
  Json said = Json::object();
  for (const auto& [what, bytes] : rows) {
    said[what] = bytes;
    if (!json) fmt::print("{:<12} {:>16}\n", what, bytes);
  }
  if (json) fmt::print("{}\n", said.dump(2));
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
