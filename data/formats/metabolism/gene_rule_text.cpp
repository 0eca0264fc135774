// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/gene_rule_text.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "data/base/blank.h"
#include "data/base/error.h"
#include "data/formats/common/shown_text.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

using Kind = GeneRuleTree::Kind;

bool isAnd(std::string_view word) {
  return lower(word) == "and" || word == "&" || word == "&&";
}
bool isOr(std::string_view word) {
  return lower(word) == "or" || word == "|" || word == "||";
}

bool isSign(char c) {
  return c == '&' || c == '|';
}
/// Neither blanks nor what is a word by itself.
bool isOfGene(char c) {
  return !isBlank(c) && !isSign(c) && c != '(' && c != ')';
}

class Parser {
 public:
  Parser(std::string_view text, const std::function<std::string(std::string_view)>& idOf) : text_(text), idOf_(idOf) {}

  GeneRuleTree whole() {
    GeneRuleTree tree = anyOf(0);
    if (!word().empty()) throw wrong("'and', 'or' or the end");
    return tree;
  }

 private:
  /// The word at the present place: a parenthesis, an operator or a gene; empty at the end.
  std::string_view word() {
    while (at_ < text_.size() && isBlank(text_[at_])) ++at_;
    if (at_ == text_.size()) return {};
    std::size_t end = at_;
    if (text_[at_] == '(' || text_[at_] == ')') {
      ++end;
    } else if (isSign(text_[at_])) {
      end += text_.substr(at_ + 1).starts_with(text_[at_]) ? 2U : 1U;
    } else {
      while (end < text_.size() && isOfGene(text_[end])) ++end;
    }
    return text_.substr(at_, end - at_);
  }

  [[nodiscard]] Error wrong(const std::string& expected) {
    const std::string_view here = word();
    return Error("the gene rule cannot be read")
        .on("character " + std::to_string(at_ + 1))
        .expected(expected)
        .found(here.empty() ? "the end" : "'" + std::string(here.substr(0, 40)) + "'");
  }

  GeneRuleTree anyOf(std::size_t depth) {
    return joined(Kind::kOr, isOr, [&] { return joined(Kind::kAnd, isAnd, [&] { return part(depth); }); });
  }

  template <typename Part>
  GeneRuleTree joined(Kind kind, bool (*isJoint)(std::string_view), const Part& part) {
    GeneRuleTree tree{kind, {}, {}};
    tree.parts.push_back(part());
    for (std::string_view joint = word(); isJoint(joint); joint = word()) {
      at_ += joint.size();
      tree.parts.push_back(part());
    }
    if (tree.parts.size() > 1) return tree;
    GeneRuleTree only = std::move(tree.parts.front());
    return only;
  }

  GeneRuleTree part(std::size_t depth) {
    const std::string_view here = word();
    if (here.empty() || here == ")" || isAnd(here) || isOr(here)) throw wrong("a gene or '('");
    if (here != "(") {
      GeneRuleTree gene{Kind::kGene, idOf_(here), {}};
      if (!canStandInGeneRule(gene.gene)) throw wrong("a gene");
      requirePrintable(gene.gene, "gene", "character " + std::to_string(at_ + 1));
      at_ += here.size();
      return gene;
    }
    if (depth == kDeepestGeneRule) throw wrong("at most " + std::to_string(kDeepestGeneRule) + " open parentheses");
    ++at_;
    GeneRuleTree inner = anyOf(depth + 1);
    if (word() != ")") throw wrong("')'");
    ++at_;
    return inner;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  const std::function<std::string(std::string_view)>& idOf_;
};

}  // namespace

std::string GeneRuleTree::text() const {
  if (kind == Kind::kGene) return gene;
  std::string out;
  for (const GeneRuleTree& part : parts) {
    if (!out.empty()) out += kind == Kind::kAnd ? " and " : " or ";
    const bool other = part.kind != Kind::kGene && part.kind != kind;
    out += other ? "(" + part.text() + ")" : part.text();
  }
  return out;
}

GeneRuleTree readGeneRule(std::string_view text, const std::function<std::string(std::string_view)>& idOf) {
  return Parser(text, idOf).whole();
}

bool canStandInGeneRule(std::string_view id) {
  return !id.empty() && !isAnd(id) && !isOr(id) && std::all_of(id.begin(), id.end(), isOfGene);
}

}  // namespace ecumene::data::formats
