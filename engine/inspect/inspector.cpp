// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/inspector.h"

#include <istream>
#include <limits>
#include <ostream>
#include <utility>

#include "data/base/error.h"
#include "engine/inspect/answer_arrays.h"
#include "engine/inspect/answer_json.h"
#include "engine/inspect/attention.h"
#include "engine/inspect/attribution.h"
#include "engine/inspect/explain.h"
#include "engine/inspect/question.h"
#include "engine/train/ask_planets.h"
#include "engine/train/calibration.h"
#include "engine/train/hulls.h"
#include "engine/train/memory.h"
#include "engine/train/predictions.h"

namespace ecumene::engine::inspect {
namespace {

using report::Prediction;

constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();

SubjectChoice choiceOf(Question& question) {
  SubjectChoice choice;
  choice.planet = question.text("planet");
  choice.archetype = question.text("archetype", "");
  choice.without = question.texts("without");
  return choice;
}

}  // namespace

struct Inspector::State {
  State(const std::filesystem::path& folder, const train::Place& place, Arrays where)
      : run(folder, place),
        subjects(run),
        facts(subjects.store()),
        hulls(train::Hulls::load(run.run.artifacts(), run.loaded.weights())),
        calibration(train::Calibration::load(run.run.artifacts(), run.loaded.weights())),
        arraysIn(where),
        arrays(run.run.artifacts(), kMostInline, kFilesKept) {}

  Json answer(const Json& asked);
  std::pair<std::vector<Prediction>, models::unified::UnifiedOutput> predicted(const Subject& subject);
  Json about(Question& question);
  Json predict(Question& question);
  Json embed(Question& question);
  Json attend(Question& question);
  Json attribute(Question& question);
  Json remove(Question& question);
  Json explain(Question& question);

  OpenedRun run;
  Subjects subjects;
  train::PlanetFacts facts;
  train::Hulls hulls;
  train::Calibration calibration;
  Arrays arraysIn;
  AnswerArrays arrays;
};

std::pair<std::vector<Prediction>, models::unified::UnifiedOutput> Inspector::State::predicted(const Subject& subject) {
  const torch::NoGradGuard noGradients;
  const train::Autocast autocast(run.spec.train.precision, run.network.device);
  models::unified::UnifiedOutput output = run.network.model->forward(subject.input);
  std::vector<Prediction> rows = train::rowsOf(subject.batch, output.fusion.prediction, subject.views, facts);
  train::addEmbeddings(output.fusion.embedding_BE, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    hulls.judge(train::quantitiesOf(subject.samples.samples.at(i)), rows[i]);
  }
  calibration.apply(rows);
  return {std::move(rows), std::move(output)};
}

Json Inspector::State::about(Question& question) {
  question.finish();
  Json parts = Json::object();
  for (const Part part : {Part::kClimate, Part::kGraph, Part::kSpectrum, Part::kLanguage, Part::kFusion}) {
    parts[std::string(name(part))] = {{"layers", layerCount(part, run.spec.model)},
                                      {"heads", headCount(part, run.spec.model)}};
  }
  Json targets = Json::array({"viable", "habitable", "f_hab", "h050"});
  for (std::size_t regime = 0; regime < data::planet::kRegimeCount; ++regime) {
    targets.push_back("regime:" + std::string(data::planet::name(static_cast<data::planet::Regime>(regime))));
  }
  return {{"step", run.loaded.step},
          {"manifest", run.loaded.manifest},
          {"device", run.network.device.str()},
          {"parts", std::move(parts)},
          {"targets", std::move(targets)}};
}

Json Inspector::State::predict(Question& question) {
  const SubjectChoice choice = choiceOf(question);
  question.finish();
  const auto subject = subjects.read(choice);
  const std::vector<Prediction> rows = predicted(*subject).first;
  Json list = Json::array();
  for (const Prediction& row : rows) list.push_back(toJson(row));
  return {{"predictions", std::move(list)}};
}

Json Inspector::State::embed(Question& question) {
  const SubjectChoice choice = choiceOf(question);
  question.finish();
  const auto subject = subjects.readOne(choice);
  const auto [rows, output] = predicted(*subject);
  const torch::Tensor weight_M = output.fusion.viewWeight_BM[0].to(torch::kCPU, torch::kFloat64);
  Json weights = Json::object();
  for (std::int64_t view = 0; view < models::fusion::kViewCount; ++view) {
    weights[std::string(models::fusion::name(static_cast<models::fusion::View>(view)))] =
        number(weight_M[view].item<double>());
  }
  return {{"sample", rows.front().sample},
          {"views", report::viewsGiven(rows.front())},
          {"view_weight", std::move(weights)},
          {"embedding", numbers(rows.front().embedding)}};
}

Json Inspector::State::attend(Question& question) {
  const SubjectChoice choice = choiceOf(question);
  AttentionQuestion asked;
  asked.part = findPart(question.text("part", std::string(name(Part::kFusion))));
  asked.layer = question.wholeOr("layer", "rollout", kMost);
  asked.head = question.has("head") ? question.wholeOr("head", "mean", kMost) : std::nullopt;
  asked.token = question.whole("token", 0, kMost);
  question.finish();
  const auto subject = subjects.readOne(choice);
  const Attention attention = inspect::attend(run, *subject, asked);
  Json made{{"sample", subject->batch.sampleIds.front()}, {"part", name(asked.part)}};
  made["layer"] = asked.layer ? Json(*asked.layer) : Json("rollout");
  made["head"] = asked.head ? Json(*asked.head) : Json("mean");
  made["token"] = toJson(attention.tokens.at(static_cast<std::size_t>(asked.token)));
  made["tokens"] = toJson(attention.tokens);
  if (!attention.attendsTo.empty()) made["attends_to"] = numbers(attention.attendsTo);
  if (!attention.attendedBy.empty()) made["attended_by"] = numbers(attention.attendedBy);
  return made;
}

Json Inspector::State::attribute(Question& question) {
  const SubjectChoice choice = choiceOf(question);
  const Target target(question.text("target"));
  question.finish();
  const auto subject = subjects.readOne(choice);
  const Inputs inputs = inputsOf(run, *subject);
  return {{"sample", subject->batch.sampleIds.front()},
          {"target", target.name()},
          {"unit", target.unit()},
          {"value", number(withoutInputs(run, *subject, inputs, {}, target))},
          {"tokens", toJson(inputs.tokens)},
          {"attribution", numbers(gradientTimesInput(run, *subject, inputs, target))}};
}

Json Inspector::State::remove(Question& question) {
  const SubjectChoice choice = choiceOf(question);
  const Target target(question.text("target"));
  const std::string by = question.text("by", "attribution");
  const auto k = static_cast<std::size_t>(question.whole("k", 1, kMost));
  const auto draws = static_cast<std::size_t>(question.whole("draws", 1, 64, 8));
  const auto seed = static_cast<std::uint64_t>(question.whole("seed", 0, kMost, 1));
  question.finish();
  if (by != "attribution" && by != "attention") {
    throw Error("inputs cannot be ranked so", ErrorKind::kUsage).on("by: " + by).expected("attribution or attention");
  }
  const auto subject = subjects.readOne(choice);
  const Inputs inputs = inputsOf(run, *subject);
  const std::vector<float> ranking =
      by == "attention" ? fusionAttention(run, *subject, inputs) : gradientTimesInput(run, *subject, inputs, target);
  const Deletion deletion = deletionTest(run, *subject, inputs, target, ranking, k, draws, seed);
  Json removed = Json::array(), random = Json::array();
  for (const std::size_t i : deletion.removed) removed.push_back(toJson(inputs.tokens.at(i)));
  double mean = 0.0;
  for (const double value : deletion.random) {
    random.push_back(number(value));
    mean += value / static_cast<double>(deletion.random.size());
  }
  return {{"sample", subject->batch.sampleIds.front()},
          {"target", target.name()},
          {"unit", target.unit()},
          {"by", by},
          {"before", number(deletion.before)},
          {"after", number(deletion.after)},
          {"expected_change", number(deletion.expectedChange)},
          {"after_random_mean", number(mean)},
          {"after_random", std::move(random)},
          {"removed", std::move(removed)}};
}

Json Inspector::State::explain(Question& question) {
  const SubjectChoice choice = choiceOf(question);
  hf::Sampling sampling;
  sampling.newTokens = question.whole("tokens", 1, 4096, 256);
  sampling.temperature = question.real("temperature", 0.0, 100.0, 0.0);
  sampling.topP = question.real("top_p", 1e-6, 1.0, 1.0);
  sampling.seed = static_cast<std::uint64_t>(question.whole("seed", 0, kMost, 1));
  question.finish();
  const auto subject = subjects.readOne(choice);
  const Prediction prediction = predicted(*subject).first.front();
  const Explanation explanation = inspect::explain(run, *subject, prediction, sampling);
  Json checked = Json::array();
  for (const CheckedNumber& one : explanation.numbers) checked.push_back(toJson(one));
  return {{"sample", prediction.sample},
          {"source", "model output, not a statement of fact"},
          {"text", explanation.text},
          {"numbers", std::move(checked)},
          {"prediction", toJson(prediction)}};
}

Json Inspector::State::answer(const Json& asked) {
  Question question(asked);
  const std::string ask = question.text("ask");
  const std::pair<const char*, Json (State::*)(Question&)> kinds[] = {
      {"about", &State::about},    {"predict", &State::predict},     {"embed", &State::embed},
      {"attend", &State::attend},  {"attribute", &State::attribute}, {"delete", &State::remove},
      {"explain", &State::explain}};
  for (const auto& [word, answers] : kinds) {
    if (ask == word) return (this->*answers)(question);
  }
  throw Error("nothing can be asked so", ErrorKind::kUsage)
      .on("ask: " + ask)
      .expected("about, predict, embed, attend, attribute, delete or explain");
}

Inspector::Inspector(const std::filesystem::path& run, const train::Place& place, Arrays arrays)
    : state_(std::make_unique<State>(run, place, arrays)) {}
Inspector::~Inspector() = default;

std::string Inspector::ask(std::string_view question) {
  return state_->answer(Json::parse(question)).dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string Inspector::answerLine(std::string_view line) {
  Json made{{"id", nullptr}};
  try {
    const Json asked = Json::parse(line);
    if (asked.is_object() && asked.contains("id")) {
      const Json& id = asked.at("id");
      if (!id.is_primitive() || (id.is_string() && id.get_ref<const std::string&>().size() > 256)) {
        throw Error("a question's id is a number or a short text", ErrorKind::kUsage).on("id");
      }
      made["id"] = id;
    }
    Json answer = state_->answer(asked);
    if (state_->arraysIn == Arrays::kFile) state_->arrays.move(answer);
    for (auto& [key, value] : answer.items()) made[key] = std::move(value);
  } catch (const Error& error) {
    made["error"] = errorJson(error);
  } catch (const Json::parse_error&) {
    made["error"] = errorJson(Error("the line is no JSON", ErrorKind::kUsage));
  } catch (const std::exception& error) {
    made["error"] =
        errorJson(train::isOutOfMemory(error) ? Error("not enough memory for this question", ErrorKind::kEnvironment)
                                                    .found(train::saidBy(error))
                                                    .next("end other programs, or ask on another device")
                                              : internalError(error.what()));
  }
  return made.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void Inspector::serve(std::istream& in, std::ostream& out) {
  std::string line;
  bool tooLong = false;
  const auto answered = [&] {
    if (tooLong) {
      out << Json{{"id", nullptr}, {"error", errorJson(Error("the line is too long", ErrorKind::kUsage))}}.dump();
    } else {
      out << answerLine(line);
    }
    out << '\n' << std::flush;
    line.clear();
    tooLong = false;
  };
  for (int byte = in.get(); out && byte != std::char_traits<char>::eof(); byte = in.get()) {
    if (byte == '\n') {
      if (tooLong || !line.empty()) answered();
    } else if (line.size() < kLongestLine) {
      line += static_cast<char>(byte);
    } else {
      tooLong = true;
    }
  }
  if (out && (tooLong || !line.empty())) answered();
}

}  // namespace ecumene::engine::inspect
