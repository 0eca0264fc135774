// SPDX-License-Identifier: Apache-2.0
#include "engine/train/answers.h"

#include "data/base/error.h"

namespace ecumene::engine::train {

void Answers::give(std::int64_t command, const std::string& state, const std::string& text) {
  waiting_.push_back({command, state, text});
  giveWaiting();
}

void Answers::giveWaiting() {
  while (!waiting_.empty()) {
    const Answer answer = waiting_.front();
    try {
      run_.answer(answer.command, answer.state, answer.text);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kEnvironment) return;
      waiting_.erase(waiting_.begin());
      throw;
    }
    waiting_.erase(waiting_.begin());
  }
}

}  // namespace ecumene::engine::train
