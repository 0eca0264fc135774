// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/npy_header.h"

#include <cctype>
#include <charconv>
#include <string>

#include "data/base/checked.h"
#include "data/base/error.h"

namespace ecumene::data::formats {
namespace {

/// Reads the dictionary of a header: {'descr': '<f4', 'fortran_order': False, 'shape': (1760, 53), }
class Dictionary {
 public:
  explicit Dictionary(std::string_view text) : text_(text) {}

  void expect(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) throw broken();
    ++at_;
  }
  bool next(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string quoted() {
    blanks();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '\'' && quote != '"') throw broken();
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) throw broken();
    const std::string word(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return word;
  }
  std::string word() {
    blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::isalnum(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  [[nodiscard]] static Error broken() { return Error("the array's header is not NumPy's").next(kDamagedFile); }

 private:
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

std::size_t whole(const std::string& word) {
  std::size_t value = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (problem != std::errc{} || end != word.data() + word.size()) throw Dictionary::broken();
  return value;
}

void takeType(const std::string& descr, NpyHeader& header) {
  if (descr.find('O') != std::string::npos) {
    throw Error("the array holds Python objects, which are never unpickled")
        .found(descr)
        .next("save it again as numbers: numpy.savez without objects");
  }
  const bool ordered = descr.size() > 2 && (descr[0] == '<' || descr[0] == '|');
  if (!ordered || std::string_view("fiubUS").find(descr[1]) == std::string_view::npos) {
    throw Error("the array's type is not one that is read").expected("little-endian numbers or texts").found(descr);
  }
  header.kind = descr[1];
  header.itemBytes = whole(descr.substr(2));
  if (header.kind == 'U') header.itemBytes = checkedMultiply(header.itemBytes, 4, "array");
  const bool fits =
      header.kind == 'U' || header.kind == 'S'
          ? header.itemBytes > 0 && header.itemBytes <= kLongestHeader
          : header.itemBytes == 1 || header.itemBytes == 2 || header.itemBytes == 4 || header.itemBytes == 8;
  if (!fits || (header.kind == 'f' && header.itemBytes < 4)) {
    throw Error("the array's type is not one that is read")
        .expected("numbers of 1 to 8 bytes, floats of 4 or 8")
        .found(descr);
  }
}

}  // namespace

std::size_t NpyHeader::count() const {
  std::size_t product = 1;
  for (const std::size_t n : shape) product = checkedMultiply(product, n, "array");
  return product;
}

NpyHeader parseNpyHeader(std::span<const std::byte> bytes, std::size_t& headerBytes) {
  constexpr std::string_view kMagic("\x93NUMPY", 6);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.size() < 12 || !text.starts_with(kMagic)) throw Dictionary::broken();
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(text[i])); };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3) throw Dictionary::broken();
  const std::size_t begin = version == 1 ? 10 : 12;
  std::size_t length = byte(8) | byte(9) << 8U;
  if (version > 1) length |= byte(10) << 16U | byte(11) << 24U;
  if (length > kLongestHeader || begin + length > text.size()) throw Dictionary::broken();
  headerBytes = begin + length;
  Dictionary read(text.substr(begin, length));
  NpyHeader header;
  bool shaped = false;
  read.expect('{');
  while (!read.next('}')) {
    const std::string key = read.quoted();
    read.expect(':');
    if (key == "descr") {
      if (read.next('[')) throw Error("the array's items are records, which are not read");
      takeType(read.quoted(), header);
    } else if (key == "fortran_order") {
      if (read.word() != "False")
        throw Error("the array is in Fortran order").next("save it in C order: numpy.ascontiguousarray");
    } else if (key == "shape") {
      shaped = true;
      read.expect('(');
      while (!read.next(')')) {
        header.shape.push_back(whole(read.word()));
        if (!read.next(',')) {
          read.expect(')');
          break;
        }
      }
    } else {
      throw Dictionary::broken();
    }
    if (!read.next(',')) {
      read.expect('}');
      break;
    }
  }
  if (header.kind == 0 || !shaped) throw Dictionary::broken();
  return header;
}

}  // namespace ecumene::data::formats
