// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/answer_arrays.h"

#include <unistd.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "data/base/files.h"
#include "data/store/hdf5_image.h"

namespace ecumene::engine::inspect {
namespace {

data::store::Array dataset(const std::string& name, const Json& values) {
  const bool numbers =
      std::all_of(values.begin(), values.end(), [](const Json& value) { return value.is_number() || value.is_null(); });
  if (numbers) {
    std::vector<float> plain;
    for (const Json& value : values) {
      plain.push_back(value.is_null() ? std::numeric_limits<float>::quiet_NaN() : value.get<float>());
    }
    return data::store::numberArray(name, {plain.size()}, plain);
  }
  std::string lines;
  for (const Json& value : values) lines += value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return data::store::textArray(name, lines);
}

}  // namespace

AnswerArrays::AnswerArrays(const std::filesystem::path& artifacts, std::size_t mostInline, std::size_t kept)
    : folder_(artifacts / ("inspect-" + std::to_string(::getpid()))), mostInline_(mostInline), kept_(kept) {}

AnswerArrays::~AnswerArrays() {
  std::error_code ignored;
  if (made_ > 0) std::filesystem::remove_all(folder_, ignored);
}

void AnswerArrays::move(Json& answer) {
  std::vector<data::store::Array> arrays;
  for (auto& [name, value] : answer.items()) {
    if (!value.is_array() || value.size() <= mostInline_) continue;
    arrays.push_back(dataset(name, value));
    value = Json{{"dataset", name}, {"values", value.size()}};
  }
  if (arrays.empty()) return;
  const std::vector<data::store::Attribute> root{{"format", std::string("ecumene answer 1")}};
  const data::store::Hdf5Image image = data::store::buildHdf5Image(arrays, root);
  std::filesystem::create_directories(folder_);
  const std::filesystem::path file = folder_ / (std::to_string(++made_) + ".h5");
  writeFileAtomically(file, std::string_view(reinterpret_cast<const char*>(image.bytes.data()), image.bytes.size()));
  files_.push_back(file);
  if (files_.size() > kept_) {
    std::error_code ignored;
    std::filesystem::remove(files_.front(), ignored);
    files_.pop_front();
  }
  answer["file"] = file.string();
}

}  // namespace ecumene::engine::inspect
