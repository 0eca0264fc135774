// SPDX-License-Identifier: Apache-2.0
#include "data/physics/flux/gene_rule.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "data/base/blank.h"
#include "data/base/error.h"
#include "data/base/nearest.h"

namespace ecumene::data::physics::flux {

enum class GeneTokenKind { kGene, kAnd, kOr, kOpen, kClose };

struct GeneToken {
  GeneTokenKind kind;
  std::string_view text;
  std::size_t place;  // of its first character, from 1
};

namespace {

std::vector<GeneToken> tokenise(std::string_view text) {
  std::vector<GeneToken> tokens;
  std::size_t i = 0;
  while (i < text.size()) {
    if (isBlank(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    if (text[i] == '(' || text[i] == ')') {
      tokens.push_back({text[i] == '(' ? GeneTokenKind::kOpen : GeneTokenKind::kClose, text.substr(i, 1), i + 1});
      ++i;
      continue;
    }
    while (i < text.size() && !isBlank(text[i]) && text[i] != '(' && text[i] != ')') ++i;
    const std::string_view word = text.substr(begin, i - begin);
    std::string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const GeneTokenKind kind = lower == "and"  ? GeneTokenKind::kAnd
                               : lower == "or" ? GeneTokenKind::kOr
                                               : GeneTokenKind::kGene;
    tokens.push_back({kind, word, begin + 1});
  }
  return tokens;
}

[[noreturn]] void refuse(std::string_view rule, std::string expected, const std::string& found) {
  throw Error("the gene rule cannot be read")
      .on("'" + std::string(rule) + "'")
      .expected(std::move(expected))
      .found(found);
}

std::string describe(const GeneToken& token) {
  return "'" + std::string(token.text) + "' at character " + std::to_string(token.place);
}

}  // namespace

// Shunting-yard (Dijkstra 1961): a deeply nested rule needs memory, not stack.
class GeneRuleParser {
 public:
  explicit GeneRuleParser(std::string_view text) : text_(text) {}

  GeneRule parse() {
    bool wantsGene = true;
    const std::vector<GeneToken> tokens = tokenise(text_);
    for (const GeneToken& token : tokens) {
      const bool startsOperand = token.kind == GeneTokenKind::kGene || token.kind == GeneTokenKind::kOpen;
      if (wantsGene != startsOperand) {
        refuse(text_, wantsGene ? "a gene or '('" : "'and', 'or' or ')'", describe(token));
      }
      take(token);
      if (token.kind == GeneTokenKind::kGene) wantsGene = false;
      if (token.kind == GeneTokenKind::kAnd || token.kind == GeneTokenKind::kOr) wantsGene = true;
    }
    if (wantsGene && !tokens.empty()) refuse(text_, "a gene or '('", "the end");
    while (!pending_.empty()) {
      if (pending_.back().kind == GeneTokenKind::kOpen) refuse(text_, "')'", "the end");
      emitPending();
    }
    return std::move(rule_);
  }

 private:
  void take(const GeneToken& token) {
    switch (token.kind) {
      case GeneTokenKind::kGene:
        rule_.steps_.push_back({GeneRule::Kind::kGene, std::string(token.text)});
        return;
      case GeneTokenKind::kOpen:
        pending_.push_back(token);
        return;
      case GeneTokenKind::kClose:
        while (!pending_.empty() && pending_.back().kind != GeneTokenKind::kOpen) emitPending();
        if (pending_.empty()) refuse(text_, "'(' before it", describe(token));
        pending_.pop_back();
        return;
      case GeneTokenKind::kAnd:
      case GeneTokenKind::kOr:
        while (!pending_.empty() &&
               (pending_.back().kind == GeneTokenKind::kAnd || pending_.back().kind == token.kind)) {
          emitPending();
        }
        pending_.push_back(token);
        return;
    }
  }

  void emitPending() {
    const bool isAnd = pending_.back().kind == GeneTokenKind::kAnd;
    rule_.steps_.push_back({isAnd ? GeneRule::Kind::kAnd : GeneRule::Kind::kOr, {}});
    pending_.pop_back();
  }

  std::string_view text_;
  GeneRule rule_;
  std::vector<GeneToken> pending_;
};

GeneRule GeneRule::parse(std::string_view text) {
  return GeneRuleParser(text).parse();
}

bool GeneRule::worksWithout(const std::set<std::string, std::less<>>& absent) const {
  if (steps_.empty()) return true;
  std::vector<bool> stack;
  for (const Step& step : steps_) {
    if (step.kind == Kind::kGene) {
      stack.push_back(!absent.contains(step.gene));
      continue;
    }
    const bool right = stack.back();
    stack.pop_back();
    const bool left = stack.back();
    stack.back() = step.kind == Kind::kAnd ? left && right : left || right;
  }
  return stack.back();
}

std::set<std::string, std::less<>> GeneRule::genes() const {
  std::set<std::string, std::less<>> found;
  for (const Step& step : steps_) {
    if (step.kind == Kind::kGene) found.insert(step.gene);
  }
  return found;
}

std::vector<std::size_t> reactionsWithout(const planet::MetabolicNetwork& network, std::span<const std::string> genes) {
  std::set<std::string, std::less<>> absent;
  for (const std::string& gene : genes) {
    if (std::find(network.genes.begin(), network.genes.end(), gene) == network.genes.end()) {
      Error error("the network has no such gene");
      error.on(network.id).found("'" + gene + "'");
      if (const std::optional<std::string> near = nearest(gene, network.genes))
        error.next("did you mean " + *near + "?");
      throw error;
    }
    absent.insert(gene);
  }
  std::vector<std::size_t> stopped;
  for (std::size_t r = 0; r < network.reactions.size(); ++r) {
    try {
      if (!GeneRule::parse(network.reactions[r].geneRule).worksWithout(absent)) stopped.push_back(r);
    } catch (Error& error) {
      throw error.within("in " + network.id + ", reaction " + network.reactions[r].id);
    }
  }
  return stopped;
}

}  // namespace ecumene::data::physics::flux
