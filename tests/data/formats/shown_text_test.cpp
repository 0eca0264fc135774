// SPDX-License-Identifier: Apache-2.0
// Truth: RFC 3629 (UTF-8) and ECMA-48 (control characters).
#include "data/formats/common/shown_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace {

using ecumene::data::formats::shownText;

TEST(ShownText, WhatATerminalObeysBecomesBlank) {
  EXPECT_EQ(shownText("\x1b[31mred\x1b]0;title\x07\x7f"), " [31mred ]0;title  ");
  EXPECT_EQ(shownText("a\xc2\x9b"
                      "31m\n\tb"),
            "a 31m  b");  // CSI of C1
  EXPECT_EQ(shownText(std::string("a\0b", 3)), "a b");
}

TEST(ShownText, OtherTextStaysAsItIs) {
  for (const std::string text :
       {"", "W m-2", "Gonz\xc3\xa1lez", "\xce\xb2 Pic b", "\xe2\x80\x93", "\xf0\x9f\xaa\x90", "\xc2\xa0"}) {
    EXPECT_EQ(shownText(text), text);
  }
}

TEST(ShownText, BytesThatAreNoUtf8AreMarked) {
  EXPECT_EQ(shownText("Gonz\xe1lez"), "Gonz\xef\xbf\xbdlez");
  EXPECT_EQ(shownText("\xb0"
                      "C"),
            "\xef\xbf\xbd"
            "C");
  // Cut, overlong, a surrogate, beyond Unicode: what comes out is UTF-8 by another judge.
  for (const std::string text :
       {"\xe2\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"}) {
    EXPECT_THROW((void)nlohmann::json(text).dump(), nlohmann::json::exception);
    EXPECT_NO_THROW((void)nlohmann::json(shownText(text)).dump());
    EXPECT_NE(shownText(text).find("\xef\xbf\xbd"), std::string::npos);
  }
}

}  // namespace
