// SPDX-License-Identifier: Apache-2.0
#include "engine/config/toml.h"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <algorithm>
#include <set>

#include "data/base/error.h"
#include "data/base/nearest.h"
#include "engine/config/run_spec.h"

namespace ecumene::engine::config {

using models::spec::Option;
using models::spec::Options;
using models::spec::OptionValue;
using models::spec::written;

namespace {

/// "train" of "train.lr".
std::string tableOf(const std::string& key) {
  return key.substr(0, key.rfind('.'));
}

class Reader {
 public:
  Reader(Options& options, const std::string& file) : options_(options), file_(file) {
    for (const Option& row : options.rows()) {
      for (std::string name = tableOf(row.key);; name = tableOf(name)) {
        if (std::find(tables_.begin(), tables_.end(), name) == tables_.end()) tables_.push_back(name);
        if (name.find('.') == std::string::npos) break;
      }
    }
  }

  void read(const toml::table& table, const std::string& prefix) {
    for (const auto& [name, node] : table) {
      const std::string key = prefix + std::string(name.str());
      const auto line = name.source().begin.line;
      const bool isTable = std::find(tables_.begin(), tables_.end(), key) != tables_.end();
      try {
        if (const toml::table* inner = node.as_table()) {
          if (!isTable) refuseTable(key);
          read(*inner, key + ".");
        } else if (isTable) {
          throw Error("the key is a table of options").on(key).expected("a table").found(kind(node));
        } else {
          options_.find(key).set(value(key, node));
          read_.insert(key);
        }
      } catch (Error& error) {
        // The innermost level has said the place already.
        if (!placed_) error.on(fmt::format("{}:{}: {}", file_, line, error.object()));
        placed_ = true;
        throw;
      }
    }
  }

  [[nodiscard]] std::vector<std::string> unread() const {
    std::vector<std::string> keys;
    for (const Option& row : options_.rows()) {
      if (!read_.contains(row.key)) keys.push_back(row.key);
    }
    return keys;
  }

 private:
  static std::string kind(const toml::node& node) {
    switch (node.type()) {
      case toml::node_type::array:
        return "an array";
      case toml::node_type::table:
        return "a table";
      case toml::node_type::date:
      case toml::node_type::time:
      case toml::node_type::date_time:
        return "a date or time";
      default:
        return "a single value";
    }
  }

  OptionValue value(const std::string& key, const toml::node& node) const {
    if (const auto* flag = node.as_boolean()) return flag->get();
    if (const auto* whole = node.as_integer()) return whole->get();
    if (const auto* real = node.as_floating_point()) return real->get();
    if (const auto* text = node.as_string()) return text->get();
    throw Error("the value does not fit this option")
        .on(key)
        .expected(options_.find(key).expectation())
        .found(kind(node));
  }

  void refuseTable(const std::string& key) const {
    for (const Option& row : options_.rows()) {
      if (row.key == key) {
        throw Error("the value does not fit this option").on(key).expected(row.expectation()).found("a table");
      }
    }
    const std::string near = didYouMean(key, tables_);
    throw Error("there is no such table").on(key).next(near.empty() ? "see `ecumene-train options`" : near);
  }

  Options& options_;
  const std::string& file_;
  std::vector<std::string> tables_;
  std::set<std::string> read_;
  bool placed_ = false;
};

}  // namespace

std::string tomlOf(const Options& options) {
  std::string text, table;
  for (const Option& row : options.rows()) {
    const std::string name = tableOf(row.key);
    if (name != table) text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", name);
    table = name;
    text += fmt::format("{} = {}\n", row.key.substr(name.size() + 1), written(row.get()));
  }
  return text;
}

std::vector<std::string> readToml(Options& options, std::string_view text, const std::string& file) {
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw Error("this is no TOML")
        .on(fmt::format("{}:{}", file, error.source().begin.line))
        .found(std::string(error.description()));
  }
  Reader reader(options, file);
  reader.read(table, "");
  return reader.unread();
}

std::string toToml(const RunSpec& spec) {
  RunSpec copy = spec;
  Options options;
  describe(options, copy);
  return tomlOf(options);
}

namespace {

/// readToml() into a spec.
std::vector<std::string> read(RunSpec& spec, std::string_view text, const std::string& file) {
  Options options;
  describe(options, spec);
  return readToml(options, text, file);
}

}  // namespace

RunSpec fromToml(std::string_view text, const std::string& file) {
  RunSpec spec;
  (void)read(spec, text, file);
  return spec;
}

RunSpec fromWholeToml(std::string_view text, const std::string& file) {
  RunSpec spec;
  const std::vector<std::string> missing = read(spec, text, file);
  if (missing.empty()) return spec;
  throw Error("options are missing: the file was cut short, or is another version's")
      .on(file)
      .expected("every option, as it was written")
      .found("no " + missing.front())
      .next("copy it from a checkpoint, which has one too: checkpoints/step-*/run.toml");
}

}  // namespace ecumene::engine::config
