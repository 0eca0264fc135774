// SPDX-License-Identifier: Apache-2.0
#include "data/base/say.h"

#include <cstdio>

namespace ecumene {

void say(const std::string& text) {
  (void)std::fputs(text.c_str(), stderr);
  (void)std::fflush(stderr);
}

}  // namespace ecumene
