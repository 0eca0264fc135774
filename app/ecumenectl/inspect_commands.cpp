// SPDX-License-Identifier: Apache-2.0
#include "app/ecumenectl/inspect_commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/answer_text.h"
#include "app/ecumenectl/message_json.h"
#include "app/ecumenectl/terminal.h"
#include "data/base/say.h"
#include "engine/protocol/errors.h"

namespace ecumene::ecumenectl {
namespace {

using Json = nlohmann::ordered_json;
using app::numberOrWord;
using app::wordOf;

/// The answer's line. What it waits for stands on stderr until it is there.
std::string ask(const Common& common, const ModelCommand& command, const std::string& question) {
  auto client = connect(common);
  wire::QuestionRequest request;
  request.set_run(command.run);
  request.set_store(command.store);
  request.set_question(engine::protocol::utf8(question));
  request.set_seconds(command.seconds);
  const bool drawn = ::isatty(STDERR_FILENO) == 1;
  std::string answer;
  const auto clear = [&] {
    if (drawn) say("\r\033[K");
  };
  try {
    client.stream(&wire::Inspection::Stub::Ask, request, [&](const wire::Answer& piece) {
      if (drawn && !piece.waits_for().empty()) say("\r\033[K" + plain(piece.waits_for()) + " ...");
      answer += piece.data();
      return true;
    });
  } catch (...) {
    clear();
    throw;
  }
  clear();
  return answer;
}

Json askJson(const Common& common, const ModelCommand& command, const Json& question) {
  const std::string line = question.dump(-1, ' ', false, Json::error_handler_t::replace);
  const Json answer = Json::parse(ask(common, command, line), nullptr, false);
  if (!answer.is_object()) throw internalError("the answer is no JSON object");
  return answer;
}

Json questionOf(const char* what, const ModelCommand& command) {
  Json question{{"ask", what}, {"planet", command.planet}};
  if (!command.archetype.empty()) question["archetype"] = command.archetype;
  if (!command.without.empty()) question["without"] = command.without;
  return question;
}

int printed(const Json& answer) {
  fmt::print("{}\n", answer.dump(2, ' ', false, Json::error_handler_t::replace));
  return 0;
}

std::string shown(const Json& value) {
  return value.is_number() ? fmt::format("{:.3f}", value.get<double>()) : "-";
}

std::string interval(const Json& share) {
  const bool calibrated = share.at("calibrated").get<bool>();
  return shown(share.at(calibrated ? "conformal_low" : "low")) + ".." +
         shown(share.at(calibrated ? "conformal_high" : "high")) + (calibrated ? "" : " uncalibrated");
}

std::string flagOf(const Json& row) {
  const Json& outside = row.at("outside_training_hull");
  if (outside.is_null()) return "not judged";
  return outside.get<bool>() ? "outside" : "inside";
}

/// The likeliest regime and its probability.
std::string regimeOf(const Json& row) {
  std::string best;
  double most = -1.0;
  for (const auto& [name, probability] : row.at("regime").items()) {
    if (probability.is_number() && probability.get<double>() > most) {
      best = name;
      most = probability.get<double>();
    }
  }
  return fmt::format("{} {:.2f}", best, most);
}

/// Numbers of a dataset's rows, each as a list where a row has more than one.
Json rowsOf(const wire::ArtifactDataset& dataset, const std::string& bytes) {
  Json rows = Json::array();
  if (dataset.type() == "text") {
    for (std::size_t begin = 0; begin < bytes.size();) {
      const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
      rows.push_back(engine::protocol::utf8(bytes.substr(begin, end - begin)));
      begin = end + 1;
    }
    return rows;
  }
  const auto value = [&](std::size_t i) -> Json {
    if (dataset.type() == "int32") {
      std::int32_t whole = 0;
      std::memcpy(&whole, bytes.data() + i * sizeof whole, sizeof whole);
      return whole;
    }
    double real = 0.0;
    if (dataset.type() == "float32") {
      float narrow = 0.0F;
      std::memcpy(&narrow, bytes.data() + i * sizeof narrow, sizeof narrow);
      real = static_cast<double>(narrow);
    } else {
      std::memcpy(&real, bytes.data() + i * sizeof real, sizeof real);
    }
    return std::isfinite(real) ? Json(real) : Json(nullptr);
  };
  if (dataset.type() != "int32" && dataset.type() != "float32" && dataset.type() != "float64") {
    throw Error("rows of this type cannot be shown").on(dataset.name()).found(dataset.type());
  }
  const std::size_t size = dataset.type() == "float64" ? 8 : 4, count = bytes.size() / size;
  const std::size_t width = dataset.shape(0) == 0 ? 1 : count / dataset.shape(0);
  for (std::size_t i = 0; i < count; i += width) {
    if (width == 1) {
      rows.push_back(value(i));
      continue;
    }
    Json row = Json::array();
    for (std::size_t j = 0; j < width; ++j) row.push_back(value(i + j));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

int predictPlanet(const Common& common, const ModelCommand& command) {
  const Json answer = askJson(common, command, questionOf("predict", command));
  if (common.json) return printed(answer);
  std::vector<std::vector<std::string>> rows;
  for (const Json& row : answer.at("predictions")) {
    rows.push_back({wordOf(row.at("metabolism")), shown(row.at("viable")), shown(row.at("habitable")),
                    shown(row.at("f_hab").at("mean")), interval(row.at("f_hab")), shown(row.at("h050").at("mean")),
                    interval(row.at("h050")), regimeOf(row), flagOf(row)});
  }
  fmt::print("{}\n{}", plain(command.planet),
             table({"metabolism", "P(viable)", "P(habitable)", "f_hab", "90 % of f_hab", "h050", "90 % of h050",
                    "regime", "training hull"},
                   rows, "P(viable),P(habitable),f_hab,h050"));
  return 0;
}

int explainPlanet(const Common& common, const ModelCommand& command) {
  Json question = questionOf("explain", command);
  question["tokens"] = command.tokens;
  const Json answer = askJson(common, command, question);
  if (common.json) return printed(answer);
  fmt::print("{}", app::explanationText(answer));
  return 0;
}

int attendTo(const Common& common, const ModelCommand& command) {
  Json question = questionOf("attend", command);
  question["part"] = command.part;
  question["layer"] = numberOrWord(command.layer);
  question["head"] = numberOrWord(command.head);
  question["token"] = command.token;
  const Json answer = askJson(common, command, question);
  if (common.json) return printed(answer);
  fmt::print("{}", app::attentionText(answer));
  return 0;
}

int attributeTo(const Common& common, const ModelCommand& command) {
  Json question = questionOf("attribute", command);
  question["target"] = command.target;
  const Json answer = askJson(common, command, question);
  if (common.json) return printed(answer);
  fmt::print("{}: {} = {} ({})\n{}", wordOf(answer.at("sample")), wordOf(answer.at("target")),
             shown(answer.at("value")), wordOf(answer.at("unit")),
             app::largestText("gradient times input", answer, "attribution"));
  return 0;
}

int askModel(const Common& common, const ModelCommand& command) {
  fmt::print("{}\n", ask(common, command, command.question));
  return 0;
}

int showArtifact(const Common& common, const ModelCommand& command) {
  auto client = connect(common);
  wire::ArtifactRequest request;
  request.set_run(command.run);
  request.set_file(command.file);
  request.set_dataset(command.dataset);
  request.set_id(command.sample);
  wire::ArtifactReply first;
  std::string bytes;
  client.stream(&wire::Inspection::Stub::Artifact, request, [&](wire::ArtifactReply&& piece) {
    bytes += piece.values();
    piece.clear_values();
    if (piece.datasets_size() > 0) first = std::move(piece);
    return true;
  });
  if (command.dataset.empty()) {
    if (common.json) {
      print(first);
      return 0;
    }
    fmt::print("{} of the weights of step {}\n", command.file, first.step());
    for (const wire::ArtifactDataset& dataset : first.datasets()) {
      fmt::print("{:<28} {:<8} {}\n", plain(dataset.name()), dataset.type(), fmt::join(dataset.shape(), " x "));
    }
    return 0;
  }
  const Json rows = rowsOf(first.dataset(), bytes);
  if (common.json) {
    Json said = toJson(first);
    said.erase("datasets");
    said.erase("values");
    said["values"] = rows;
    return printed(said);
  }
  for (const Json& row : rows) fmt::print("{}\n", wordOf(row));
  return 0;
}

}  // namespace ecumene::ecumenectl
