// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/no_data.h"

#include <algorithm>
#include <string>
#include <vector>

#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

bool isTableOfFluxes(std::string_view head) {
  std::vector<std::string> columns;
  try {
    columns = splitCsv(head.substr(0, head.find('\n')));
  } catch (const Error&) {
    return false;
  }
  const auto has = [&](const char* name) { return std::find(columns.begin(), columns.end(), name) != columns.end(); };
  const bool result = has("growth") || has("flux") || has("fluxes") || (has("minimum") && has("maximum"));
  return result && (has("reaction") || has("gene") || has("reduced_costs"));
}

/// What kind of record of a gene's or protein's sequence it is; empty if none.
std::string_view sequenceRecord(std::string_view head) {
  if (head.starts_with("LOCUS  ")) return "GenBank";
  if (head.starts_with("ID   ") && head.find("\nAC   ") != std::string_view::npos) return "EMBL or UniProt";
  if (head.substr(0, head.find('\n')).starts_with("<?xml") && head.find("<uniprot") != std::string_view::npos) {
    return "UniProt XML";
  }
  const std::size_t line = head.find('\n');
  if (!head.starts_with('>') || line == std::string_view::npos) return "";
  const std::string_view letters = head.substr(line + 1, head.find_first_of("\r\n", line + 1) - line - 1);
  const bool all = std::all_of(letters.begin(), letters.end(),
                               [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '*'; });
  return all && !letters.empty() ? "FASTA" : "";
}

/// Whether a word first stands in a line of comment, as in the file itself and not in a text about it.
bool inComment(std::string_view head, std::string_view word) {
  const std::size_t at = head.find(word);
  if (at == std::string_view::npos) return false;
  const std::size_t line = head.substr(0, at).rfind('\n');
  return trim(head.substr(line + 1)).starts_with('#');
}

/// Whether a group "&NAME" begins on one line and ends by "/" on a later one.
bool isNamelist(std::string_view head) {
  constexpr const char* kName = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  bool open = false;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    const std::string line = trim(head.substr(0, end));
    if (open && line.starts_with('/')) return true;
    open = open || (line.size() > 1 && line.front() == '&' && line.find_first_not_of(kName, 1) == std::string::npos);
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  return false;
}

/// Whether the first element of the text is that of a page of the web.
bool isWebPage(std::string_view head) {
  while (true) {
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
    const std::string_view end = head.starts_with("<?") ? "?>" : head.starts_with("<!--") ? "-->" : "";
    if (end.empty()) break;
    const std::size_t at = head.find(end);
    if (at == std::string_view::npos) return false;
    head.remove_prefix(at + end.size());
  }
  constexpr std::size_t kLongest = 32;
  const std::string first = lower(head.substr(0, kLongest));
  return first.starts_with("<!doctype html") || first.starts_with("<html") || first.starts_with("<head");
}

/// What a server answered in place of a table: a text whose first line begins with "error"; empty if it is none.
std::string serversError(std::string_view head) {
  const std::string line = trim(head.substr(0, head.find('\n')));
  const std::string plain = lower(line);
  constexpr std::size_t kLongestShown = 80;
  const bool error = plain == "error" || plain.starts_with("error:") || plain.starts_with("error<") ||
                     plain.find("ora-0") != std::string::npos;
  return error && line.find(',') == std::string::npos ? line.substr(0, kLongestShown) : "";
}

}  // namespace

std::optional<Error> knownNoData(std::string_view head) {
  if (head.find('\0') != std::string_view::npos) return std::nullopt;  // all of them are text
  if (isWebPage(head)) {
    return Error("this is a page of the web (HTML), not data: a failed download?")
        .next("open the address in a browser: it may ask for a login, or be gone");
  }
  if (const std::string error = serversError(head); !error.empty()) {
    return Error("this is an error message of a server, not data: a failed download?")
        .found("'" + error + "'")
        .next("correct the query or the address and fetch it again");
  }
  constexpr const char* kModel = "import the model that was solved: SBML or COBRA JSON";
  if (isTableOfFluxes(head)) {
    return Error("this is a table of results of a flux balance, not a network: it has no stoichiometry").next(kModel);
  }
  // A JSON object with this in it, quotes and all.
  const auto isObjectWith = [&](std::string_view word) {
    return head.starts_with('{') && head.find(word) != std::string_view::npos;
  };
  if (isObjectWith("\"fba_objective")) {
    return Error("these are numbers about a network and its flux balance, not the network").next(kModel);
  }
  if (isObjectWith("\"parameters\"") && isObjectWith("\"stellar_flux_W_m2\"")) {
    return Error("this states the planet of a climate, and is read with it")
        .next("import the NetCDF file beside it (MOST.*.nc, climate.nc)");
  }
  if (isObjectWith("\"dimensions\"") && isObjectWith("\"dtype\"")) {
    return Error("this is a summary of another file's variables, without their values").next("import that file");
  }
  if (isNamelist(head)) {
    return Error("these are a climate model's settings (Fortran namelists), not what it computed")
        .next("import its output as CF NetCDF; the planet is stated by planet.json beside it");
  }
  if (const std::string_view kind = sequenceRecord(head); !kind.empty()) {
    return Error("this is a sequence of a gene or a protein (" + std::string(kind) + "), and sequences are not read")
        .next("a metabolism is read as SBML or COBRA JSON: reconstruct one from the genome");
  }
  if (inComment(head, "S_effSun")) {
    return Error(
        "these are coefficients of the habitable zone's limits (S_eff as a polynomial of the star's temperature), not "
        "a catalogue of planets and not a spectrum: nothing in it is of a planet");
  }
  return std::nullopt;
}

}  // namespace ecumene::data::formats
