// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ecumene::data::formats {

/// An SBML identifier as COBRApy prints it: "__45__" becomes the character 45, then the prefix ("M_", "R_", "G_") goes;
/// in genes "__SBML_DOT__" becomes ".".
std::string sbmlId(std::string_view id, std::string_view prefix);

/// Whether a text can hold this character: neither a control character nor what Unicode keeps free.
bool isCharacter(unsigned code);
/// The character in UTF-8.
void appendUtf8(std::string& text, unsigned code);

}  // namespace ecumene::data::formats
