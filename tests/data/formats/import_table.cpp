// SPDX-License-Identifier: Apache-2.0
#include "import_table.h"

#include <fnmatch.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace ecumene::test {

std::vector<std::string> splitAt(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    const std::size_t first = part.find_first_not_of(' ');
    parts.push_back(first == std::string::npos ? "" : part.substr(first, part.find_last_not_of(' ') - first + 1));
  }
  return parts;
}

std::vector<ImportRow> importTable() {
  std::ifstream file("tests/data/formats/import_table.csv");
  std::vector<ImportRow> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string> cells = splitAt(line + " ", '|');
    if (cells.size() != 6) throw std::runtime_error("bad row: " + line);
    ImportRow row{cells[0], cells[1], cells[2], cells[3], {}, {}};
    for (const std::string& word : splitAt(cells[4], ';')) {
      if (!word.empty()) row.words.push_back(word);
    }
    for (const std::string& count : splitAt(cells[5], ' ')) {
      if (const auto equal = count.find('='); equal != std::string::npos) {
        row.counts[count.substr(0, equal)] = std::stoul(count.substr(equal + 1));
      }
    }
    rows.push_back(row);
  }
  return rows;
}

data::formats::ImportOptions optionsOf(const ImportRow& row) {
  data::formats::ImportOptions options;
  for (const std::string& word : splitAt(row.options, ' ')) {
    if (const auto equal = word.find('='); equal != std::string::npos) {
      options.set[word.substr(0, equal)] = word.substr(equal + 1);
    }
  }
  return options;
}

std::vector<std::string> outsideFiles(const std::filesystem::path& shared) {
  std::vector<std::string> files;
  for (const char* folder : {"climate", "metabolism", "bio", "spectra", "catalogue", "text", "lightcurves"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shared / folder)) {
      if (entry.is_regular_file()) files.push_back(std::filesystem::relative(entry.path(), shared).string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool covers(const ImportRow& row, const std::string& file) {
  return fnmatch(row.path.c_str(), file.c_str(), FNM_PATHNAME) == 0;
}

}  // namespace ecumene::test
