// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/fits_file.h"

#include <fitsio.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "data/base/checked.h"
#include "data/base/error.h"
#include "data/formats/common/inflate.h"
#include "data/formats/spectra/spectrum_reading.h"

namespace ecumene::data::formats {
namespace {

constexpr std::string_view kSignature = "SIMPLE  =";
constexpr int kMostUnits = 1000;
constexpr int kMostColumns = 999;  // of the standard

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= ' ' && c <= '~') out += c;
  }
  return trim(out);
}

void check(int status, const std::string& what, const std::string& place) {
  if (status == 0) return;
  std::array<char, FLEN_STATUS> reason{};
  fits_get_errstatus(status, reason.data());
  fits_clear_errmsg();
  throw Error(what)
      .on(place)
      .found("CFITSIO says: " + printable(reason.data()))
      .next("the file is damaged or cut short: fetch it again from its source");
}

std::string placeOf(const FitsUnit& unit) {
  return "HDU " + std::to_string(unit.number) + (unit.name.empty() ? "" : " (" + unit.name + ")");
}

std::string placeOf(const FitsUnit& unit, std::size_t column) {
  const std::string& name = unit.columns[column].header.name;
  return placeOf(unit) + ", column " + std::to_string(column + 1) + (name.empty() ? "" : " (" + name + ")");
}

FitsCells cellsOf(int type, bool image) {
  if (image) return FitsCells::kOther;
  switch (std::abs(type)) {
    case TSTRING:
      return type > 0 ? FitsCells::kWords : FitsCells::kOther;
    case TLOGICAL:
      return FitsCells::kFlags;
    case TBYTE:
    case TSBYTE:
    case TSHORT:
    case TUSHORT:
    case TINT:
    case TUINT:
    case TLONG:
    case TULONG:
    case TLONGLONG:
    case TULONGLONG:
    case TFLOAT:
    case TDOUBLE:
      return FitsCells::kNumbers;
    default:
      return FitsCells::kOther;
  }
}

}  // namespace

struct FitsFile::Library {
  fitsfile* file = nullptr;
  void* memory = nullptr;
  std::size_t size = 0;

  ~Library() {
    int status = 0;
    if (file != nullptr) fits_close_file(file, &status);
  }
};

FitsFile::FitsFile(std::string bytes) : bytes_(std::move(bytes)), library_(std::make_unique<Library>()) {
  if (isGzip(bytes_)) bytes_ = inflateGzip(bytes_, kLargestSpectrumFile, true);
  if (!bytes_.starts_with(kSignature)) throw Error("this is no FITS file").expected("'SIMPLE  =' at its beginning");
  library_->memory = bytes_.data();
  library_->size = bytes_.size();
  int status = 0;
  // The name is ours, so that nothing of the file's own name is interpreted.
  fits_open_memfile(&library_->file, "memory", READONLY, &library_->memory, &library_->size, 0, nullptr, &status);
  check(status, "cannot open the file as FITS", "HDU 0");
  int count = 0;
  fits_get_num_hdus(library_->file, &count, &status);
  check(status, "cannot count the units of the file", "HDU 0");
  if (count > kMostUnits) throw Error("the file has too many units").found(std::to_string(count));
  for (int number = 0; number < count; ++number) readUnit(number);
}

FitsFile::~FitsFile() = default;

void FitsFile::readUnit(int number) {
  FitsUnit unit;
  unit.number = number;
  int status = 0;
  int type = 0;
  fits_movabs_hdu(library_->file, number + 1, &type, &status);
  check(status, "cannot read the header", placeOf(unit));
  unit.isTable = type == ASCII_TBL || type == BINARY_TBL;
  units_.push_back(unit);
  units_.back().name = keyword(unit, "EXTNAME").value_or("");
  FitsUnit& own = units_.back();
  if (!own.isTable) return;
  LONGLONG rows = 0;
  LONGLONG width = 0;
  int columns = 0;
  fits_get_num_rowsll(library_->file, &rows, &status);
  fits_get_num_cols(library_->file, &columns, &status);
  fits_read_key(library_->file, TLONGLONG, "NAXIS1", &width, nullptr, &status);
  check(status, "cannot read the shape of the table", placeOf(own));
  own.rows = checkedCast<std::size_t>(rows, placeOf(own));
  const std::size_t size = checkedMultiply(own.rows, checkedCast<std::size_t>(width, placeOf(own)), placeOf(own));
  if (size > bytes_.size() || (width == 0 && own.rows > 0) || columns < 0 || columns > kMostColumns) {
    throw Error("the table is larger than its file")
        .on(placeOf(own))
        .found(std::to_string(own.rows) + " rows of " + std::to_string(width) + " bytes")
        .next("the file is damaged or cut short: fetch it again from its source");
  }
  LONGLONG data = 0;
  fits_get_hduaddrll(library_->file, nullptr, &data, nullptr, &status);
  check(status, "cannot find the table's bytes", placeOf(own));
  const std::size_t end = checkedCast<std::size_t>(data, placeOf(own)) + size;  // both below 2^63
  if (end > bytes_.size()) {
    throw Error("the file ends before the table does")
        .on(placeOf(own))
        .expected("at least " + std::to_string(end) + " bytes")
        .found(std::to_string(bytes_.size()))
        .next("the file is cut short: fetch it again from its source");
  }
  for (int c = 1; c <= columns; ++c) {
    FitsColumn column;
    column.header.name = keyword(own, "TTYPE" + std::to_string(c)).value_or("");
    column.header.unit = keyword(own, "TUNIT" + std::to_string(c));
    if (column.header.unit && column.header.unit->empty()) column.header.unit.reset();
    const std::string place = placeOf(own) + ", column " + std::to_string(c);
    int cellType = 0;
    LONGLONG repeat = 0;
    LONGLONG bytes = 0;
    int axes = 0;
    std::array<LONGLONG, 8> shape{};
    fits_get_coltypell(library_->file, c, &cellType, &repeat, &bytes, &status);
    if (type == BINARY_TBL) {
      fits_read_tdimll(library_->file, c, static_cast<int>(shape.size()), &axes, shape.data(), &status);
    }
    check(status, "cannot read the column's type", place);
    column.variable = cellType < 0;
    column.cells = cellsOf(cellType, axes > 1);
    // Of words both count characters, the one or the other of all words or of one.
    column.length =
        checkedCast<std::size_t>(column.cells == FitsCells::kWords ? std::max(repeat, bytes) : repeat, place);
    if (repeat == 0) column.cells = FitsCells::kOther;
    if (!column.variable && column.length > bytes_.size()) throw Error("the column is larger than its file").on(place);
    own.columns.push_back(std::move(column));
  }
}

void FitsFile::moveTo(const FitsUnit& unit) const {
  int status = 0;
  fits_movabs_hdu(library_->file, unit.number + 1, nullptr, &status);
  check(status, "cannot read the header", placeOf(unit));
}

std::optional<std::string> FitsFile::keyword(const FitsUnit& unit, const std::string& key) const {
  moveTo(unit);
  std::array<char, FLEN_VALUE> value{};
  int status = 0;
  fits_read_key(library_->file, TSTRING, key.c_str(), value.data(), nullptr, &status);
  if (status == KEY_NO_EXIST || status == VALUE_UNDEFINED) {
    fits_clear_errmsg();
    return std::nullopt;
  }
  check(status, "cannot read the keyword " + key, placeOf(unit));
  return printable(value.data());
}

std::vector<double> FitsFile::elements(const FitsUnit& unit, std::size_t column, std::size_t firstRow,
                                       std::size_t count) const {
  const std::string place = placeOf(unit, column);
  if (count > bytes_.size()) throw Error("the column is larger than its file").on(place);
  moveTo(unit);
  std::vector<double> values(count);
  if (count == 0) return values;
  const int number = static_cast<int>(column) + 1;
  const auto row = static_cast<LONGLONG>(firstRow) + 1;
  int status = 0;
  int undefined = 0;
  if (unit.columns[column].cells == FitsCells::kFlags) {
    std::vector<char> flags(count);
    std::vector<char> missing(count);
    fits_read_colnull(library_->file, TLOGICAL, number, row, 1, static_cast<LONGLONG>(count), flags.data(),
                      missing.data(), &undefined, &status);
    check(status, "cannot read the values", place);
    for (std::size_t i = 0; i < count; ++i) values[i] = missing[i] != 0 ? std::nan("") : static_cast<double>(flags[i]);
    return values;
  }
  double none = std::nan("");
  fits_read_col(library_->file, TDOUBLE, number, row, 1, static_cast<LONGLONG>(count), &none, values.data(), &undefined,
                &status);
  check(status, "cannot read the values", place);
  return values;
}

std::vector<double> FitsFile::cell(const FitsUnit& unit, std::size_t column, std::size_t row) const {
  const FitsColumn& own = unit.columns[column];
  const std::string place = placeOf(unit, column);
  if (row >= unit.rows) throw Error("the table has no such row").on(place).found(std::to_string(row + 1));
  std::size_t count = own.length;
  if (own.variable) {
    moveTo(unit);
    LONGLONG length = 0;
    LONGLONG offset = 0;
    int status = 0;
    fits_read_descriptll(library_->file, static_cast<int>(column) + 1, static_cast<LONGLONG>(row) + 1, &length, &offset,
                         &status);
    check(status, "cannot read where the cell is", place);
    count = checkedCast<std::size_t>(length, place);
  }
  return elements(unit, column, row, count);
}

std::vector<double> FitsFile::numbers(const FitsUnit& unit, std::size_t column) const {
  if (unit.columns[column].length != 1 || unit.columns[column].variable) {
    throw internalError("a column of lists is read cell by cell");
  }
  return elements(unit, column, 0, unit.rows);
}

std::vector<std::string> FitsFile::words(const FitsUnit& unit, std::size_t column) const {
  const std::string place = placeOf(unit, column);
  moveTo(unit);
  const std::size_t width = unit.columns[column].length + 1;
  if (width > bytes_.size()) throw Error("the column is larger than its file").on(place);
  std::vector<std::string> out;
  std::vector<char> text(width);
  for (std::size_t row = 0; row < unit.rows; ++row) {
    char* into = text.data();
    char none[] = "";
    int undefined = 0;
    int status = 0;
    fits_read_col(library_->file, TSTRING, static_cast<int>(column) + 1, static_cast<LONGLONG>(row) + 1, 1, 1, none,
                  &into, &undefined, &status);
    check(status, "cannot read the words", place);
    out.push_back(printable(text.data()));
  }
  return out;
}

bool looksLikeFits(std::string_view head) {
  if (!isGzip(head)) return head.starts_with(kSignature);
  return inflateGzip(head, kSignature.size(), false).starts_with(kSignature);
}

}  // namespace ecumene::data::formats
