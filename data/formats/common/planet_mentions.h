// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ecumene::data::formats {

/// Planets that a text of English prose names by a numbered catalogue (designation.h), as their catalogue writes them,
/// each once, in the order of the text. Any spelling, LaTeX's blanks ("GJ~876~b", "TRAPPIST-1\,e") and lists
/// ("TRAPPIST-1 b, c, and d"). In prose a capital after the number is a star ("HD 142527 B"), and stars alone are not
/// given.
std::vector<std::string> planetsNamedIn(std::string_view text);

}  // namespace ecumene::data::formats
