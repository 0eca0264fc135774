// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {

/// What the cells of a FITS table's column are. Bits, complex numbers, lists of words and images in cells are kOther.
enum class FitsCells { kNumbers, kFlags, kWords, kOther };

struct FitsColumn {
  TableColumn header;  ///< TTYPEn and TUNITn
  FitsCells cells = FitsCells::kOther;
  std::size_t length = 1;  ///< elements of a cell (characters of a word)
  bool variable = false;   ///< each cell has a length of its own, in the heap
};

/// One header and data unit.
struct FitsUnit {
  int number = 0;    ///< from 0, the primary one
  std::string name;  ///< EXTNAME; "" if it has none
  bool isTable = false;
  std::size_t rows = 0;
  std::vector<FitsColumn> columns;
};

/// The tables of a FITS file, without CFITSIO's types. The file is taken from memory: CFITSIO's file names, which may
/// hold filters, addresses and commands, are not in play. Every failure is an Error that names unit and column.
class FitsFile {
 public:
  /// Takes the bytes, gzip or plain.
  explicit FitsFile(std::string bytes);
  ~FitsFile();
  FitsFile(const FitsFile&) = delete;
  FitsFile& operator=(const FitsFile&) = delete;

  [[nodiscard]] const std::vector<FitsUnit>& units() const { return units_; }
  /// A keyword's value as text, of printable characters only; none if the unit has it not.
  [[nodiscard]] std::optional<std::string> keyword(const FitsUnit& unit, const std::string& key) const;
  /// Elements of one cell of numbers or flags (0 or 1), scaled by TSCALn and TZEROn; what is undefined (TNULLn) is nan.
  [[nodiscard]] std::vector<double> cell(const FitsUnit& unit, std::size_t column, std::size_t row) const;
  /// A whole column of one number or flag in each cell, as `cell` gives them.
  [[nodiscard]] std::vector<double> numbers(const FitsUnit& unit, std::size_t column) const;
  /// A whole column of words, without blanks at their ends.
  [[nodiscard]] std::vector<std::string> words(const FitsUnit& unit, std::size_t column) const;

 private:
  struct Library;
  void readUnit(int number);
  void moveTo(const FitsUnit& unit) const;
  [[nodiscard]] std::vector<double> elements(const FitsUnit& unit, std::size_t column, std::size_t firstRow,
                                             std::size_t count) const;

  std::string bytes_;
  std::unique_ptr<Library> library_;
  std::vector<FitsUnit> units_;
};

/// Whether the bytes begin a FITS file, plain or gzip.
bool looksLikeFits(std::string_view head);

}  // namespace ecumene::data::formats
