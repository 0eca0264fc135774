// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/ecsv_header.h"

#include <yaml.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "data/base/error.h"

namespace ecumene::data::formats {
namespace {

struct Item;

/// A YAML value: a scalar's text, the items of a list, or the pairs of a mapping, whose keys are scalars.
struct Node {
  enum class Kind { kScalar, kList, kMap } kind = Kind::kScalar;
  std::string text;
  bool isNull = false;
  std::vector<Item> items;  ///< of a list with empty keys

  [[nodiscard]] const Node* find(std::string_view key) const;
  /// The text of a scalar member; "" if there is none.
  [[nodiscard]] std::string textOf(std::string_view key) const {
    const Node* node = find(key);
    return node == nullptr || node->isNull || node->kind != Kind::kScalar ? std::string{} : node->text;
  }
};

struct Item {
  std::string key;
  Node value;
};

const Node* Node::find(std::string_view key) const {
  const auto entry = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.key == key; });
  return kind != Kind::kMap || entry == items.end() ? nullptr : &entry->value;
}

class Yaml {
 public:
  Yaml(std::string_view text, std::size_t firstLine) : firstLine_(firstLine) {
    if (yaml_parser_initialize(&parser_) == 0) throw internalError("libyaml could not start");
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Yaml() { yaml_parser_delete(&parser_); }
  Yaml(const Yaml&) = delete;
  Yaml& operator=(const Yaml&) = delete;

  Node document() {
    for (Event event = next(); event->type != YAML_STREAM_END_EVENT; event = next()) {
      if (event->type == YAML_DOCUMENT_START_EVENT) return value(next(), 0);
    }
    throw Error("the ECSV header is empty").on(place(firstLine_));
  }

 private:
  struct Delete {
    void operator()(yaml_event_t* event) const {
      yaml_event_delete(event);
      delete event;
    }
  };
  using Event = std::unique_ptr<yaml_event_t, Delete>;

  static std::string place(std::size_t line) { return "line " + std::to_string(line); }

  Event next() {
    auto event = std::make_unique<yaml_event_t>();
    if (yaml_parser_parse(&parser_, event.get()) == 0) {
      throw Error("the ECSV header is no valid YAML")
          .on(place(firstLine_ + parser_.problem_mark.line))
          .found(parser_.problem == nullptr ? "" : parser_.problem);
    }
    return Event(event.release());
  }

  Node value(const Event& event, std::size_t depth) {
    constexpr std::size_t kDeepest = 32;
    constexpr std::size_t kMostNodes = 100000;
    const std::size_t line = firstLine_ + event->start_mark.line;
    if (depth > kDeepest || ++nodes_ > kMostNodes) throw Error("the ECSV header is too large").on(place(line));
    Node node;
    switch (event->type) {
      case YAML_SCALAR_EVENT:
        node.text.assign(reinterpret_cast<const char*>(event->data.scalar.value), event->data.scalar.length);
        node.isNull = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                      (node.text.empty() || node.text == "null" || node.text == "~");
        return node;
      case YAML_SEQUENCE_START_EVENT:
        node.kind = Node::Kind::kList;
        for (Event item = next(); item->type != YAML_SEQUENCE_END_EVENT; item = next()) {
          node.items.push_back({"", value(item, depth + 1)});
        }
        return node;
      case YAML_MAPPING_START_EVENT:
        node.kind = Node::Kind::kMap;
        for (Event key = next(); key->type != YAML_MAPPING_END_EVENT; key = next()) {
          std::string name = value(key, depth + 1).text;
          node.items.push_back({std::move(name), value(next(), depth + 1)});
        }
        return node;
      default:
        throw Error("the ECSV header refers to another place of itself").on(place(line));
    }
  }

  yaml_parser_t parser_{};
  std::size_t firstLine_;
  std::size_t nodes_ = 0;
};

TableColumn columnOf(const Node& node) {
  TableColumn column{node.textOf("name"), std::nullopt};
  if (column.name.empty()) throw Error("an ECSV column has no name");
  if (const std::string unit = node.textOf("unit"); !unit.empty()) column.unit = unit;
  column.isList = node.textOf("subtype").find('[') != std::string::npos;
  return column;
}

/// Units of astropy's quantities: {flux: {unit: {unit: Jy}, value: {name: flux}}}.
void takeSerialized(const Node& serialized, std::vector<TableColumn>& columns) {
  for (const auto& [name, quantity] : serialized.items) {
    const Node* unit = quantity.find("unit");
    const Node* value = quantity.find("value");
    if (unit == nullptr || value == nullptr) continue;
    const std::string text = unit->kind == Node::Kind::kScalar ? unit->text : unit->textOf("unit");
    for (TableColumn& column : columns) {
      if (column.name == value->textOf("name") && !column.unit && !text.empty()) column.unit = text;
    }
  }
}

void takeMeta(const Node& meta, EcsvHeader& header) {
  for (const auto& [key, node] : meta.items) {
    if (key.empty()) {
      takeMeta(node, header);  // an ordered mapping is a list of mappings
    } else if (key == "__serialized_columns__") {
      takeSerialized(node, header.columns);
    } else if (node.kind == Node::Kind::kScalar && !node.isNull && !node.text.empty()) {
      header.metadata[lower(key)] = node.text;
    } else if (node.kind == Node::Kind::kList) {
      std::vector<std::string>& list = header.lists[lower(key)];
      for (const auto& [_, value] : node.items) {
        if (value.kind == Node::Kind::kScalar) list.push_back(value.text);
      }
    }
  }
}

}  // namespace

EcsvHeader parseEcsvHeader(std::string_view yaml, std::size_t firstLine) {
  const Node document = Yaml(yaml, firstLine).document();
  EcsvHeader header;
  const std::string delimiter = document.textOf("delimiter");
  if (delimiter == ",") {
    header.separator = ',';
  } else if (!delimiter.empty() && delimiter != " ") {
    throw Error("ECSV allows a comma or a blank as delimiter").found("'" + delimiter + "'");
  }
  if (const Node* columns = document.find("datatype"); columns != nullptr) {
    for (const auto& [_, column] : columns->items) header.columns.push_back(columnOf(column));
  }
  if (header.columns.empty()) throw Error("the ECSV header names no column").on("line " + std::to_string(firstLine));
  if (const Node* meta = document.find("meta"); meta != nullptr) takeMeta(*meta, header);
  return header;
}

}  // namespace ecumene::data::formats
