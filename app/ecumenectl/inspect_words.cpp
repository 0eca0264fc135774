// SPDX-License-Identifier: Apache-2.0
#include "app/ecumenectl/inspect_commands.h"

namespace ecumene::ecumenectl {

void addModelWords(const AddWord& word, const Common& common, ModelCommand& c) {
  const auto addRun = [&](CLI::App& app) { app.add_option("run", c.run, "Id of the run")->required(); };
  const auto addAsking = [&](CLI::App& app) {
    addRun(app);
    app.add_option("--store", c.store,
                   "Id of a store of the daemon that holds what the run learned from (default: the run's own)");
    app.add_option("--seconds", c.seconds, "For the answer, loading included")
        ->check(CLI::Range(0.1, 600.0))
        ->capture_default_str();
  };
  const auto addPlanet = [&](CLI::App& app) {
    addAsking(app);
    app.add_option("--planet", c.planet, "Id of a planet of the run's store")->required();
    app.add_option("--archetype", c.archetype, "Which metabolism (default: all to predict, else the planet's first)");
    app.add_option("--without", c.without, "Hide a view: climate, graph, spectrum, text or scalars; repeatable")
        ->allow_extra_args(false);
  };
  addPlanet(word("predict", "What a run's best weights say of a planet", [&] { return predictPlanet(common, c); }));

  CLI::App& text = word("explain", "Text that a run writes about a planet, its numbers checked",
                        [&] { return explainPlanet(common, c); });
  addPlanet(text);
  text.add_option("--tokens", c.tokens, "At most so many tokens")->check(CLI::Range(1, 4096))->capture_default_str();

  CLI::App& attention =
      word("attend", "What a token attends to, and what attends to it", [&] { return attendTo(common, c); });
  addPlanet(attention);
  attention.add_option("--part", c.part, "climate, graph, spectrum, language or fusion")->capture_default_str();
  attention.add_option("--layer", c.layer, "A number from 0, or rollout: all layers together")->required();
  attention.add_option("--head", c.head, "A number from 0, or mean")->capture_default_str();
  attention.add_option("--token", c.token, "Number of the token, in the list that the answer gives")->required();

  CLI::App& attribution =
      word("attribute", "Which inputs a number that the model says comes from: gradient times input",
           [&] { return attributeTo(common, c); });
  addPlanet(attribution);
  attribution.add_option("--target", c.target, "viable, habitable, f_hab, h050, or regime:NAME")->capture_default_str();

  CLI::App& question =
      word("question", "Ask a run's model as `ecumene-train inspect` is asked; prints the answer's line",
           [&] { return askModel(common, c); });
  addAsking(question);
  question.add_option("question", c.question, R"({"ask": "about"})")->required();

  CLI::App& artifact = word("artifact", "Rows of what an evaluation of a run left: predictions, attention",
                            [&] { return showArtifact(common, c); });
  addRun(artifact);
  artifact.add_option("file", c.file, "predictions or attention")->required();
  artifact.add_option("--dataset", c.dataset, "0/f_hab/mean, climate, ... (default: a list of them)");
  artifact.add_option("--id", c.sample, "Of this planet, or of this sample: PLANET/METABOLISM (default: all rows)");
}

}  // namespace ecumene::ecumenectl
