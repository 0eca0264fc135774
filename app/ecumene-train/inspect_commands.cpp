// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/ecumene-train/commands.h"
#include "data/base/error.h"
#include "engine/hf/generation.h"
#include "engine/hf/words.h"
#include "engine/inspect/inspector.h"
#include "engine/inspect/opened_run.h"
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
std::string ask(const std::string& folder, const Json& question) {
  return engine::inspect::Inspector(folder).ask(question.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

int sample(const std::string& folder, std::int64_t networks, std::uint64_t seed) {
  OpenedRun opened(folder);
  const data::store::Store store = engine::train::storeOf(opened.spec);
  engine::networks::SamplingOptions options;
  options.seed = seed;
  options.networks = networks;
  const auto report = engine::train::sampleRun(opened.network, opened.spec, opened.content, store, options);
  std::fputs((engine::networks::toJson(report, *opened.content.vocabulary) + "\n").c_str(), stdout);
  return 0;
}

int attend(const std::string& folder, const std::string& planet, const AttendCommand& command) {
  const Json question = {{"ask", "attend"},
                         {"planet", planet},
                         {"archetype", command.archetype},
                         {"part", command.part},
                         {"layer", numberOrWord(command.layer)},
                         {"head", numberOrWord(command.head)},
                         {"token", command.token}};
  std::fputs((ask(folder, question) + "\n").c_str(), stdout);
  return 0;
}

int explain(bool json, const std::string& folder, const std::string& planet, const std::string& archetype,
            std::int64_t tokens) {
  const Json question = {{"ask", "explain"}, {"planet", planet}, {"archetype", archetype}, {"tokens", tokens}};
  const std::string answer = ask(folder, question);
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

int inspect(const std::string& folder) {
  engine::inspect::Inspector inspector(folder);
  inspector.serve(std::cin, std::cout);
  if (!std::cout) throw Error("cannot write the answers to standard output", ErrorKind::kEnvironment);
  return 0;
}

int logits(const std::string& folder, const std::string& ids) {
  const auto numbers = engine::hf::parseIds(ids);
  std::fputs((engine::hf::logitsJson(engine::hf::lastLogits(folder, numbers)) + "\n").c_str(), stdout);
  return 0;
}

int generate(bool json, const GenerateCommand& command) {
  engine::hf::Sampling sampling;
  sampling.newTokens = command.tokens;
  sampling.temperature = command.temperature;
  sampling.topP = command.topP;
  sampling.seed = command.seed;
  std::string text;
  if (std::filesystem::exists(std::filesystem::path(command.folder) / "config.json")) {
    text = engine::hf::generateFromFolder(command.folder, command.prompt, sampling);
  } else {
    OpenedRun opened(command.folder);
    text = engine::hf::generateText(*opened.network.model->language, *opened.content.tokeniser, command.prompt, {}, {},
                                    sampling);
  }
  text.insert(0, command.prompt);
  if (json) text = Json{{"text", text}}.dump(2, ' ', false, Json::error_handler_t::replace);
  std::fputs((text + "\n").c_str(), stdout);
  return 0;
}

}  // namespace ecumene::ecumene_train
