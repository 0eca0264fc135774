// SPDX-License-Identifier: Apache-2.0
#include "data/formats/catalogue/oec_xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/catalogue/catalogue_rows.h"
#include "data/formats/catalogue/oec_lists.h"
#include "data/formats/catalogue/xml_elements.h"
#include "data/formats/common/compressed.h"
#include "data/formats/common/text_file.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

using planet::Measurement;

constexpr std::size_t kLargestOecXml = std::size_t{64} << 20U;

struct ElementColumn {
  std::string_view element;
  CatalogueQuantity quantity;
  std::string_view unit;
};
constexpr auto kOfPlanet = std::to_array<ElementColumn>({{"mass", CatalogueQuantity::kPlanetMass, "M_jup"},
                                                         {"radius", CatalogueQuantity::kPlanetRadius, "R_jup"},
                                                         {"period", CatalogueQuantity::kPeriod, "d"},
                                                         {"eccentricity", CatalogueQuantity::kEccentricity, "1"},
                                                         {"semimajoraxis", CatalogueQuantity::kSemiMajorAxis, "au"}});
constexpr auto kOfStar = std::to_array<ElementColumn>({{"mass", CatalogueQuantity::kStarMass, "M_sun"},
                                                       {"radius", CatalogueQuantity::kStarRadius, "R_sun"},
                                                       {"temperature", CatalogueQuantity::kStarTemperature, "K"}});

Sniff sniffOecXml(const std::filesystem::path& path, std::string_view head) {
  const std::string root = outermostElement(inflatedHead(path, head, kHeadBytes));
  if (root == "system" || root == "systems") return {Match::kCertain, "XML of <" + root + ">"};
  return {root.empty() ? Match::kNo : Match::kNear, root.empty() ? "not XML" : "XML of <" + root + ">, not <system>"};
}

std::vector<std::string> namesOf(const XmlElement& body) {
  std::vector<std::string> names;
  for (const XmlElement& child : body.children) {
    if (child.name == "name" && !child.text.empty()) names.push_back(child.text);
  }
  return names;
}

const XmlElement* childOf(const XmlElement& body, std::string_view name) {
  const XmlElement* found = nullptr;
  for (const XmlElement& child : body.children) {
    if (child.name != name) continue;
    if (found != nullptr) {
      throw Error(fmt::format("<{}> has <{}> twice", body.name, name)).on(fmt::format("line {}", child.line));
    }
    found = &child;
  }
  return found;
}

std::string placeOf(const XmlElement& element) {
  return fmt::format("line {}", element.line);
}

class OecXmlReader {
 public:
  planet::Import read(const XmlElement& root) {
    if (root.name == "systems") {
      for (const XmlElement& system : root.children) {
        if (system.name == "system") readBody(system, nullptr);
      }
    } else if (root.name == "system") {
      readBody(root, nullptr);
    } else {
      throw Error("the XML is not of the Open Exoplanet Catalogue")
          .on(placeOf(root))
          .expected("<system> or <systems>")
          .found("<" + root.name + ">");
    }
    return rows_.finish("MIT (Open Exoplanet Catalogue; cite arXiv:1211.7121)",
                        "masses and radii from Jupiter's to Earth's; to the units of planet_params; positions are not "
                        "kept: planets are joined by name");
  }

 private:
  /// A system, binary or star; `system` is what it stands in, none for the system itself.
  void readBody(const XmlElement& body, const XmlElement* system) {
    for (const XmlElement& child : body.children) {
      if (child.name == "binary" || child.name == "star") readBody(child, system == nullptr ? &body : system);
      if (child.name == "planet") readPlanet(child, body);
    }
  }

  void readPlanet(const XmlElement& planet, const XmlElement& parent) {
    CatalogueRow row;
    row.place = placeOf(planet);
    row.names = namesOf(planet);
    if (row.names.empty()) throw Error("the planet has no name").on(row.place);
    const std::string& name = row.names.front();
    if (parent.name != "system") {
      const std::vector<std::string> hosts = namesOf(parent);
      if (!hosts.empty()) row.host = hosts.front();
    }
    if (isLeftOut(rows_, listsOf(planet), name)) return;
    if (parent.name == "binary") rows_.count("planets of a whole binary have no star's values", name);
    if (parent.name == "system") rows_.count("planets have no star", name);
    for (const XmlElement& child : planet.children) {
      if (child.name == "satellite") rows_.count("satellites of planets are left out", name);
    }
    for (const ElementColumn& column : kOfPlanet) take(row, planet, column);
    if (parent.name == "star") {
      for (const ElementColumn& column : kOfStar) take(row, parent, column);
    }
    rows_.take(std::move(row));
  }

  static std::string listsOf(const XmlElement& planet) {
    std::string lists;
    for (const XmlElement& child : planet.children) {
      if (child.name == "list") lists += (lists.empty() ? "" : ", ") + child.text;
    }
    return lists;
  }

  static std::optional<double> number(const XmlElement& element, const std::string& text, const std::string& what) {
    if (text.empty()) return std::nullopt;
    const std::optional<double> value = parseNumber(text);
    if (!value || !std::isfinite(*value)) {
      throw Error("the " + what + " is not a number")
          .on(placeOf(element) + ", <" + element.name + ">")
          .found("'" + text + "'");
    }
    return value;
  }

  static std::optional<double> attribute(const XmlElement& element, const char* name) {
    const auto entry = element.attributes.find(name);
    return entry == element.attributes.end() ? std::nullopt : number(element, trim(entry->second), name);
  }

  void take(CatalogueRow& row, const XmlElement& body, const ElementColumn& column) {
    const XmlElement* element = childOf(body, column.element);
    if (element == nullptr) return;
    const std::optional<Measurement> value = measurement(*element, row.names.front());
    if (!value) return;
    CatalogueRow place{placeOf(*element), row.names, {}, row.values};  // a value is refused where it stands
    rows_.set(place, column.quantity, "<" + element->name + "> of the " + body.name, column.unit, *value);
    row.values = place.values;
  }

  std::optional<Measurement> measurement(const XmlElement& element, const std::string& planet) {
    const std::optional<double> value = number(element, element.text, "value");
    const std::optional<double> up = attribute(element, "upperlimit");
    const std::optional<double> low = attribute(element, "lowerlimit");
    const std::optional<double> plus = attribute(element, "errorplus");
    const std::optional<double> minus = attribute(element, "errorminus");
    if (value) {
      if ((up && *value > *up) || (low && *value < *low)) {
        question(element, planet, *value,
                 low && up ? fmt::format("{:g} to {:g}", *low, *up) : fmt::format("{:g}", up ? *up : *low));
      } else if (up || low) {
        rows_.count("values stand beside limits of their own, which are not kept", planet);
      }
      return measured(*value, plus, minus);
    }
    if (up && low) rows_.count("values have an upper and a lower limit, of which the upper is kept", planet);
    if (up) return Measurement{*up, 0.0, 1};
    if (low) return Measurement{*low, 0.0, -1};
    return std::nullopt;
  }

  void question(const XmlElement& element, const std::string& planet, double value, const std::string& limits) {
    constexpr std::size_t kMostListed = 20;
    if (++questioned_ > kMostListed) return rows_.count("more values are outside their own limits", planet);
    rows_.assume(
        fmt::format("{}, <{}> of '{}': {:g} is outside its own limits {}, which may be meant as errors; the value is "
                    "taken, they are "
                    "not",
                    placeOf(element), element.name, planet, value, limits));
  }

  CatalogueRows rows_;
  std::size_t questioned_ = 0;
};

planet::Import readOecXml(const std::filesystem::path& path, const ImportOptions&) {
  std::string content = readFile(path, kLargestOecXml);
  if (isCompressed(content)) content = inflated(content, kLargestOecXml, true);
  if (std::optional<Error> objection = textObjection(content, true); objection) throw Error(*objection);
  return OecXmlReader().read(readXml(plainText(std::move(content))));
}

}  // namespace

Format oecXmlFormat() {
  return {.name = "oec_xml",
          .kind = planet::ImportKind::kCatalogue,
          .reads = "systems of the Open Exoplanet Catalogue as XML; plain, gzip or bzip2",
          .options = {},
          .sniff = sniffOecXml,
          .read = readOecXml};
}

}  // namespace ecumene::data::formats
