// SPDX-License-Identifier: Apache-2.0
#include "data/batch/training_content.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <optional>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/parallel.h"
#include "data/batch/content_files.h"
#include "data/loader/parts.h"

namespace ecumene::data::batch {
namespace {

store::Statistics statisticsOf(const store::Store& store, const ContentOptions& options) {
  if (options.split == planet::Split::kTrain) {
    if (const std::optional<store::Statistics> kept = store.statistics()) return *kept;
  }
  return store.statisticsOf(options.split, {}, options.threads);
}

/// "1 test, 2 real", of all kinds of planets.
std::string planetsBySplit(const store::Store& store) {
  std::string said;
  for (const store::SplitCount& count : store.splits()) {
    if (count.planets == 0) continue;
    said += (said.empty() ? "planets: " : ", ") + std::to_string(count.planets) + " " + std::string(name(count.split));
  }
  return said.empty() ? "no planets at all" : said;
}

/// What to do where a split has nothing to train on: the other one that can be trained on, where it has planets.
std::string wayOut(const store::Store& store, planet::Split split) {
  const planet::Split other = split == planet::Split::kReal ? planet::Split::kTrain : planet::Split::kReal;
  const bool hasOther = std::ranges::any_of(
      store.splits(), [&](const store::SplitCount& count) { return count.split == other && count.planets > 0; });
  const std::string more = split == planet::Split::kReal ? "import planets with a climate" : "generate planets";
  if (!hasOther) return more;
  return "train on those of the split " + std::string(name(other)) + ": data.split=" + std::string(name(other)) +
         "; or " + more;
}

Tokeniser takeTokeniser(const store::Store& store, const std::filesystem::path& path, std::vector<std::string> texts,
                        const ContentOptions& options) {
  if (!options.tokeniser.empty()) {
    static_cast<void>(Tokeniser::load(options.tokeniser));  // refuses what is none before anything is written
    writeFileAtomically(path, readFile(options.tokeniser));
    return Tokeniser::load(path);
  }
  for (const planet::Text& text : store.collectionTexts()) texts.push_back(textOf(text));
  if (texts.empty()) {
    for (const planet::LabelDefinition& label : planet::labelDefinitions()) texts.emplace_back(label.definition);
  }
  return Tokeniser::train(texts, options.training, path);
}

}  // namespace

std::string textOf(const planet::Text& text) {
  if (text.title.empty()) return text.body;
  if (text.body.empty()) return text.title;
  return text.title + "\n" + text.body;
}

SplitContent splitContent(const store::Store& store, planet::Split split, unsigned threads, bool withParts) {
  store::Filter filter;
  filter.split = split;
  filter.leaveOutExcluded = true;
  const std::vector<store::SampleIndex> planets = store.samples(filter, [](std::string_view) { return 0U; });
  std::vector<std::vector<std::string>> texts(planets.size());
  std::mutex mutex;
  ReactionVocabularyBuilder builder;
  parallelFor(planets.size(), threads, [&](std::size_t p) {
    const store::SampleIndex& index = planets[p];
    for (const planet::Text& text : store.ownTexts(index.cube.id)) texts[p].push_back(textOf(text));
    for (const store::SampleIndex::Case& one : index.cases) {
      const store::SampleParts parts = store.sample(index, {one.position, std::nullopt, std::nullopt});
      const std::lock_guard lock(mutex);
      builder.add(parts.metabolism.metabolism.network);
    }
  });
  const bool any = std::ranges::any_of(planets, [](const store::SampleIndex& one) { return !one.cases.empty(); });
  if (withParts && any) {
    for (const loader::Part& part : loader::partsOf(store)) {
      for (const planet::MetabolicNetwork& network : part.contents.networks) builder.add(network);
    }
  }
  SplitContent content;
  content.vocabulary = builder.build();
  for (std::vector<std::string>& own : texts) {
    std::move(own.begin(), own.end(), std::back_inserter(content.texts));
  }
  return content;
}

TrainingContent makeTrainingContent(const store::Store& store, const std::filesystem::path& folder,
                                    const ContentOptions& options) {
  SplitContent found = splitContent(store, options.split, options.threads, options.parts);
  if (found.vocabulary.size() == 0) {
    throw Error("there is nothing to train on: the split has no planet with climate and metabolic network")
        .on(store.folder().string() + ", split " + std::string(name(options.split)))
        .expected("such planets in the split " + std::string(name(options.split)))
        .found(planetsBySplit(store))
        .next(wayOut(store, options.split));
  }
  TrainingContent content;
  content.statistics = statisticsOf(store, options);
  content.tokeniser =
      std::make_shared<const Tokeniser>(takeTokeniser(store, folder / kTokeniserFile, std::move(found.texts), options));
  content.vocabulary = std::make_shared<const ReactionVocabulary>(std::move(found.vocabulary));
  content.vocabulary->save(folder / kReactionsFile);
  writeFileAtomically(folder / kStatisticsFile, store::toText(content.statistics));
  return content;
}

TrainingContent loadTrainingContent(const std::filesystem::path& folder) {
  TrainingContent content;
  const std::filesystem::path statistics = folder / kStatisticsFile;
  content.statistics = store::statisticsFromText(readFile(statistics), statistics.string());
  content.vocabulary = std::make_shared<const ReactionVocabulary>(ReactionVocabulary::load(folder / kReactionsFile));
  content.tokeniser = std::make_shared<const Tokeniser>(Tokeniser::load(folder / kTokeniserFile));
  return content;
}

}  // namespace ecumene::data::batch
